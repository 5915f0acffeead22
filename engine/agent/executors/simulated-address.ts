import { createHash } from 'node:crypto';
import type { TaskInfo } from '../../../protocol/mesos.ts';
import { portMappingsOf } from '../tasks/port-mappings.ts';

/** Where a container in a Docker network that has a name would be found, were there one. */
export interface OwnAddress {
  /** Of this machine's loopback: `127.83.4.17` */
  readonly host: string;
  /** Inside of the container, TCP. */
  readonly ports: readonly number[];
}

/**
 * The address of a container of its own, where its network gives it one (USER), by the id of its task: from the
 * addresses of loopback that no agent has, 127.64.0.0/10. Its ports are those that are told for its networks
 * (Marathon, PortDiscovery.scala) and those that ports of the agent lead to.
 */
export function ownAddress({ task_id, container, discovery }: TaskInfo): OwnAddress | undefined {
  if (container?.docker?.network !== 'USER') return undefined;
  const [a = 0, b = 0, c = 0] = createHash('sha256').update(task_id.value).digest();
  const told = (discovery?.ports?.ports ?? []).filter(({ labels }) =>
    labels?.labels.some(({ key, value }) => key === 'network-scope' && value === 'container'),
  );
  const mapped = portMappingsOf(container).map(({ container_port: number, protocol }) => ({ number, protocol }));
  const tcp = [...told, ...mapped].filter(({ protocol = 'tcp' }) => protocol.split(',').includes('tcp'));
  return { host: `127.${64 + (a % 64)}.${b}.${1 + (c % 254)}`, ports: [...new Set(tcp.map(({ number }) => number))] };
}
