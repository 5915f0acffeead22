/** A component of the engine that runs: it is reached by HTTP only, by the others too. */
export interface Component {
  /** `http://127.0.0.1:5050` */
  readonly url: string;
  /** Closes its port, its connections and its timers; safe to call twice. Resolves when nothing of it is left. */
  readonly stop: () => Promise<void>;
  /**
   * Ends for good and tells the others so, instead of leaving them to wait for it to come back; only components have it
   * whose real ones do (an agent, on SIGUSR1). Then `stop` closes what is left.
   */
  readonly leave?: () => Promise<void>;
  /**
   * Resolves when the component has ended by itself for a reason that the real one exits for; whoever runs it then ends
   * too, and is started again by a supervisor. Never resolves otherwise, nor after `stop`.
   */
  readonly failed?: Promise<Error>;
}

/** What a component is given of the world; tests give other clocks and logs. */
export interface EngineWorld {
  /** One line, without a line end; the component's name is put in front by whoever gives this function. */
  readonly log: (line: string) => void;
}
