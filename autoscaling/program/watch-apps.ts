import { describeAnswer, type ClusterClient } from '../../checks/cluster-client.ts';
import { appPath } from '../../protocol/marathon/app-id.ts';
import { decide, withStep, type Decision, type Memory } from '../rule/decide.ts';
import type { Measurement } from '../rule/recommend.ts';
import { AgentFigures } from './agent-figures.ts';
import { BalancerFigures } from './balancer-figures.ts';
import type { DecisionBoard } from './decision-board.ts';
import { askersOf, firstAnswer } from './measuring.ts';
import { askPrometheus } from './prometheus-figures.ts';
import { appsPath, scaledApps, type ScaledApp } from './scaled-app.ts';

/** Where an autoscaler asks; every list may be empty but the first. */
export interface AutoscalerUrls {
  readonly marathons: readonly string[];
  readonly masters: readonly string[];
  /** Of their statistics: `http://127.0.0.1:9090`. */
  readonly loadBalancers: readonly string[];
  readonly prometheus?: string | undefined;
}

export interface WatchWorld {
  readonly client: ClusterClient;
  readonly board: DecisionBoard;
  readonly log: (line: string) => void;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly signal: AbortSignal;
}

/** Looks at apps that want it, decides, and scales. */
export class AppWatch {
  readonly #urls: AutoscalerUrls;
  readonly #world: WatchWorld;
  readonly #ask: ReturnType<typeof askersOf>;
  readonly #balancers: BalancerFigures;
  readonly #agents: AgentFigures;
  readonly #memories = new Map<string, Memory>();
  #fault = '';
  #isAnyScaled = false;

  constructor(urls: AutoscalerUrls, world: WatchWorld) {
    this.#urls = urls;
    this.#world = world;
    this.#ask = askersOf(world.client, world.signal);
    this.#balancers = new BalancerFigures(urls.loadBalancers);
    this.#agents = new AgentFigures(urls.masters);
  }

  /** One look at all apps. What does not answer is said in the log, and tried again with the next one. */
  async look(): Promise<void> {
    const { board, log, signal } = this.#world;
    board.looks += 1;
    try {
      const { marathon, apps } = await firstAnswer(this.#urls.marathons, 'Marathon', async (url) => ({
        marathon: url,
        apps: await this.#appsOf(url),
      }));
      await this.#readFigures(apps);
      // At once, so that a Prometheus that does not answer is waited for once.
      const measured = await Promise.all(apps.map((app) => this.#measure(app)));
      for (const [index, app] of apps.entries()) await this.#lookAt(app, measured[index], marathon);
      this.#keepOnly(new Set(apps.map(({ id }) => id)));
      if (this.#fault !== '') log(`${marathon} tells of its apps again`);
      this.#fault = '';
    } catch (error) {
      if (signal.aborted) return;
      board.failures += 1;
      const fault = error instanceof Error ? error.message : String(error);
      if (fault !== this.#fault) log(`nothing is scaled: ${fault}`);
      this.#fault = fault;
    }
  }

  /** Their tasks are most of an answer, and may be a hundred thousand that nobody wants to be scaled. */
  async #appsOf(marathon: string): Promise<readonly ScaledApp[]> {
    let apps = this.#isAnyScaled ? [] : scaledApps(await this.#ask.json(`${marathon}/v2/apps`));
    if (this.#isAnyScaled || apps.length > 0) apps = scaledApps(await this.#ask.json(`${marathon}${appsPath}`));
    this.#isAnyScaled = apps.length > 0;
    return apps;
  }

  /** Only of what any app wants. */
  async #readFigures(apps: readonly ScaledApp[]): Promise<void> {
    const wanting = (...kinds: readonly string[]) =>
      apps.filter(({ read }) => read.kind === 'wish' && kinds.includes(read.wish.metric.kind));
    await Promise.all([
      wanting('requests-per-second', 'sessions').length > 0 && this.#balancers.read(this.#ask.text, this.#world.now),
      this.#agents.read(wanting('cpu', 'memory'), this.#ask.json),
    ]);
  }

  async #lookAt(app: ScaledApp, measured: Measurement | undefined, marathon: string): Promise<void> {
    const { board, now } = this.#world;
    const { id, read } = app;
    if (read.kind === 'problems') {
      board.refused(id, read.problems);
      return;
    }
    if (measured === undefined) return;
    const { wish } = read;
    const at = now();
    const { decision, memory } = decide({ wish, seen: app, measured, memory: this.#memories.get(id), now: at });
    this.#memories.set(id, memory);
    board.decided(id, await this.#carryOut(decision, { id, marathon, memory, at }), at);
  }

  /** @returns undefined for an app that does not say what is to be measured */
  async #measure(app: ScaledApp): Promise<Measurement | undefined> {
    if (app.read.kind === 'problems') return undefined;
    const { metric } = app.read.wish;
    switch (metric.kind) {
      case 'requests-per-second':
      case 'sessions':
        return this.#balancers.measure(app, metric.kind);
      case 'cpu':
      case 'memory':
        return this.#agents.measure(app, metric.kind);
      case 'prometheus':
        return askPrometheus(this.#urls.prometheus, metric.query, this.#ask.json);
    }
  }

  /** @returns what was done: Marathon may have begun a deployment meanwhile, and refuse */
  async #carryOut(decision: Decision, step: Step): Promise<Decision> {
    if (decision.kind !== 'scale') return decision;
    const refused = await this.#scale(step.marathon, step.id, decision.to);
    if (refused === undefined) {
      this.#memories.set(step.id, withStep(step.memory, decision.to, step.at));
      return decision;
    }
    return { ...decision, kind: 'hold', to: decision.from, reason: `${decision.reason}; ${refused}` };
  }

  /** Of an app it changes `instances` alone (PUT of a partial app, apps.raml). @returns why it was not done */
  async #scale(marathon: string, id: string, instances: number): Promise<string | undefined> {
    const { client, signal } = this.#world;
    try {
      const answer = await client.ask(`${marathon}${appPath(id)}`, signal, { method: 'PUT', body: { instances } });
      if (answer.status >= 200 && answer.status < 300) return undefined;
      if (answer.status === 409) return 'a deployment of it has begun meanwhile';
      return `Marathon answers ${describeAnswer(answer)}`;
    } catch (error) {
      signal.throwIfAborted();
      return error instanceof Error ? error.message : String(error);
    }
  }

  #keepOnly(apps: ReadonlySet<string>): void {
    for (const id of this.#memories.keys()) if (!apps.has(id)) this.#memories.delete(id);
    this.#world.board.keepOnly(apps);
  }
}

interface Step {
  readonly id: string;
  readonly marathon: string;
  readonly memory: Memory;
  readonly at: number;
}
