import type { Known } from '../connection.ts';

/** Whether the lab has an add-on: what it tells is asked only then. */
export const hasAddon = ({ picture }: Known, role: 'metrics' | 'autoscaler' | 'registry'): boolean =>
  [...picture.components.values()].some((component) => component.role === role);
