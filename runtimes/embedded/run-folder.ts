import { stateFolder } from '../../lab/lab-layout.ts';
import type { Plan } from '../../planning/plan/plan.ts';
import type { EmbeddedCluster } from './embedded-cluster.ts';

/** Everything that a running lab keeps, in one folder of the lab: gone with it after `down`. */
export interface RunFolder {
  readonly path: string;
  /** The process that runs the lab: RunRecord. */
  readonly record: string;
  /** What it is to run: EmbeddedCluster. */
  readonly cluster: string;
  /** What the process says before it has logs of its own, and when it dies. */
  readonly processLog: string;
  readonly logs: string;
  /** What the parts are in: PartsRecord. */
  readonly parts: string;
  /** What a command asks for: ControlRequest. */
  readonly request: string;
  /** Work folder of an agent: sandboxes, and which processes are its tasks'. */
  readonly work: (agentId: string) => string;
  readonly workFolder: string;
  /** What the Marathons remember. */
  readonly store: string;
  /** What the Chronoses remember. */
  readonly chronosStore: string;
  /** What operators told the masters. */
  readonly registry: string;
  /** Where its page is, with the token that changes need: for its owner alone. */
  readonly page: string;
  readonly logOf: (componentId: string) => string;
}

/** @param directory of the lab, absolute */
export function runFolder(directory: string): RunFolder {
  const path = `${directory}/${stateFolder}/run`;
  return {
    path,
    record: `${path}/daemon.json`,
    cluster: `${path}/cluster.json`,
    processLog: `${path}/daemon.log`,
    logs: `${path}/logs`,
    parts: `${path}/parts.json`,
    request: `${path}/request.json`,
    work: (agentId) => `${path}/work/${agentId}`,
    workFolder: `${path}/work`,
    store: `${path}/marathon.json`,
    chronosStore: `${path}/chronos.json`,
    registry: `${path}/registry.json`,
    page: `${path}/page.url`,
    logOf: (componentId) => `${path}/logs/${componentId}.log`,
  };
}

/** What the process of a lab is to run; the command that starts it has written it into the run folder. */
export interface RunRequest {
  readonly plan: Plan;
  readonly cluster: EmbeddedCluster;
  /** As in RunRecord. */
  readonly asked: string;
  readonly settings: readonly unknown[];
}

/** Whether a parsed file is one. */
export function isRunRequest(value: unknown): value is RunRequest {
  return typeof value === 'object' && value !== null && 'plan' in value && 'cluster' in value;
}
