import type { Plan } from '../planning/plan/plan.ts';
import type { RuntimeName } from './runtime-names.ts';

/** A lab that a runtime has, whatever the folder. */
export interface ListedLab {
  readonly name: string;
  readonly runtime: RuntimeName;
  /** `running`, `stopped`, `3 of 11 run`. */
  readonly state: string;
  /** Absolute. */
  readonly directory: string;
  /** Its folder is not there any more: `down NAME` ends it. */
  readonly folderIsGone: boolean;
  readonly processId?: number;
  readonly urls: readonly string[];
}

/** What was removed, and what of the lab is left on purpose: sentences. */
export interface Removal {
  readonly removed: string;
  readonly kept: readonly string[];
}

/** The labs that a runtime has on this machine, or that were started from it. */
export interface LabsFacet {
  /** All of them; what keeps them from being known is said, and is no error. No other machine is asked. */
  readonly list: (warn: (text: string) => void, signal: AbortSignal) => Promise<readonly ListedLab[]>;
  /** The folders of those of a name; missing: they are ended in their folders alone. */
  readonly named?: (name: string) => Promise<readonly string[]>;
  /** Ends a lab by its name, also when its folder is gone; undefined if there was none. Missing: it takes the folder. */
  readonly removeNamed?: (name: string) => Promise<Removal | undefined>;
  /** What was started of a lab on machines, by the record of that alone: no machine is asked. */
  readonly recorded?: (directory: string) => Plan | undefined;
}
