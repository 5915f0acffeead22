/** What a drill does to parts of a lab; the words are those of every runtime. */
export type PartDeed = 'stop' | 'kill' | 'pause' | 'partition' | 'unplug' | 'start';

/** The runtime, as drills know it. */
export interface PartControl {
  /**
   * Does something with parts, by their ids in the plan. `unplug` ends all that is on their machines, tasks too; `start`
   * undoes all the others.
   * @throws what the runtime throws
   */
  readonly act: (deed: PartDeed, ids: readonly string[], signal: AbortSignal) => Promise<void>;
}
