import { randomUUID } from 'node:crypto';
import type { Candidate } from '../discovery/discovery.ts';
import type { EventBus } from './event-bus.ts';
import { startLeader, type Leader } from './leader.ts';
import type { MarathonSettings, MarathonWorld } from './marathon-options.ts';

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
}

/** The part that a Marathon has in its group: it leads, or knows who does. */
export class Membership {
  readonly #options: MembershipOptions;
  readonly #id = `marathon-${randomUUID()}`;
  readonly #waiters = new Set<() => void>();
  #candidacy: { readonly withdraw: () => void } | undefined;
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
      // Voted out, as after the loss of a session with ZooKeeper.
      if (candidate !== undefined && candidate.id !== this.#id && this.#leader !== undefined) this.abdicate();
      this.#wakeAll();
    });
    this.#contend();
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#unwatch();
    this.#candidacy?.withdraw();
    this.#wakeAll();
    await this.#turns;
    await this.#endLeadership();
  }

  /** Steps down and stands for election again. */
  abdicate(): void {
    this.#turns = this.#turns.then(() => this.#stepDown());
  }

  /** URL of the Marathon that leads, if it is another one. */
  get otherUrl(): string | undefined {
    return this.#known === undefined || this.#known.id === this.#id ? undefined : this.#known.url;
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
    const { settings, url } = this.#options;
    this.#candidacy = settings.election.contend({ id: this.#id, url, hostname: settings.hostname }, () => {
      this.#turns = this.#turns.then(() => this.#lead());
    });
  }

  async #lead(): Promise<void> {
    if (this.#isStopped || this.#candidacy === undefined) return;
    const { settings, world, events, url } = this.#options;
    try {
      this.#leader = await startLeader(settings, world, events, url);
      world.log('elected as leader');
      this.#wakeAll();
    } catch (error) {
      world.log(`cannot lead: ${error instanceof Error ? error.message : String(error)}`);
      await this.#stepDown();
    }
  }

  async #stepDown(): Promise<void> {
    this.#candidacy?.withdraw();
    this.#candidacy = undefined;
    await this.#endLeadership();
    setTimeout(() => {
      if (!this.#isStopped && this.#candidacy === undefined) this.#contend();
    }, pauseMs).unref();
  }

  async #endLeadership(): Promise<void> {
    const leader = this.#leader;
    this.#leader = undefined;
    await leader?.stop();
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
