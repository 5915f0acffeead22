import type { Cluster } from '../../checks/cluster-target.ts';
import { readStatistics, serverStatesOf, type ServerState } from '../../checks/haproxy-statistics.ts';
import type { RunningTask } from './running-app.ts';

/** What HAProxy has more processes than while it is reloaded, as zdd.py counts them. */
const mostProcesses = 2;

/**
 * What the load balancer does with the servers of a service port; undefined while it is reloaded, for the processes
 * before may still have sessions that its statistics do not show.
 * @throws Error when it does not answer
 */
export async function askBalancer(
  { target, client }: Cluster,
  servicePort: number,
  signal: AbortSignal,
): Promise<readonly ServerState[] | undefined> {
  const url = target.loadBalancer ?? '';
  const processes = await client.ask(`${url}/_haproxy_getpids`, signal);
  if (processes.status === 200 && processes.text.trim().split(/\s+/).length > mostProcesses) return undefined;
  const { status, text } = await client.ask(`${url}/haproxy?stats;csv`, signal);
  if (status !== 200) throw new Error(`${url}/haproxy?stats;csv answers ${status}`);
  return serverStatesOf(readStatistics(text), servicePort);
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
