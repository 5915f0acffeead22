import { listAt, numberAt, textAt } from '../../protocol/json.ts';
import type { Measurement } from '../rule/recommend.ts';
import { fromInstances, type AskJson } from './measuring.ts';
import type { ScaledApp } from './scaled-app.ts';

/** What a task's container has used, as its agent says (ResourceStatistics in mesos.proto). */
interface Usage {
  /** Of processors, so far. */
  readonly cpuSeconds: number;
  readonly memoryBytes: number;
  /** Seconds since 1970, by the agent's clock. */
  readonly at: number;
}

type UsageByTask = ReadonlyMap<string, Usage>;

/** Reads what tasks use from the agents that they run on, now and before. */
export class AgentFigures {
  readonly #masters: readonly string[];
  #before: UsageByTask = new Map();
  #now: UsageByTask = new Map();
  #fault: string | undefined;

  /** @param masters URLs, of which any sends to the one that leads */
  constructor(masters: readonly string[]) {
    this.#masters = masters;
  }

  /** Asks the agents of these apps. */
  async read(apps: readonly ScaledApp[], ask: AskJson): Promise<void> {
    const wanted = new Set(apps.flatMap(({ tasks }) => tasks.map(({ agentId }) => agentId)));
    this.#before = this.#now;
    this.#fault = undefined;
    const agents = wanted.size === 0 ? [] : await this.#agents(ask);
    const answers = await Promise.all(
      agents.filter(({ id }) => wanted.has(id)).map(({ url }) => this.#ask(`${url}/monitor/statistics`, ask)),
    );
    this.#now = new Map(answers.flatMap((answer) => listAt({ answer }, 'answer').map(usageOf)));
  }

  measure(app: ScaledApp, kind: 'cpu' | 'memory'): Measurement {
    if (this.#masters.length === 0) return { kind: 'none', why: `${kind} is told by agents, and no master is known` };
    const ready = app.tasks.filter(({ isReady }) => isReady);
    const shares = ready.flatMap(({ id }) => (kind === 'cpu' ? this.#cpu(id, app) : this.#memory(id, app)));
    if (shares.length > 0) {
      return fromInstances(
        app,
        shares.reduce((sum, each) => sum + each, 0),
        shares.length,
      );
    }
    if (ready.length === 0) return { kind: 'none', why: 'none of its tasks is ready' };
    const isNew = ready.some(({ id }) => this.#now.has(id));
    return { kind: 'none', why: this.#fault ?? (isNew ? 'it was looked at once so far' : 'no agent knows its tasks') };
  }

  /** Per cent of what the app asks for. */
  #cpu(id: string, { cpus }: ScaledApp): readonly number[] {
    const [before, now] = [this.#before.get(id), this.#now.get(id)];
    if (before === undefined || now === undefined || now.at <= before.at || cpus === 0) return [];
    return [(Math.max(0, now.cpuSeconds - before.cpuSeconds) / (now.at - before.at) / cpus) * 100];
  }

  #memory(id: string, { memoryBytes }: ScaledApp): readonly number[] {
    const now = this.#now.get(id);
    return now === undefined || memoryBytes === 0 ? [] : [(now.memoryBytes / memoryBytes) * 100];
  }

  async #agents(ask: AskJson): Promise<readonly { readonly id: string; readonly url: string }[]> {
    for (const master of this.#masters) {
      const answer = await this.#ask(`${master}/slaves`, ask);
      const agents = listAt(answer, 'slaves').flatMap((each) => {
        const [id, hostname, port] = [textAt(each, 'id'), textAt(each, 'hostname'), numberAt(each, 'port')];
        return id === undefined || hostname === undefined ? [] : [{ id, url: `http://${hostname}:${port ?? 5051}` }];
      });
      if (agents.length > 0) return agents;
    }
    return [];
  }

  async #ask(url: string, ask: AskJson): Promise<unknown> {
    try {
      return await ask(url);
    } catch (error) {
      this.#fault ??= error instanceof Error ? error.message : String(error);
      return undefined;
    }
  }
}

/** Of `/monitor/statistics`: Marathon's tasks have executors of their own, with the same id. */
function usageOf(item: unknown): readonly [string, Usage] {
  const figure = (name: string) => numberAt(item, 'statistics', name) ?? 0;
  return [
    textAt(item, 'executor_id') ?? '',
    {
      cpuSeconds: figure('cpus_user_time_secs') + figure('cpus_system_time_secs'),
      memoryBytes: figure('mem_rss_bytes'),
      at: figure('timestamp'),
    },
  ];
}
