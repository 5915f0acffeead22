/** What is to become of records, by their keys; undefined: they go. A record is JSON, and nobody changes it later. */
export type Changes = ReadonlyMap<string, unknown>;

/** Where Marathon keeps what must survive it, record by record. All Marathons of a group share one. */
export interface AppStore {
  /**
   * All records, in the order in which they came; none at the very first start. Who loads takes over: where several
   * Marathons share a store, those that loaded before can save no more.
   */
  readonly load: () => Promise<ReadonlyMap<string, unknown>>;
  /** Saves all of the changes or none, one save after the other. @throws StateTakenOver; anything else may pass */
  readonly save: (changes: Changes) => Promise<void>;
}

/** The state belongs to another Marathon now. */
export class StateTakenOver extends Error {
  override readonly name = 'StateTakenOver';
}
