import type { Cluster } from '../../checks/cluster-target.ts';
import { readStatistics, serverStatesOf, type ServerState } from '../../checks/haproxy-statistics.ts';
import type { RunningTask } from './running-app.ts';

/** What HAProxy has more processes than while it is reloaded, as zdd.py counts them. */
const mostProcesses = 2;

/** What the load balancer does with the servers of a service port. @throws Error when it does not answer */
export async function askBalancer(
  { target, client }: Cluster,
  servicePort: number,
  signal: AbortSignal,
): Promise<readonly ServerState[]> {
  const url = target.loadBalancer ?? '';
  const { status, text } = await client.ask(`${url}/haproxy?stats;csv`, signal);
  if (status !== 200) throw new Error(`${url}/haproxy?stats;csv answers ${status}`);
  return serverStatesOf(readStatistics(text), servicePort);
}

/**
 * Whether processes of before the last reload still have sessions, which the statistics do not show. Not for every look:
 * marathon-lb's script forks HAProxy for it, and 2.6 broke off one request in fifty when it was asked five times a second.
 */
export async function isReloading({ target, client }: Cluster, signal: AbortSignal): Promise<boolean> {
  const processes = await client.ask(`${target.loadBalancer ?? ''}/_haproxy_getpids`, signal);
  return processes.status === 200 && processes.text.trim().split(/\s+/).length > mostProcesses;
}

/**
 * The server that a task is. marathon-lb calls it `host_port`, or `host_address_port` where the host is a name or the
 * task has an address of its own, with `_` for what is neither letter, digit nor hyphen.
 */
export function serverOf(task: RunningTask, servers: readonly ServerState[]): ServerState | undefined {
  const inName = (text: string) => text.replaceAll(/[^\dA-Za-z-]/g, '_');
  const host = inName(task.host);
  return servers.find(({ server }) => {
    if (task.ports.some((port) => server === `${host}_${port}`)) return true;
    if (!server.startsWith(`${host}_`)) return false;
    return (
      task.ports.some((port) => server.endsWith(`_${port}`)) ||
      task.addresses.some((address) => server.startsWith(`${host}_${inName(address)}_`))
    );
  });
}

/** Whether ending a task breaks off no request: it gets none any more, and those it had are done. */
export function isOut(task: RunningTask, servers: readonly ServerState[]): boolean {
  const server = serverOf(task, servers);
  // One that is not well is left out of the configuration; where it is not found otherwise, nothing is known of it.
  if (server === undefined) return !task.isAlive;
  return !server.isUp && server.sessions === 0;
}
