import { isIP } from 'node:net';
import { listAt, numberAt, textAt, valueAt } from '../../../protocol/json.ts';
import type { IpSource } from '../mesos-dns-config.ts';

/** What names are made of, whichever API told it. */
export interface KnownTask {
  readonly id: string;
  readonly name: string;
  readonly frameworkId: string;
  readonly agentId: string;
  readonly isRunning: boolean;
  /** By its latest status of a task that runs; `host` is the agent's. */
  readonly addresses: Readonly<Record<Exclude<IpSource, 'host'>, readonly string[]>>;
  readonly ports: readonly number[];
  readonly discovery: KnownDiscovery | undefined;
}

interface KnownDiscovery {
  readonly name: string;
  readonly ports: readonly { readonly number: number; readonly name: string; readonly protocol: string }[];
}

export interface KnownAgent {
  readonly id: string;
  readonly host: string;
  readonly port: number;
}

export interface KnownFramework {
  readonly id: string;
  readonly name: string;
  /** Of its scheduler. */
  readonly host: string;
  /** Missing: it talks HTTP. */
  readonly port?: number;
}

const idOf = (value: unknown, name: string): string =>
  textAt(value, `${name}_id`, 'value') ?? textAt(value, `${name}_id`) ?? '';

/** Of `slave(1)@127.0.0.1:5051`. */
export function addressOfPid(pid: string | undefined): { readonly host: string; readonly port: number } | undefined {
  const [, host, port] = /@\[?([^@\]]+)\]?:(\d+)$/.exec(pid ?? '') ?? [];
  return host === undefined ? undefined : { host, port: Number(port) };
}

const noAddresses: KnownTask['addresses'] = { netinfo: [], mesos: [], docker: [] };

/** @param task of `/state`, or of the v1 API: they differ in how they write ids, resources and labels */
export function readTask(task: unknown): KnownTask {
  const id = textAt(task, 'task_id', 'value') ?? textAt(task, 'id') ?? '';
  const latest = listAt(task, 'statuses')
    .filter((status) => textAt(status, 'state') === 'TASK_RUNNING')
    .reduce<unknown>(
      (best, status) => (best === undefined || timeOf(status) > timeOf(best) ? status : best),
      undefined,
    );
  return {
    id,
    name: textAt(task, 'name') ?? '',
    frameworkId: idOf(task, 'framework'),
    agentId: idOf(task, 'agent') || idOf(task, 'slave'),
    isRunning: textAt(task, 'state') === 'TASK_RUNNING',
    addresses: latest === undefined ? noAddresses : addressesOf(latest),
    ports: portsOf(valueAt(task, 'resources')),
    discovery: discoveryOf(valueAt(task, 'discovery')),
  };
}

const timeOf = (status: unknown) => numberAt(status, 'timestamp') ?? 0;

const dockerLabel = 'Docker.NetworkSettings.IPAddress';
const mesosLabel = 'MesosContainerizer.NetworkSettings.IPAddress';

/** What a status says of the addresses of its task. */
export function addressesOf(status: unknown): KnownTask['addresses'] {
  const labels = [...listAt(status, 'labels'), ...listAt(status, 'labels', 'labels')];
  const labelled = (key: string) =>
    labels.filter((label) => textAt(label, 'key') === key).flatMap((label) => textAt(label, 'value') ?? []);
  const netinfo = listAt(status, 'container_status', 'network_infos').flatMap((info) => {
    const listed = listAt(info, 'ip_addresses').flatMap((address) => textAt(address, 'ip_address') ?? []);
    return listed.length > 0 ? listed : (textAt(info, 'ip_address') ?? []);
  });
  const valid = (addresses: readonly string[]) => addresses.filter((address) => isIP(address) !== 0);
  return { netinfo: valid(netinfo), mesos: valid(labelled(mesosLabel)), docker: valid(labelled(dockerLabel)) };
}

/** More than any task has: what a master says must not fill the memory. */
const mostPorts = 1000;

function portsOf(resources: unknown): readonly number[] {
  const text = textAt(resources, 'ports');
  const ranges =
    text === undefined
      ? (Array.isArray(resources) ? resources : [])
          .filter((each) => textAt(each, 'name') === 'ports')
          .flatMap((each) => listAt(each, 'ranges', 'range'))
          .map((range) => [numberAt(range, 'begin') ?? 0, numberAt(range, 'end') ?? -1] as const)
      : [...text.matchAll(/(\d+)-(\d+)/g)].map(([, begin, end]) => [Number(begin), Number(end)] as const);
  const ports: number[] = [];
  for (const [begin, end] of ranges) {
    for (let port = begin; port <= end && ports.length < mostPorts; port++) ports.push(port);
  }
  return ports;
}

function discoveryOf(info: unknown): KnownDiscovery | undefined {
  const name = textAt(info, 'name') ?? '';
  if (name === '') return undefined;
  const ports = listAt(info, 'ports', 'ports').map((port) => ({
    number: numberAt(port, 'number') ?? 0,
    name: textAt(port, 'name') ?? '',
    protocol: textAt(port, 'protocol') ?? '',
  }));
  return { name, ports };
}

/** @param agent of `/state` or of the v1 API */
export function readAgent(agent: unknown): KnownAgent {
  const address = addressOfPid(textAt(agent, 'pid'));
  const info = valueAt(agent, 'agent_info') ?? agent;
  return {
    id: textAt(info, 'id', 'value') ?? textAt(info, 'id') ?? '',
    host: address?.host ?? textAt(info, 'hostname') ?? '',
    port: address?.port ?? numberAt(info, 'port') ?? 0,
  };
}

/** @param framework of `/state`, which has the PID of a driver, or of the v1 API, which has none */
export function readFramework(framework: unknown): KnownFramework {
  const address = addressOfPid(textAt(framework, 'pid'));
  const info = valueAt(framework, 'framework_info') ?? framework;
  return {
    id: textAt(info, 'id', 'value') ?? textAt(info, 'id') ?? '',
    name: textAt(info, 'name') ?? '',
    host: address?.host ?? textAt(info, 'hostname') ?? '',
    ...(address === undefined ? {} : { port: address.port }),
  };
}
