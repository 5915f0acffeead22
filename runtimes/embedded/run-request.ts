import type { Plan } from '../../planning/plan/plan.ts';
import type { EmbeddedCluster } from './embedded-cluster.ts';

/** What the process of a lab is to run; the command that starts it has written it into the run folder. */
export interface RunRequest {
  readonly plan: Plan;
  readonly cluster: EmbeddedCluster;
  /** As in RunRecord. */
  readonly asked: string;
}

/** Whether a parsed file is one. */
export function isRunRequest(value: unknown): value is RunRequest {
  return typeof value === 'object' && value !== null && 'plan' in value && 'cluster' in value;
}
