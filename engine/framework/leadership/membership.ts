import type { Candidacy, Candidate, Discovery } from '../../discovery/discovery.ts';

/** How long a request waits while the election is going on. */
const electionPatienceMs = 2500;
/** One that stepped down stands for election again after this time: the others come first. */
const pauseMs = 1000;

/** What a leader does is begun when it is elected. */
interface Stoppable {
  /** @param isSaving whether what has changed is still saved: not when somebody else may lead by now */
  readonly stop: (isSaving: boolean) => Promise<void>;
}

interface MembershipOptions<Leader> {
  readonly election: Discovery;
  readonly hostname: string;
  /** Of this member. */
  readonly url: string;
  /** `host:port`: what it is called in its group, as a real Marathon or Chronos. */
  readonly self: string;
  readonly log: (line: string) => void;
  /**
   * Takes over: loads what was saved, registers with the master under the framework's id, and goes on where the last
   * leader was.
   * @param onTakenOver another member has the state
   * @throws when the saved state cannot be read
   */
  readonly startLeader: (onTakenOver: () => void) => Promise<Leader>;
}

/** The part that a member has in the group of a framework: it leads, or knows who does. */
export class Membership<Leader extends Stoppable> {
  readonly #options: MembershipOptions<Leader>;
  readonly #waiters = new Set<() => void>();
  #candidacy: Candidacy | undefined;
  #leader: Leader | undefined;
  #known: Candidate | undefined;
  /** Elections and abdications, one after the other. */
  #turns: Promise<void> = Promise.resolve();
  #unwatch: () => void = () => undefined;
  #isStopped = false;

  constructor(options: MembershipOptions<Leader>) {
    this.#options = options;
  }

  /** What this member does as leader, while it is one. */
  get leader(): Leader | undefined {
    return this.#leader;
  }

  start(): void {
    this.#unwatch = this.#options.election.watch((candidate) => {
      this.#known = candidate;
      const isOther = candidate !== undefined && candidate.id !== this.#options.self;
      if (isOther && this.#leader !== undefined) this.#lose(`${candidate.id} leads`);
      this.#wakeAll();
    });
    this.#contend();
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#unwatch();
    this.#wakeAll();
    await this.#turns;
    await this.#resign();
  }

  /** Steps down and stands for election again. */
  abdicate(): void {
    this.#turns = this.#turns.then(() => this.#stepDown());
  }

  /** URL of the member that leads, if it is another one. */
  get otherUrl(): string | undefined {
    return this.#known === undefined || this.#known.id === this.#options.self ? undefined : this.#known.url;
  }

  /** As otherUrl, but waits a little while nobody leads. */
  async otherLeader(): Promise<string | undefined> {
    const deadline = Date.now() + electionPatienceMs;
    while (this.#isUndecided()) {
      const left = deadline - Date.now();
      if (left <= 0) break;
      await this.#waitForNews(left);
    }
    return this.#leader === undefined ? this.otherUrl : undefined;
  }

  #isUndecided(): boolean {
    return this.#leader === undefined && this.otherUrl === undefined && !this.#isStopped;
  }

  #contend(): void {
    const { election, hostname, url, self } = this.#options;
    const candidacy = election.contend(
      { id: self, url, hostname },
      {
        onElected: () => {
          this.#turns = this.#turns.then(() => this.#lead(candidacy));
        },
        onLost: (reason) => {
          if (this.#candidacy === candidacy) this.#lose(reason);
        },
      },
    );
    this.#candidacy = candidacy;
  }

  /** @param candidacy that was elected; by the time of this turn it may be over */
  async #lead(candidacy: Candidacy): Promise<void> {
    const isOver = () => this.#isStopped || this.#candidacy !== candidacy;
    if (isOver()) return;
    const { log, startLeader } = this.#options;
    const onTakenOver = () => {
      if (!isOver()) this.#lose('the state was taken over');
    };
    try {
      const leader = await startLeader(onTakenOver);
      if (isOver()) {
        await leader.stop(false);
        return;
      }
      this.#leader = leader;
      log('elected as leader');
      this.#wakeAll();
    } catch (error) {
      log(`cannot lead: ${error instanceof Error ? error.message : String(error)}`);
      await this.#stepDown();
    }
  }

  /**
   * Out of the group, against its will. What it does as leader ends at once, and nothing of it is saved: another one may
   * lead by now. A real one exits and is started again; this one stands for election again.
   */
  #lose(reason: string): void {
    const leader = this.#leader;
    this.#options.log(`${leader === undefined ? 'lost candidacy' : 'lost leadership'}: ${reason}`);
    this.#leader = undefined;
    this.#candidacy?.withdraw();
    this.#candidacy = undefined;
    const stopped = leader?.stop(false);
    this.#turns = this.#turns.then(() => stopped);
    this.#contendLater();
  }

  async #stepDown(): Promise<void> {
    await this.#resign();
    this.#contendLater();
  }

  /** Only what has been saved is there for the next leader: so the candidacy ends last. */
  async #resign(): Promise<void> {
    const leader = this.#leader;
    this.#leader = undefined;
    await leader?.stop(true);
    this.#candidacy?.withdraw();
    this.#candidacy = undefined;
  }

  #contendLater(): void {
    setTimeout(() => {
      if (!this.#isStopped && this.#candidacy === undefined) this.#contend();
    }, pauseMs).unref();
  }

  #wakeAll(): void {
    for (const wake of [...this.#waiters]) wake();
  }

  #waitForNews(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        clearTimeout(timer);
        this.#waiters.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, milliseconds);
      this.#waiters.add(wake);
    });
  }
}
