import type { AppRow } from '../../picture/tables.ts';

/** How an app is, in one word. */
export type AppState = 'deploying' | 'waiting' | 'delayed' | 'unhealthy' | 'suspended' | 'running';

/** From what wants to be looked at first. */
export const appStates: readonly AppState[] = ['unhealthy', 'delayed', 'waiting', 'deploying', 'running', 'suspended'];

/** What waits for offers, or for the end of a delay, is that first: also while it is deployed. */
export function stateOf(row: AppRow): AppState {
  const { deployments, isSuspended, running, instances, unhealthy, waiting } = row;
  if (waiting !== undefined) return waiting.until === undefined ? 'waiting' : 'delayed';
  if (deployments.length > 0) return 'deploying';
  if (isSuspended) return 'suspended';
  if (unhealthy > 0) return 'unhealthy';
  return running < instances ? 'waiting' : 'running';
}
