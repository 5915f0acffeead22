import type { LabPart } from '../../cluster-runtime.ts';

/**
 * The pull-through cache ends when its upstream does not answer at its start (distribution/distribution#4038), and is
 * started again until it does. Without a network a lab has no use for it, and runs without it.
 */
export const optionalRole = 'registry-cache';

/** Whether a part is one that a lab does without and that the Engine starts again: in between it runs for a moment. */
export const isDoneWithout = ({ role, state }: Pick<LabPart, 'role' | 'state'>): boolean =>
  role === optionalRole && (state === 'restarting' || state === 'running');
