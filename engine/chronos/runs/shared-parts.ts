import type { SchedulerCall } from '../../framework/scheduler-api/scheduler-call.ts';
import type { StateStore } from '../../framework/storage/state-store.ts';
import type { ChronosSettings } from '../chronos-options.ts';
import type { JobBook } from '../jobs/job-book.ts';
import type { History } from './history.ts';
import type { Runs } from './runs.ts';

/** What the parts of a leading Chronos share. */
export interface SharedParts {
  readonly settings: ChronosSettings;
  readonly log: (line: string) => void;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
  readonly book: JobBook;
  readonly runs: Runs;
  readonly history: History;
  readonly store: StateStore;
  /** A call to the master; false when it was not taken. */
  readonly call: (call: SchedulerCall) => Promise<boolean>;
  /** Something is due, or waits for an offer. */
  readonly wake: () => void;
}
