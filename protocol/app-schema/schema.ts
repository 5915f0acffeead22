/** A JSON type with its bounds: as much of RAML as Marathon's own types use. */
export type Schema =
  | {
      readonly kind: 'string';
      readonly minLength?: number;
      readonly maxLength?: number;
      readonly pattern?: RegExp;
      readonly oneOf?: readonly string[];
    }
  | {
      readonly kind: 'number';
      readonly minimum?: number;
      readonly maximum?: number;
      /** int32 unless told otherwise: larger is a wrong type, not a wrong value. */
      readonly integer?: 'int32' | 'int64';
    }
  | { readonly kind: 'boolean' }
  | { readonly kind: 'timestamp' }
  | {
      readonly kind: 'array';
      readonly items: Schema;
      readonly minItems?: number;
      readonly maxItems?: number;
      readonly unique?: boolean;
    }
  /** Any keys. */
  | { readonly kind: 'map'; readonly values: Schema }
  | { readonly kind: 'object'; readonly fields: Fields }
  | { readonly kind: 'union'; readonly of: readonly Schema[] }
  /** Taken as it is. */
  | { readonly kind: 'any' };

export interface Field {
  readonly schema: Schema;
  readonly required?: boolean;
  /** Given when the field is missing. */
  readonly byDefault?: unknown;
}

export type Fields = Readonly<Record<string, Field>>;

export const string = (bounds: Omit<Extract<Schema, { kind: 'string' }>, 'kind'> = {}): Schema => ({
  kind: 'string',
  ...bounds,
});
export const oneOf = (...names: readonly string[]): Schema => ({ kind: 'string', oneOf: names });
export const number = (minimum?: number, maximum?: number): Schema => ({
  kind: 'number',
  ...(minimum === undefined ? {} : { minimum }),
  ...(maximum === undefined ? {} : { maximum }),
});
export const int32 = (minimum?: number, maximum?: number): Schema => ({
  kind: 'number',
  integer: 'int32',
  ...(minimum === undefined ? {} : { minimum }),
  ...(maximum === undefined ? {} : { maximum }),
});
export const int64 = (minimum: number): Schema => ({ kind: 'number', integer: 'int64', minimum });
export const boolean: Schema = { kind: 'boolean' };
export const timestamp: Schema = { kind: 'timestamp' };
export const any: Schema = { kind: 'any' };
export const arrayOf = (
  items: Schema,
  bounds: Omit<Extract<Schema, { kind: 'array' }>, 'kind' | 'items'> = {},
): Schema => ({ kind: 'array', items, ...bounds });
export const mapOf = (values: Schema): Schema => ({ kind: 'map', values });
export const object = (fields: Fields): Schema => ({ kind: 'object', fields });
export const union = (...of: readonly Schema[]): Schema => ({ kind: 'union', of });

export const required = (schema: Schema): Field => ({ schema, required: true });
export const optional = (schema: Schema): Field => ({ schema });
export const withDefault = (schema: Schema, byDefault: unknown): Field => ({ schema, byDefault });
