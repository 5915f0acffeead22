import type { Candidacy, Candidate } from '../../discovery/discovery.ts';
import type { EventBus } from '../event-bus.ts';
import { startLeader, type Leader } from './leader.ts';
import type { MarathonSettings, MarathonWorld } from '../marathon-options.ts';

/** How long a request waits while the election is going on. */
const electionPatienceMs = 2500;
/** One that stepped down stands for election again after this time: the others come first. */
const pauseMs = 1000;

interface MembershipOptions {
  readonly settings: MarathonSettings;
  readonly world: MarathonWorld;
  readonly events: EventBus;
  /** Of this Marathon. */
  readonly url: string;
  /** `host:port`: what it is called in its group, as a real Marathon. */
  readonly self: string;
}

/** The part that a Marathon has in its group: it leads, or knows who does. */
export class Membership {
  readonly #options: MembershipOptions;
  readonly #waiters = new Set<() => void>();
  #candidacy: Candidacy | undefined;
  #leader: Leader | undefined;
  #known: Candidate | undefined;
  /** Elections and abdications, one after the other. */
  #turns: Promise<void> = Promise.resolve();
  #unwatch: () => void = () => undefined;
  #isStopped = false;

  constructor(options: MembershipOptions) {
    this.#options = options;
  }

  /** What this Marathon does as leader, while it is one. */
  get leader(): Leader | undefined {
    return this.#leader;
  }

  start(): void {
    this.#unwatch = this.#options.settings.election.watch((candidate) => {
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

  /** URL of the Marathon that leads, if it is another one. */
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
    const { settings, url, self } = this.#options;
    const candidacy = settings.election.contend(
      { id: self, url, hostname: settings.hostname },
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
    const { settings, world, events, url } = this.#options;
    const onTakenOver = () => {
      if (!isOver()) this.#lose('the state was taken over');
    };
    try {
      const leader = await startLeader({ settings, world, events, webUrl: url, onTakenOver });
      if (isOver()) {
        await leader.stop(false);
        return;
      }
      this.#leader = leader;
      world.log('elected as leader');
      this.#wakeAll();
    } catch (error) {
      world.log(`cannot lead: ${error instanceof Error ? error.message : String(error)}`);
      await this.#stepDown();
    }
  }

  /**
   * Out of the group, against its will. What it does as leader ends at once, and nothing of it is saved: another one may
   * lead by now. A real Marathon exits and is started again; this one stands for election again.
   */
  #lose(reason: string): void {
    const leader = this.#leader;
    this.#options.world.log(`${leader === undefined ? 'lost candidacy' : 'lost leadership'}: ${reason}`);
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
