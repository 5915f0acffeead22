import type { ZookeeperMember } from './plan.ts';
import { zookeeperElectionPort, zookeeperPeerPort } from '../components/zookeeper.ts';

/** `floor(n/2)+1`: Mesos's operational guide, "High Availability". */
export function majority(members: number): number {
  return Math.floor(members / 2) + 1;
}

/** ids that the spec gives stay; the others get the lowest free ones, in the order of the nodes. */
function zookeeperIds(given: readonly (number | undefined)[]): readonly number[] {
  const taken = new Set(given);
  let next = 1;
  return given.map((id) => {
    if (id !== undefined) return id;
    while (taken.has(next)) next++;
    return next++;
  });
}

/**
 * A line of ZOO_SERVERS (ZooKeeper 3.5+ syntax, `server.id=host:peer:election;[address:]client`). The client port is
 * in it because the image sets it nowhere else; on a machine of its own it listens on the node's address only.
 */
function serverLine(id: number, host: string, clientPort: number, onHosts: boolean): string {
  const client = onHosts ? `${host}:${clientPort}` : String(clientPort);
  return `server.${id}=${host}:${zookeeperPeerPort}:${zookeeperElectionPort};${client}`;
}

/** The ensemble, with ids and server lines. */
export function planZookeepers(
  members: readonly { readonly node: string; readonly host: string; readonly id: number | undefined }[],
  clientPort: number,
  onHosts: boolean,
): readonly ZookeeperMember[] {
  const ids = zookeeperIds(members.map(({ id }) => id));
  return members.map(({ node, host }, index) => {
    const id = ids[index] ?? index + 1;
    return { id, node, host, clientPort, serverLine: serverLine(id, host, clientPort, onHosts) };
  });
}
