import type { PlannedPort } from '../plan/plan.ts';

/** A port, or the range that starts at `first`, as long as the port's own: `10000-10020`. */
export function portRange({ target, targetEnd }: PlannedPort, first: number): string {
  return targetEnd === undefined ? String(first) : `${first}-${first + targetEnd - target}`;
}
