import type { Registry } from '../registry/registry.ts';

/** A role with twice the weight may have twice as much. */
export const weightOf = ({ weights }: Registry, role: string): number =>
  (Object.hasOwn(weights, role) ? weights[role] : undefined) ?? 1;
