/** Who takes part in an election: a master or a Marathon. */
export interface Candidate {
  /**
   * Unique among the candidates. Of a master its UUID, which stays with a process for its life; of a Marathon its
   * `host:port`, for that is all that a real Marathon tells its group.
   */
  readonly id: string;
  /** Where it is reached: `http://127.0.0.1:5050`. */
  readonly url: string;
  readonly hostname: string;
  /** What a master tells everyone of itself: MasterInfo, as JSON (mesos.proto). */
  readonly info?: object;
}

/** What becomes of a candidacy. Neither is called before `contend` has returned, nor after `withdraw`. */
export interface Contest {
  /** Called once, when this candidate leads; it leads until it withdraws or has lost its candidacy. */
  readonly onElected: () => void;
  /**
   * Called once, when the candidacy is over against the candidate's will: the session with ZooKeeper has expired, or
   * somebody removed its znode. Who led must end what it does as leader at once; contending again is a new candidacy.
   */
  readonly onLost?: (reason: string) => void;
}

export interface Candidacy {
  /** Leaves the group; safe to call twice, and after the candidacy was lost. */
  readonly withdraw: () => void;
}

/**
 * Told of the leader there is (or undefined: nobody leads, or nobody can tell) and of the number of members of the
 * group, the leader and foreign ones included. Called again whenever either changes.
 */
export type LeaderListener = (leader: Candidate | undefined, memberCount: number) => void;

/**
 * One group of candidates of which at most one leads: in memory (in-memory-discovery.ts), or in ZooKeeper with the
 * znodes of the real ones (zookeeper-discovery.ts).
 */
export interface Discovery {
  /** Takes part in the election from now on. */
  readonly contend: (candidate: Candidate, contest: Contest) => Candidacy;
  /** Watches the group until unsubscribed; the first call comes soon, but not before this function has returned. */
  readonly watch: (listener: LeaderListener) => () => void;
}
