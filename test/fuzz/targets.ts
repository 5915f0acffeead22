import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Offer, TaskStatus } from '../../protocol/mesos.ts';
import { startFakeAgent, type FakeAgent } from '../engine/master/fake-agent.ts';
import { eventually } from '../engine/master/master-for-test.ts';
import { fetchRaw, subscribe, type SchedulerClient } from '../engine/scheduler-client.ts';
import { listOf, parseLoosely } from '../engine/marathon/shapes/loose.ts';
import type { FuzzCluster } from './fuzz-cluster.ts';
import type { Ids } from './requests.ts';

/** A framework, an agent and an app that requests may name, and destroy: then there is a new one. */
export class Targets {
  readonly #cluster: FuzzCluster;
  #framework: SchedulerClient | undefined;
  #spare: FakeAgent | undefined;
  #offer: Offer | undefined;
  #task = 'none';
  #hasApp = false;

  constructor(cluster: FuzzCluster) {
    this.#cluster = cluster;
  }

  get ids(): Ids {
    return {
      framework: this.#framework?.frameworkId ?? '',
      stream: this.#framework?.streamId ?? '',
      offer: this.#offer?.id.value ?? '',
      agent: this.#offer?.agent_id.value ?? '',
      spare: this.#spare?.agentId ?? '',
      task: this.#task,
      app: 'target',
    };
  }

  /** Makes again what is gone. */
  async renew(): Promise<void> {
    const { master, marathon } = this.#cluster.urls;
    if (!this.#hasApp) {
      await fetchRaw(`${marathon}/v2/apps/target?force=true`, {
        method: 'PUT',
        body: { cmd: 'true', cpus: 0.01, mem: 4 },
      });
      this.#hasApp = true;
    }
    if (this.#framework === undefined) this.#framework = await this.#subscribe(master);
    if (this.#spare === undefined) {
      await this.#restore(master);
      const spare = await startFakeAgent(master);
      this.#spare = spare;
      void spare.ended.then(() => {
        if (this.#spare === spare) this.#spare = undefined;
      });
    }
  }

  /** Undoes what operators decide for good: a machine that is down has no agent, and a limit may leave no offers. */
  async #restore(master: string): Promise<void> {
    const call = (type: string, fields: object) =>
      fetchRaw(`${master}/api/v1`, { body: { type, [type.toLowerCase()]: fields } });
    await call('STOP_MAINTENANCE', { machines: [{ hostname: 'agent.test', ip: '127.0.0.1' }] });
    const { body } = await fetchRaw(`${master}/quota`);
    const { configs } = parseLoosely(body);
    for (const { role } of listOf(configs ?? [])) await call('REMOVE_QUOTA', { role });
  }

  async #subscribe(master: string): Promise<SchedulerClient> {
    const framework = await subscribe(master, { name: 'victim', capabilities: [] });
    framework.onEvent((event) => {
      if (event.type === 'OFFERS') for (const offer of event.offers.offers as readonly Offer[]) this.#offer = offer;
      if (event.type !== 'UPDATE') return;
      const status: TaskStatus = event.update.status;
      this.#task = status.task_id.value;
      if (status.uuid !== undefined) framework.acknowledge(status).catch(() => undefined);
    });
    void framework.ended.then(() => {
      if (this.#framework === framework) this.#framework = undefined;
    });
    return framework;
  }

  /** Removes all that requests have made, so that the memory that is left can be compared. */
  async clear(): Promise<void> {
    const { master, marathon } = this.#cluster.urls;
    const url = `${marathon}/v2/groups?force=true`;
    await fetchRaw(url, { method: 'PUT', body: { id: '/', apps: [], groups: [], dependencies: [] } });
    for (const { id } of listOf(parseLoosely((await fetchRaw(`${marathon}/v2/pods`)).body))) {
      await fetchRaw(`${marathon}/v2/pods${String(id)}?force=true`, { method: 'DELETE' });
    }
    this.#hasApp = false;
    await this.#restore(master);
    await this.#framework?.call('TEARDOWN');
    const spare = this.#spare;
    if (spare !== undefined) await spare.post({ type: 'UNREGISTER' });
    spare?.close();
    await eventually(async () => (await fetchRaw(`${marathon}/v2/deployments`)).body === '[]');
    await eventually(() => this.#framework === undefined && this.#spare === undefined);
    await eventually(async () => {
      const { frameworks, slaves } = parseLoosely((await fetchRaw(`${master}/state`)).body);
      return frameworks.length === 1 && listOf(slaves).filter(({ active }) => active === true).length === 1;
    });
  }
}

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** Bytes of this process's objects that something still holds. */
export function heldBytes(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed;
}
