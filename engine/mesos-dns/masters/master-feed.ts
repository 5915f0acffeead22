import { setTimeout as sleep } from 'node:timers/promises';
import { textAt } from '../../../protocol/json.ts';
import type { Discovery } from '../../discovery/discovery.ts';
import type { ClusterRecords, ClusterState } from '../records/cluster-records.ts';
import { addressOfPid } from '../records/known-cluster.ts';
import { applyEvent, readPids, readSnapshot, readState } from './cluster-events.ts';
import { followMaster, MasterStatus, readFromMaster, type MasterQuestion } from '../../../following/master-request.ts';
import { hostInUrl } from '../../../protocol/host-in-url.ts';

export interface FeedOptions {
  /** Missing: only `masters` are asked. */
  readonly discovery?: Discovery | undefined;
  /** `host:port`; any of them leads to the leader. */
  readonly masters: readonly string[];
  readonly authorization?: string | undefined;
  readonly refreshMs: number;
  readonly stateTimeoutMs: number;
  readonly log: (line: string) => void;
  /** The whole state, now and whenever it was read anew. */
  readonly onState: (state: ClusterState) => void;
  /** Nobody leads any more. */
  readonly onLost: () => void;
  /** What events change: there are some once a state was told. */
  readonly records: () => ClusterRecords | undefined;
  /** Something in them has changed. */
  readonly onChange: () => void;
}

/** Before the first attempts after a stream has ended; then `refreshMs`, or the last of these if that is longer. */
const pausesMs = [50, 100, 250, 500, 1000, 2000, 5000];
/** Frameworks come in a row. */
const pidsAfterMs = 200;

/** Follows the leading master: its events where it has them, else its state from time to time. */
export class MasterFeed {
  readonly #options: FeedOptions;
  readonly #stopped = new AbortController();
  readonly #unwatch: () => void;
  readonly #ended: Promise<void>;
  #leader: string | undefined;
  #attempt = new AbortController();
  #lastSaid = '';

