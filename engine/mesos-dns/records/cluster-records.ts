import { isIP } from 'node:net';
import type { AddressesOf } from '../host-addresses.ts';
import { soaNames, type MesosDnsConfig } from '../mesos-dns-config.ts';
import type { KnownAgent, KnownFramework, KnownTask } from './known-cluster.ts';
import { domainFragment, rfc1123, rfc952, type LabelRule } from './labels.ts';
import { masterRecords } from './master-records.ts';
import { taskRecords } from './task-records.ts';
import { Zone, type DnsRecord } from './zone.ts';

export interface ClusterState {
  /** `127.0.0.1:5050` */
  readonly leader: string;
  readonly frameworks: readonly KnownFramework[];
  readonly agents: readonly KnownAgent[];
  readonly tasks: readonly KnownTask[];
}

interface Held<Known> {
  readonly known: Known;
  readonly records: readonly DnsRecord[];
}

const kindOf = (address: string) => (isIP(address) === 6 ? 'AAAA' : 'A');

/** The records of a cluster; a change of a part changes the records of that part alone. */
export class ClusterRecords {
  readonly zone = new Zone();
  readonly leader: string;
  readonly #config: MesosDnsConfig;
  readonly #addressesOf: AddressesOf;
  readonly #rule: LabelRule;
  readonly #frameworks = new Map<string, Held<KnownFramework>>();
  readonly #agents = new Map<string, Held<KnownAgent>>();
  readonly #tasks = new Map<string, Held<KnownTask>>();

  constructor(state: ClusterState, config: MesosDnsConfig, addressesOf: AddressesOf) {
    this.#config = config;
    this.#addressesOf = addressesOf;
    this.#rule = config.enforceRfc952 ? rfc952 : rfc1123;
    this.leader = state.leader;
    const listener = config.listener === '0.0.0.0' || config.listener === '::' ? '' : config.listener;
    const own = addressesOf(listener).map(
      (host) => ({ kind: kindOf(host), name: soaNames(config).mname, host }) as const,
    );
    const masters = masterRecords(state.leader, config, addressesOf);
    for (const record of [...own, ...masters]) this.zone.add(record);
    for (const framework of state.frameworks) this.putFramework(framework);
    for (const agent of state.agents) this.putAgent(agent);
    for (const task of state.tasks) this.putTask(task);
  }

  task(frameworkId: string, taskId: string): KnownTask | undefined {
    return this.#tasks.get(`${frameworkId} ${taskId}`)?.known;
  }

  framework(id: string): KnownFramework | undefined {
    return this.#frameworks.get(id)?.known;
  }

  /** All there is, for whoever reads the records anew with other addresses. */
  state(): ClusterState {
    const known = <Known>(held: ReadonlyMap<string, Held<Known>>) => [...held.values()].map((each) => each.known);
    return {
      leader: this.leader,
      frameworks: known(this.#frameworks),
      agents: known(this.#agents),
      tasks: known(this.#tasks),
    };
  }

  /** The records of each running task, in the order of their frameworks. */
  *tasksOf(frameworkId: string): Iterable<Held<KnownTask>> {
    for (const held of this.#tasks.values()) {
      if (held.known.frameworkId === frameworkId && held.known.isRunning) yield held;
    }
  }

  get frameworks(): readonly KnownFramework[] {
    return [...this.#frameworks.values()].map(({ known }) => known);
  }

  putFramework(framework: KnownFramework): void {
    const before = this.#frameworks.get(framework.id)?.known;
    this.#put(this.#frameworks, framework.id, framework, this.#frameworkRecords(framework));
    if (before?.name !== framework.name) this.#putTasksAgain(({ frameworkId }) => frameworkId === framework.id);
  }

  removeFramework(id: string): void {
    this.#remove(this.#frameworks, id);
    this.#removeTasks(({ frameworkId }) => frameworkId === id);
  }

  putAgent(agent: KnownAgent): void {
    const before = this.#agents.get(agent.id)?.known;
    this.#put(this.#agents, agent.id, agent, this.#agentRecords(agent));
    if (before?.host !== agent.host) this.#putTasksAgain(({ agentId }) => agentId === agent.id);
  }

  removeAgent(id: string): void {
    this.#remove(this.#agents, id);
    this.#putTasksAgain(({ agentId }) => agentId === id);
  }

  putTask(task: KnownTask): void {
    this.#put(this.#tasks, `${task.frameworkId} ${task.id}`, task, this.#taskRecords(task));
  }

  removeTask(frameworkId: string, taskId: string): void {
    this.#remove(this.#tasks, `${frameworkId} ${taskId}`);
  }

  #putTasksAgain(isMeant: (task: KnownTask) => boolean): void {
    for (const { known } of [...this.#tasks.values()]) if (isMeant(known)) this.putTask(known);
  }

  #removeTasks(isMeant: (task: KnownTask) => boolean): void {
    for (const { known } of [...this.#tasks.values()]) if (isMeant(known)) this.removeTask(known.frameworkId, known.id);
  }

  #put<Known>(held: Map<string, Held<Known>>, key: string, known: Known, records: readonly DnsRecord[]): void {
    // First the new ones, so that a name that stays is never gone.
    for (const record of records) this.zone.add(record);
    for (const record of held.get(key)?.records ?? []) this.zone.remove(record);
    held.set(key, { known, records });
  }

  #remove<Known>(held: Map<string, Held<Known>>, key: string): void {
    for (const record of held.get(key)?.records ?? []) this.zone.remove(record);
    held.delete(key);
  }

  #frameworkRecords({ name, host, port }: KnownFramework): readonly DnsRecord[] {
    const full = `${domainFragment(name, this.#rule)}.${this.#config.domain}.`;
    const addresses = this.#addressesOf(host);
    const hosts = addresses.map((address): DnsRecord => ({ kind: kindOf(address), name: full, host: address }));
    const service: DnsRecord = { kind: 'SRV', name: `_framework._tcp.${full}`, host: `${full}:${port ?? 0}` };
    return addresses.length === 0 || port === undefined ? hosts : [...hosts, service];
  }

  #agentRecords({ host, port }: KnownAgent): readonly DnsRecord[] {
    const { domain } = this.#config;
    const full = `slave.${domain}.`;
    const addresses = this.#addressesOf(host);
    if (addresses.length === 0) return [];
    const hosts = addresses.map((address): DnsRecord => ({ kind: kindOf(address), name: full, host: address }));
    return [...hosts, { kind: 'SRV', name: `_slave._tcp.${domain}.`, host: `${full}:${port}` }];
  }

  /** None of a task that does not run, or whose agent or framework is not known. */
  #taskRecords(task: KnownTask): readonly DnsRecord[] {
    const agent = this.#agents.get(task.agentId)?.known;
    const framework = this.#frameworks.get(task.frameworkId)?.known;
    if (!task.isRunning || agent === undefined || framework === undefined) return [];
    const addresses = this.#addressesOf(agent.host);
    return taskRecords(task, {
      ...this.#config,
      rule: this.#rule,
      frameworkName: framework.name,
      agentAddresses: addresses.length > 0 ? addresses : [domainFragment(agent.host, this.#rule)],
    });
  }
}
