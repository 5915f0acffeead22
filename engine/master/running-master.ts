import type { EngineWorld } from '../component.ts';
import type { Candidacy, Candidate, Discovery } from '../discovery/discovery.ts';
import { toFrameworkOffer } from './views/view-offer.ts';
import { endDraining } from './operator/agent-decisions.ts';
import type { Mastership } from './views/endpoints.ts';
import type { MasterSettings } from './master-options.ts';
import { rescindOffer, sendEvent, startTerm, type Term } from './term.ts';

interface RunningMasterOptions {
  readonly settings: MasterSettings;
  readonly world: EngineWorld;
  readonly candidate: Candidate;
  /** What a real master exits for (EXIT(EXIT_FAILURE) in src/master/master.cpp). */
  readonly onFailed: (error: Error) => void;
}

/** The part that a master has in its group: it leads, or knows who does. */
export class RunningMaster implements Pick<Mastership, 'term' | 'hasRecovered' | 'leader'> {
  readonly #options: RunningMasterOptions;
  readonly #unwatch: () => void;
  #candidacy: Candidacy;
  #term: Term | undefined;
  #hasRecovered = false;
  #leader: Candidate | undefined;
  /** Members of the group, by the last word in which this master led; it may come before the election. */
  #masters = 0;
  #isStopped = false;

  constructor(options: RunningMasterOptions) {
    this.#options = options;
    this.#candidacy = this.#contend();
    this.#unwatch = this.#discovery.watch((leader, masters) => {
      this.#follow(leader, masters);
    });
  }

  readonly term = (): Term | undefined => this.#term;
  readonly hasRecovered = (): boolean => this.#hasRecovered;
  readonly leader = (): Candidate | undefined => this.#leader;

  stop(): void {
    if (this.#isStopped) return;
    this.#isStopped = true;
    this.#unwatch();
    this.#candidacy.withdraw();
    this.#term?.end();
  }

  get #discovery(): Discovery {
    return this.#options.settings.discovery;
  }

  #contend(): Candidacy {
    const { candidate, world } = this.#options;
    return this.#discovery.contend(candidate, {
      onElected: () => {
        if (!this.#isStopped) this.#lead();
      },
      onLost: (reason) => {
        if (this.#isStopped) return;
        world.log(reason);
        if (this.#term !== undefined) {
          this.#fail('Lost leadership... committing suicide!');
          return;
        }
        world.log('Lost candidacy as a follower... Contend again');
        this.#candidacy = this.#contend();
      },
    });
  }

  #lead(): void {
    const { settings, world, candidate } = this.#options;
    world.log('Elected as the leading master!');
    this.#leader = candidate;
    const term = startTerm(settings, {
      onRecovered: () => {
        settings.recoverAfter(() => {
          this.#hasRecovered = !term.isOver();
        });
      },
      onFailed: (reason) => {
        this.#fail(reason);
      },
    });
    this.#term = term;
    sendOffersOf(term);
    term.cluster.onIdle = (agent) => {
      endDraining(term, agent);
    };
    term.registrar.masters = this.#masters;
  }

  #follow(leader: Candidate | undefined, masters: number): void {
    if (this.#isStopped) return;
    const { candidate, world } = this.#options;
    const isOwn = leader?.id === candidate.id;
    this.#masters = isOwn ? masters : 0;
    if (this.#term === undefined) {
      if (leader?.id !== this.#leader?.id) {
        world.log(
          `The newly elected leader is ${leader === undefined ? 'None' : `${leader.url} with id ${leader.id}`}`,
        );
      }
      this.#leader = leader;
    } else if (isOwn) {
      this.#term.registrar.masters = masters;
    } else if (leader !== undefined) {
      this.#fail('Lost leadership... committing suicide!');
    }
    // Nobody leads: the session with ZooKeeper is over, and onLost says what to do.
  }

  #fail(reason: string): void {
    if (this.#isStopped) return;
    this.#options.world.log(reason);
    this.stop();
    this.#term = undefined;
    this.#hasRecovered = false;
    this.#leader = undefined;
    this.#options.onFailed(new Error(reason));
  }
}

function sendOffersOf(term: Term): void {
  const { allocator, cluster, settings } = term;
  allocator.onOffers = (framework, offers) => {
    settings.logLevel.verbose(2, () => `Sending ${offers.length} offers to framework ${framework.id}`);
    for (const offer of offers) {
      cluster.count('offers/sent', framework);
      if (settings.offerTimeoutMs === undefined) continue;
      offer.timer = setTimeout(() => {
        rescindOffer(term, offer);
      }, settings.offerTimeoutMs);
      offer.timer.unref();
    }
    sendEvent(term, framework, { type: 'OFFERS', offers: { offers: offers.map(toFrameworkOffer) } });
  };
}
