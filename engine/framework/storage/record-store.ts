import type { Json } from '../../../protocol/mesos.ts';

/**
 * Where a framework (Marathon, Chronos) keeps what must survive it: batches of records, each behind the others. All
 * members of its group share one. A batch is JSON, `{"KEY": record, "KEY": null}`: of each record the last batch that has it counts, and null says
 * that it is no more. It has no line breaks.
 */
export interface RecordStore {
  /**
   * All batches, oldest first. Who loads takes over: where several share a store, those that loaded before can
   * add nothing more.
   */
  readonly load: () => Promise<readonly Json[]>;
  /**
   * Adds a batch, whole or not at all.
   * @returns whether there are so many by now that they should be rewritten
   * @throws StateTakenOver; anything else may pass
   */
  readonly append: (batch: string) => Promise<boolean>;
  /**
   * Puts batches in the place of all that were there at the call, in one step, when they have come to their end; those
   * that are appended meanwhile stay, behind them. One at a time.
   * @throws StateTakenOver; anything else may pass
   */
  readonly rewrite: (batches: AsyncIterable<string>) => Promise<void>;
}

/** The state belongs to another member of the group now. */
export class StateTakenOver extends Error {
  override readonly name = 'StateTakenOver';
}

/** For a framework that need not outlive its process. */
export function memoryStore(): RecordStore {
  let batches: string[] = [];
  return {
    load: () => Promise.resolve(batches.map((each) => JSON.parse(each) as Json)),
    append: (batch) => Promise.resolve(batches.push(batch) > mostInMemory),
    rewrite: async (others) => {
      const before = batches.length;
      const whole: string[] = [];
      for await (const each of others) whole.push(each);
      batches = [...whole, ...batches.slice(before)];
    },
  };
}

const mostInMemory = 1000;
