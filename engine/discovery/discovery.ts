/** Who takes part in an election: a master or a Marathon. */
export interface Candidate {
  /** Unique among the candidates, and stays with a process for its life. */
  readonly id: string;
  /** Where it is reached: `http://127.0.0.1:5050`. */
  readonly url: string;
  readonly hostname: string;
}

/**
 * One group of candidates of which at most one leads. In memory for the embedded runtime; in ZooKeeper (a later piece)
 * with Mesos's own znodes.
 */
export interface Discovery {
  /**
   * Takes part in the election from now on. `onElected` is called once, when this candidate leads; it leads until it
   * withdraws. Listeners are never called before this function has returned.
   */
  readonly contend: (candidate: Candidate, onElected: () => void) => { readonly withdraw: () => void };
  /** Calls the listener with the leader there is (or undefined), and again whenever that changes, until unsubscribed. */
  readonly watch: (listener: (leader: Candidate | undefined) => void) => () => void;
}
