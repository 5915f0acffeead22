import { clusterClient, type ClusterClient } from '../../checks/cluster-client.ts';
import type { ClusterTarget } from '../../checks/cluster-target.ts';
import type { ComponentRow } from '../../pages/server/serve-page.ts';
import type { FoundLab, RunningLab } from '../../runtimes/cluster-runtime.ts';
import { lookAtComponents, withUrls } from './component-status.ts';
import { actedOnState, type ComponentStatus } from './part-status.ts';

type Lab = Pick<RunningLab, 'plan' | 'target' | 'parts'>;

/** It is looked for at most this part of the time: on some runtimes that starts processes. */
const shareOfTime = 50;

/** What a page shows of a lab beside the cluster itself: a lab that ends, comes back, and may have other addresses then. */
export class LabOnPage {
  readonly #find: () => Promise<FoundLab>;
  readonly #now: () => number;
  #lab: Lab;
  #client: ClusterClient;
  #trouble: string | undefined;
  #findAgainAt = 0;

  /** @param lab as it was known when the page was started */
  constructor(lab: Omit<Lab, 'parts'>, find: () => Promise<FoundLab>, now: () => number) {
    this.#lab = { ...lab, parts: [] };
    this.#client = clusterClient(lab.target.hosts);
    this.#find = find;
    this.#now = now;
  }

  get target(): ClusterTarget {
    return this.#lab.target;
  }

  get client(): ClusterClient {
    return this.#client;
  }

  /** Why there is nothing to look at: somebody stopped or ended the lab. */
  get trouble(): string | undefined {
    return this.#trouble;
  }

  /** What runs and what was done to it, by the runtime; what cannot be found out now is as it was. */
  async findAgain(): Promise<void> {
    const start = this.#now();
    if (start < this.#findAgainAt) return;
    const found = await this.#find().catch(() => undefined);
    const end = this.#now();
    this.#findAgainAt = end + shareOfTime * (end - start);
    if (found === undefined) return;
    this.#trouble = found.kind === 'running' ? undefined : (troubles[found.kind] ?? troubles.remains);
    if (found.kind !== 'running' && found.kind !== 'stopped') return;
    this.#lab = found.lab;
    this.#client = clusterClient(found.lab.target.hosts);
  }

  /** All components, by id. Agents are not asked: the master tells of them. */
  async look(signal: AbortSignal): Promise<ReadonlyMap<string, ComponentRow>> {
    await this.findAgain();
    const lab = this.#lab;
    const seen = await lookAtComponents({ lab, client: this.#client, signal });
    const others = [...seen.zookeepers, ...seen.masters, ...seen.marathons, ...seen.loadBalancers, ...seen.addons];
    return new Map([...others.map(rowOf), ...agentRows(lab)]);
  }
}

const troubles: Readonly<Partial<Record<FoundLab['kind'], string>>> & { readonly remains: string } = {
  stopped: 'the lab is stopped',
  remains: 'the lab does not run',
};

function rowOf({ id, role, node, url, state, ok }: ComponentStatus): readonly [string, ComponentRow] {
  return [id, { role, node, state, isUp: ok, ...(url.startsWith('http') ? { url } : {}) }];
}

const agentRows = (lab: Lab): readonly (readonly [string, ComponentRow])[] =>
  withUrls(lab, 'mesos-agent').map(({ component, url }, index) => {
    const expected = lab.target.expected?.agents[index];
    const state = actedOnState(lab, component) ?? '';
    const agent = expected === undefined ? {} : { agent: { host: expected.hostname, port: expected.port } };
    const { role, node } = component;
    return [component.id, { role, node, state, isUp: state === '', ...(url === '' ? {} : { url }), ...agent }];
  });
