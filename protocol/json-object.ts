import type { Json } from './mesos.ts';

export type JsonObject = Readonly<Record<string, Json>>;

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Empty when there is no object: its fields are then all missing. */
export const objectOf = (value: Json | undefined): JsonObject => (isJsonObject(value) ? value : {});
