import { isIP } from 'node:net';
import type { MesosDnsConfig } from '../mesos-dns-config.ts';
import type { KnownTask } from './known-cluster.ts';
import { domainFragment, type LabelRule } from './labels.ts';
import { taskHash } from './task-hash.ts';
import type { DnsRecord } from './zone.ts';

export interface TaskSurroundings extends Pick<MesosDnsConfig, 'domain' | 'ipSources'> {
  readonly rule: LabelRule;
  readonly frameworkName: string;
  /** Of its agent: addresses, or a name when nothing resolves it. */
  readonly agentAddresses: readonly string[];
}

const kindOf = (address: string) => (isIP(address) === 6 ? 'AAAA' : 'A');

/** All records of a task that runs, without repetition (docs/naming.md, taskRecord in records/generator.go). */
export function taskRecords(task: KnownTask, around: TaskSurroundings): readonly DnsRecord[] {
  const { rule } = around;
  const { discovery } = task;
  // A name that was given for discovery counts as it is, too, for those who asked so before it was made a label.
  const names = discovery === undefined ? [rule(task.name)] : [discovery.name, rule(discovery.name)];
  const found = new Map<string, DnsRecord>();
  for (const record of names.flatMap((name) => recordsOfName(name, task, around))) {
    found.set(`${record.kind} ${record.name} ${record.host}`, record);
  }
  return [...found.values()];
}

function recordsOfName(name: string, task: KnownTask, around: TaskSurroundings): readonly DnsRecord[] {
  const { rule, domain, agentAddresses } = around;
  const framework = domainFragment(around.frameworkName, rule);
  const tail = `.${domain}.`;
  const agentNumber = (task.agentId.split('-').at(-1) ?? '').toLowerCase();
  const canonical = `${name}-${taskHash(task.id)}-${agentNumber}.${framework}`;
  const plain = `${name}.${framework}`;
  const addresses = addressesOf(task, around);
  const hosts: DnsRecord[] = [];
  for (const host of addresses) for (const each of [plain, canonical]) hosts.push(hostRecord(`${each}${tail}`, host));
  for (const host of agentAddresses) {
    for (const each of [plain, canonical]) hosts.push(hostRecord(`${each}.slave${tail}`, host));
  }
  return [...hosts, ...servicesOf(`_${name}`, framework, { task, tail, canonical, rule })];
}

const hostRecord = (name: string, host: string): DnsRecord => ({ kind: kindOf(host), name, host });

interface ServiceNames {
  readonly task: KnownTask;
  readonly tail: string;
  readonly canonical: string;
  readonly rule: LabelRule;
}

/** SRV records lead to the agent by the ports of the resources, and to the task by those given for discovery. */
function servicesOf(service: string, framework: string, names: ServiceNames): readonly DnsRecord[] {
  const { task, tail, canonical, rule } = names;
  const { discovery, ports } = task;
  const srv = (name: string, host: string): DnsRecord => ({ kind: 'SRV', name: `${name}${tail}`, host });
  const onAgent = ports.flatMap((port) =>
    ['.slave', ...(discovery === undefined ? [''] : [])].flatMap((subdomain) =>
      ['tcp', 'udp'].map((protocol) =>
        srv(`${service}._${protocol}.${framework}${subdomain}`, `${canonical}.slave${tail}:${port}`),
      ),
    ),
  );
  const discovered = (discovery?.ports ?? []).flatMap((port) => {
    const label = rule(port.name);
    const protocol = rule(port.protocol);
    const protocols = protocol === '' ? ['tcp', 'udp'] : [protocol];
    return protocols.flatMap((each) => {
      const name = `${service}._${each}.${framework}`;
      return [name, ...(label === '' ? [] : [`_${label}.${name}`])].map((full) =>
        srv(full, `${canonical}${tail}:${port.number}`),
      );
    });
  });
  return [...onAgent, ...discovered];
}

/** Those of the first source that has any. */
function addressesOf(
  { addresses }: KnownTask,
  { ipSources, agentAddresses }: Pick<TaskSurroundings, 'ipSources' | 'agentAddresses'>,
): readonly string[] {
  for (const source of ipSources) {
    const found = source === 'host' ? agentAddresses.filter((host) => isIP(host) !== 0) : addresses[source];
    if (found.length > 0) return found;
  }
  return [];
}
