import type { Agent } from 'node:http';
import { listOf, type Loose } from '../engine/marathon/shapes/loose.ts';
import { fetchJson } from '../engine/scheduler-client.ts';
import type { Component } from './endpoints.ts';
import type { FuzzCluster } from './fuzz-cluster.ts';

/** What a component knows, as text. */
export type KnownState = Readonly<Record<Component, string>>;

/** What only a request changes, and nothing of what goes on by itself (tasks, offers, deployments). */
export class StateReader {
  readonly #urls: FuzzCluster['urls'];
  readonly #connection: Agent;

  constructor({ urls }: FuzzCluster, connection: Agent) {
    this.#urls = urls;
    this.#connection = connection;
  }

  async all(): Promise<KnownState> {
    const [master, agent, marathon] = await Promise.all([this.of('master'), this.of('agent'), this.of('marathon')]);
    return { master, agent, marathon, balancer: '' };
  }

  async of(component: Component): Promise<string> {
    const url = this.#urls[component];
    const known = {
      master: async () => {
        const reads = ['GET_QUOTA', 'GET_WEIGHTS', 'GET_MAINTENANCE_SCHEDULE', 'GET_LOGGING_LEVEL'];
        const [state, ...others] = await Promise.all([this.#members(), ...reads.map((type) => this.#call(url, type))]);
        return { state, others };
      },
      agent: () => this.#call(url, 'GET_LOGGING_LEVEL'),
      marathon: () => this.#get(`${url}/v2/groups?embed=group.groups&embed=group.apps&embed=group.pods`),
      balancer: () => '',
    };
    return JSON.stringify(
      await known[component](),
      (name, value: unknown) => (goesOn.test(name) || isOfPod(name, value) ? undefined : value),
      1,
    );
  }

  async #members() {
    const state = await this.#get(`${this.#urls.master}/state`);
    return {
      frameworks: listOf(state.frameworks).map(frameworkFacts),
      agents: listOf(state.slaves).filter(isOurs).map(agentFacts),
    };
  }

  #get(url: string): Promise<Loose> {
    return fetchJson(url, { connection: this.#connection });
  }

  #call(url: string, type: string): Promise<Loose> {
    const answer = fetchJson(`${url}/api/v1`, { body: { type }, connection: this.#connection });
    return answer.catch(() => 'not served');
  }
}

/** Of an app or a pod: what its tasks do, and when it was looked at. */
const goesOn =
  /^(tasks(Staged|Running|Healthy|Unhealthy)|deployments|status|statusSince|lastUpdated|lastChanged|terminationHistory)$/;

/** Instances of pods are described, those of apps are a number. */
const isOfPod = (name: string, value: unknown) => name === 'instances' && Array.isArray(value);

const frameworkFacts = ({ id, name, active, connected, roles, capabilities, user }: Loose) => ({
  ...{ id, name, active, connected, roles, capabilities, user },
});

/** A request may have registered another, which goes when its stream does. */
const isOurs = ({ hostname }: Loose) => ['127.0.0.1', 'agent.test'].includes(String(hostname));

const agentFacts = ({ id, active, hostname, attributes, resources, reserved_resources: reserved }: Loose) => ({
  ...{ id, active, hostname, attributes, resources, reserved },
});
