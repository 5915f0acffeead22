import { isUserError } from '../errors/user-error.ts';
import type { ErrorCode } from '../errors/catalogue.ts';
import type { ImageSetName } from '../planning/catalogue/roles.ts';
import type { Plan } from '../planning/plan/plan.ts';

/** One thing that a lab needs, and whether this machine, or one of the lab's, has it. */
export interface Finding {
  /** The machine of the lab that it is about; this one without it. */
  readonly node?: string;
  readonly need: string;
  readonly ok: boolean;
  /** It is as it should not be, and a lab may run all the same. */
  readonly isWarning?: true;
  /** The version, or what is wrong. */
  readonly found: string;
  readonly fix?: string;
}

/** Why `up` does not start a lab, or what it warns of: what was found, and how grave it is. */
export interface Refusal {
  readonly code: ErrorCode;
  readonly message: string;
  readonly found: string;
  readonly fix: string;
  /** It may run all the same: said, and not refused. */
  readonly isWarning: boolean;
}

/** Whether labs with an image set can run. */
export interface SetVerdict {
  readonly set: ImageSetName;
  readonly title: string;
  readonly can: boolean;
  /** Why not; and where it can, what may go wrong. */
  readonly refusals: readonly Refusal[];
}

/** What is asked of a runtime's doctor. */
export interface DoctorQuestion {
  /** The lab that is asked about; without one it is about this machine. */
  readonly lab:
    | {
        readonly plan: Plan;
        /** Absolute. */
        readonly directory: string;
        /** That it runs, if it does: then its ports are its own. */
        readonly running: Finding | undefined;
      }
    | undefined;
  /** The lab, or a small one, with each image set. */
  readonly sets: () => readonly { readonly set: ImageSetName; readonly title: string; readonly plan: Plan }[];
  /** Says what takes long. */
  readonly note: (text: string) => void;
  readonly signal: AbortSignal;
}

/** What a runtime's doctor says. */
export interface Diagnosis {
  /** What it runs: `labs on one Docker Engine`. */
  readonly title: string;
  readonly findings: readonly Finding[];
  /** Which image sets can be used, where that depends on the machine. */
  readonly sets?: readonly SetVerdict[];
}

/** Whether nothing that was found keeps a lab from running. */
export const allFine = (findings: readonly Finding[]): boolean =>
  findings.every(({ ok, isWarning }) => ok || isWarning === true);

/** What is needed of this machine for one lab alone. */
export const portsNeed = 'Ports';

/**
 * Whether ports of this machine are free.
 * @param free the words for it
 * @param check throws a UserError with those that are not
 */
export async function portFindings(free: string, check: () => Promise<void>): Promise<readonly Finding[]> {
  try {
    await check();
    return [{ need: portsNeed, ok: true, found: free }];
  } catch (error) {
    if (!isUserError(error)) throw error;
    return error.problems.map(({ message, found = '', fix = '' }) => ({
      need: portsNeed,
      ok: false,
      found: `${message}${found === '' ? '' : `; by ${found}`}`,
      fix,
    }));
  }
}
