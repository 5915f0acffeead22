import type { Cluster } from '../checks/cluster-target.ts';
import type { DrillName } from '../planning/catalogue/drill-names.ts';
import type { StrategyName } from '../planning/catalogue/strategy-names.ts';
import type { Plan } from '../planning/plan/plan.ts';
import type { Clock } from '../platform/clock.ts';
import type { Baseline } from './progress/progress.ts';

/** What can be done to parts of a lab: the words of the runtime port. */
export type PartWord = 'stop' | 'kill' | 'pause' | 'partition' | 'heal' | 'start';

/** A part of a lab, as its runtime shows it. */
export interface PartSeen {
  readonly id: string;
  readonly state: string;
}

/** What a lab of one's own has, and a cluster of other people has not. */
export interface OwnLab {
  readonly parts: (signal: AbortSignal) => Promise<readonly PartSeen[]>;
  /** Without names: all that it makes sense for. */
  readonly control: (action: PartWord, names: readonly string[], signal: AbortSignal) => Promise<void>;
  /** Runs a drill, and heals what it broke. @throws StepFailure when that does not end well */
  readonly drill: (name: DrillName, signal: AbortSignal) => Promise<void>;
}

/** A new version of an app, and how it comes in: flags of `deploy`. */
export interface NewVersion {
  /** As a message calls it, and what is in it. */
  readonly file: string;
  readonly text: string;
  readonly strategy: StrategyName;
  readonly share?: string;
  readonly watchForSeconds?: number;
}

/** What steps of lessons look at, and what they act on. */
export interface LessonWorld {
  readonly cluster: Cluster;
  readonly plan: Plan;
  /** Missing: the cluster is somebody else's. */
  readonly own?: OwnLab;
  /** Values of a setting, as `explain` has them. @throws UserError for a name that is not known */
  readonly explain: (setting: string) => Promise<readonly string[]>;
  /** Files of the lesson. */
  readonly files: (path: string) => string | undefined;
  /**
   * Brings in a new version of an app, and waits until it is there, or the one before has all requests again.
   * @returns what became of it, and whether it went back
   */
  readonly bringIn: (
    version: NewVersion,
    signal: AbortSignal,
  ) => Promise<{ readonly wentBack: boolean; readonly seen: string }>;
  /** Runs a program with Node.js. @returns what it wrote in the end, if it failed */
  readonly runProgram: (
    program: { readonly path: string; readonly text: string },
    variables: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ) => Promise<string | undefined>;
  /** What was so when the lesson was started; missing: it is being started. */
  readonly baseline?: Baseline;
  /** The last answer that was given to a question. */
  readonly given?: string;
  readonly clock: Clock;
  readonly times: {
    /** How long a step that waits may take. */
    readonly waitMs: number;
    readonly intervalMs: number;
  };
}

/** What a step of a lesson cannot do, in words for the learner; waiting does not help. */
export class StepFailure extends Error {
  override readonly name = 'StepFailure';
}

/** What is in a file of the lesson. @throws StepFailure when it has no such file */
export function fileOf({ files }: Pick<LessonWorld, 'files'>, path: string): string {
  const text = files(path);
  if (text === undefined) throw new StepFailure(`The lesson has no file ${path}`);
  return text;
}