  constructor(options: FeedOptions) {
    this.#options = options;
    this.#unwatch =
      options.discovery?.watch((leader) => {
        if (leader?.url === this.#leader) return;
        if (leader === undefined) options.onLost();
        this.#leader = leader?.url;
        // Another one leads: what is followed now tells nothing more.
        this.#attempt.abort();
      }) ?? (() => undefined);
    this.#ended = this.#run();
  }

  async stop(): Promise<void> {
    this.#unwatch();
    this.#stopped.abort();
    this.#attempt.abort();
    await this.#ended;
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopped;
    for (let failures = 0; !signal.aborted; failures++) {
      this.#attempt = new AbortController();
      if (await this.#tryAll()) failures = -1;
      if (isOver(signal)) return;
      const { refreshMs } = this.#options;
      const pauseMs = Math.min(pausesMs[Math.min(failures + 1, pausesMs.length - 1)] ?? 5000, Math.max(refreshMs, 50));
      // A leader that comes up meanwhile is asked at once.
      const either = AbortSignal.any([signal, this.#attempt.signal]);
      await sleep(pauseMs, undefined, { signal: either }).catch(() => undefined);
    }
  }

  /** @returns whether one of the masters told its state */
  async #tryAll(): Promise<boolean> {
    const { masters } = this.#options;
    const urls = [...(this.#leader === undefined ? [] : [this.#leader]), ...masters.map((each) => `http://${each}`)];
    for (const url of new Set(urls)) {
      if (await this.#tryOne(url)) return true;
      if (this.#attempt.signal.aborted) return false;
    }
    if (urls.length === 0) this.#say('there is no leading master');
    return false;
  }

  async #tryOne(url: string): Promise<boolean> {
    let told = false;
    const onTold = () => {
      told = true;
    };
    try {
      await this.#followEvents(url, onTold);
      this.#say(`${url} has ended the stream of its events`);
    } catch (error) {
      if (error instanceof MasterStatus && error.status === 307 && error.location !== undefined) {
        return this.#tryLeader(url, error.location, onTold).catch((failed: unknown) => {
          this.#sayWhy(url, failed);
          return told;
        });
      }
      if (error instanceof MasterStatus && hasNoEvents.has(error.status)) return this.#poll(url);
      this.#sayWhy(url, error);
    }
    return told;
  }

  /** @param location `//host:port/…` */
  async #tryLeader(url: string, location: string, onTold: () => void): Promise<boolean> {
    const { origin } = new URL(location, url);
    await this.#followEvents(origin, onTold);
    this.#say(`${origin} has ended the stream of its events`);
    return true;
  }

  #question(url: string): MasterQuestion {
    const { authorization, stateTimeoutMs: silenceMs } = this.#options;
    return { url, authorization, userAgent: 'Mesos-DNS', silenceMs, signal: this.#attempt.signal };
  }

  async #followEvents(url: string, onTold: () => void): Promise<void> {
    const question = this.#question(url);
    const ending = new AbortController();
    let hasState = false;
    const pids = debounced(pidsAfterMs, async () => {
      const known = readPids(await readFromMaster(question, '/master/state-summary'));
      const records = this.#options.records();
      for (const framework of records?.frameworks ?? []) {
        const address = addressOfPid(known.get(framework.id));
        if (address !== undefined) records?.putFramework({ ...framework, ...address });
      }
      this.#options.onChange();
    });
    const signal = AbortSignal.any([question.signal, ending.signal]);
    try {
      await followMaster({ ...question, signal }, (event) => {
        const type = textAt(event, 'type') ?? '';
        if (type === 'SUBSCRIBED') {
          this.#options.onState(readSnapshot(event, authorityOf(url)));
          hasState = true;
          this.#say(`following ${url}`);
          onTold();
          pids.soon();
        } else if (hasState && type !== 'HEARTBEAT') {
          const records = this.#options.records();
          if (records !== undefined && applyEvent(records, event) === 'unknown')
            ending.abort(new Error('it tells of a task that is not known'));
          if (type === 'FRAMEWORK_ADDED' || type === 'FRAMEWORK_UPDATED') pids.soon();
          this.#options.onChange();
        }
      });
    } finally {
      pids.cancel();
    }
  }

  /** Of a master without the operator API's events: its state, again and again. */
  async #poll(url: string): Promise<boolean> {
    const { signal } = this.#attempt;
    let from = url;
    let told = false;
    try {
      while (!signal.aborted) {
        const state = await readFromMaster(this.#question(from), '/master/state');
        const address = addressOfPid(textAt(state, 'leader'));
        if (address === undefined) throw new Error('its state names no leading master');
        const leader = `http://${hostInUrl(address.host)}:${address.port}`;
        if (leader !== from && from === url && !told) from = leader;
        else {
          this.#options.onState(readState(state, authorityOf(from)));
          this.#say(`reading the state of ${from}, which has no stream of events`);
          told = true;
          await sleep(this.#options.refreshMs, undefined, { signal });
        }
      }
    } catch (error) {
      this.#sayWhy(from, error);
    }
    return told;
  }

  #sayWhy(url: string, error: unknown): void {
    if (this.#attempt.signal.aborted) return;
    this.#say(`cannot follow ${url}: ${error instanceof Error ? error.message : String(error)}; what is known is kept`);
  }

  /** The same once, however often it is tried. */
  #say(line: string): void {
    if (line !== this.#lastSaid) this.#options.log(line);
    this.#lastSaid = line;
  }
}

/** A master before 1.1, or another server: it does not know the call. */
const hasNoEvents: ReadonlySet<number> = new Set([400, 404, 405, 406, 415, 501]);

const isOver = (signal: AbortSignal) => signal.aborted;

const authorityOf = (url: string) => new URL(url).host;

/** Does something once after a while, however often it is asked for; what fails is of no account. */
function debounced(ms: number, action: () => Promise<void>) {
  let timer: NodeJS.Timeout | undefined;
  return {
    soon: () => {
      timer ??= setTimeout(() => {
        timer = undefined;
        action().catch(() => undefined);
      }, ms);
    },
    cancel: () => {
      clearTimeout(timer);
    },
  };
}
