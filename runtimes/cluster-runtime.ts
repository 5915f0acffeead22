import type { ClusterTarget } from '../checks/cluster-target.ts';
import { textFingerprint } from '../lab/fingerprint.ts';
import type { Plan } from '../spec/plan.ts';
import type { RuntimeName } from './runtime-names.ts';

/** A lab, as a runtime knows it. */
export interface Lab {
  /** Absolute. */
  readonly directory: string;
}

/** Where the parts of a running cluster are reached from this machine. */
export interface RunningLab {
  /** What runs, even if the spec was changed since; its URLs are those that answer. */
  readonly plan: Plan;
  /** The same, for the checks. */
  readonly target: ClusterTarget;
  /** Process that runs it, where there is one. */
  readonly processId?: number;
  /** Milliseconds since 1970. */
  readonly startedAt?: number;
  /** Fingerprint of what was asked for when it was started: of the plan and the port offset. */
  readonly asked?: string;
}

/** What a runtime has of a lab. */
export type FoundLab =
  | { readonly kind: 'nothing' }
  /** Something that was killed left folders or processes behind. */
  | { readonly kind: 'remains' }
  | { readonly kind: 'running'; readonly lab: RunningLab };

/** A lab that was started by this process, which still has to decide whether it stays. */
export interface StartedLab extends RunningLab {
  /** Lets it run on after this process. Until then it ends with this process, however that ends. */
  readonly keep: () => Promise<void>;
  /** Ends it, and leaves nothing of it. */
  readonly abandon: () => Promise<void>;
}

/** What is asked of a start beyond the lab itself. */
export interface StartOptions {
  /** With the URLs that are wanted. */
  readonly plan: Plan;
  /** Added to every port that the plan publishes. */
  readonly portOffset: number;
  readonly signal: AbortSignal;
}

/** A way to run a lab on this machine. */
export interface ClusterRuntime {
  readonly name: RuntimeName;
  /** Says why it cannot run a lab on this machine now; undefined when it can. Starts nothing, answers within seconds. */
  readonly unavailable: (signal: AbortSignal) => Promise<string | undefined>;
  /** Says what it has of a lab. Changes nothing. */
  readonly find: (lab: Lab) => FoundLab;
  /**
   * Starts the lab and returns as soon as everything was started; whether it is ready is for checks/ to find out.
   * Call it when nothing of the lab is left (stop). What fails leaves nothing behind.
   */
  readonly start: (lab: Lab, options: StartOptions) => Promise<StartedLab>;
  /** Ends everything that belongs to the lab, processes, ports and folders, and nothing else; false if there was nothing. */
  readonly stop: (lab: Lab) => Promise<boolean>;
  /** The last lines that a component logged, oldest first; undefined when there is no such component. */
  readonly logs: (lab: Lab, componentId: string) => ComponentLog | undefined;
}

/** What a lab was asked to be, to be compared. */
export function askedFor({ plan, portOffset }: Pick<StartOptions, 'plan' | 'portOffset'>): string {
  return textFingerprint(JSON.stringify([plan, portOffset]));
}

/** A component's log, which grows. */
export interface ComponentLog {
  /** All text from an offset on; a log that was turned over starts at 0 again. Undefined when the lab is gone. */
  readonly readFrom: (offset: number) => { readonly text: string; readonly next: number } | undefined;
}

/** Which runtime was chosen, and why not those before it. */
export interface RuntimeChoice<Candidate> {
  readonly chosen: Candidate;
  readonly reason: string;
}

/** What is asked before a choice. */
export type RuntimeCandidate = Pick<ClusterRuntime, 'name' | 'unavailable'>;

/** None of the runtimes can run the lab: each with its reason. */
export interface NoRuntime {
  readonly reasons: readonly { readonly name: RuntimeName; readonly reason: string }[];
}

/**
 * Tries runtimes in their order and takes the first that this machine can run.
 * @param wanted the one that `--runtime` names: then only that one is asked
 */
export async function chooseRuntime<Candidate extends RuntimeCandidate>(
  candidates: readonly Candidate[],
  wanted: RuntimeName | undefined,
  signal: AbortSignal,
): Promise<RuntimeChoice<Candidate> | NoRuntime> {
  const reasons: { name: RuntimeName; reason: string }[] = [];
  for (const candidate of candidates.filter(({ name }) => wanted === undefined || name === wanted)) {
    const reason = await candidate.unavailable(signal);
    if (reason !== undefined) {
      reasons.push({ name: candidate.name, reason });
      continue;
    }
    const before = reasons.map((each) => `not ${each.name}: ${each.reason}`).join('; ');
    const asked = wanted === undefined ? `${candidate.name} answers` : '--runtime says so';
    return { chosen: candidate, reason: before === '' ? asked : before };
  }
  return { reasons };
}
