import { UserError } from '../../errors/user-error.ts';
import { stateFolder } from '../../lab/lab-layout.ts';
import { explainingFailures } from '../../lab/write-failure.ts';
import type { ClusterRuntime, Lab, LogRequest, Removal } from '../cluster-runtime.ts';
import { exec, unknownPart } from '../docker/docker-runtime.ts';
import { keptImages } from '../docker/kept-images.ts';
import { showLogs } from '../docker/show-logs.ts';
import { nodeConnector, type ConnectNode } from './connect-node.ts';
import { removeHostsRecord } from './hosts-record.ts';
import type { HostsWorld } from './hosts-world.ts';
import { inParallel } from './in-parallel.ts';
import { findOnHosts, knownLab, partId, type KnownLab } from './known-lab.ts';
import { nodeFolder } from './node-files.ts';
import { prepareHosts } from './prepare-hosts.ts';
import { removeFromNodes } from './remove-from-nodes.ts';
import { startOnHosts } from './start-on-hosts.ts';
import { nodeNames } from './start-wave.ts';
import { turnNodes } from './turn-nodes.ts';

/** Real containers on several machines: a Docker Engine per node, with a Compose project each. */
export function hostsRuntime(world: HostsWorld, connect: ConnectNode = nodeConnector(world)): ClusterRuntime {
  return {
    name: 'hosts',
    // Which machines a lab runs on is in its spec: there is no choice.
    unavailable: () => Promise.resolve(undefined),
    find: ({ directory }) => findOnHosts(world, connect, directory),
    prepare: (lab, options) => prepareHosts(world, connect, lab, options),
    start: ({ directory }, options) => startOnHosts(world, connect, directory, options),
    remove: (lab) => remove(world, connect, lab),
    turn: async ({ directory }, to, names, signal) => {
      await turnNodes(directory, await knownLab(world, connect, directory), { to, names, signal });
    },
    logs: (lab, request, onLine) => logs(world, connect, lab, request, onLine),
    exec: async ({ directory }, id, words, signal) => {
      const { nodes } = await knownLab(world, connect, directory);
      for (const { node, reach, containers } of nodes) {
        const container = containers.find((each) => partId(node.name, each.id) === id);
        if (container === undefined || reach.kind === 'unreached') continue;
        return exec(reach.engine, container, words, world.hasTerminal(), signal);
      }
      const all = nodes.flatMap(({ node, containers }) =>
        containers.map((each) => ({ ...each, id: partId(node.name, each.id) })),
      );
      throw unknownPart(id, all);
    },
  };
}

/**
 * Removes the lab from all nodes at the same time. Those that are not reached are named, and the record stays, so that
 * it can be done again.
 */
async function remove(world: HostsWorld, connect: ConnectNode, { directory }: Lab): Promise<Removal | undefined> {
  const known = await knownLab(world, connect, directory);
  const { record, nodes, plan } = known;
  const containers = nodes.flatMap((each) => each.containers);
  if (record === undefined && containers.length === 0) return undefined;
  const name = record?.name ?? plan.name;
  const folders = [directory, world.files.realPath(directory)];
  const own = nodes.filter(({ node, containers: some }) =>
    some.every((each) => folders.some((folder) => nodeFolder(folder, node.name) === each.directory)),
  );
  const ends = await removeFromNodes(own, { name, workDir: plan.workDir, clock: world.clock });
  const failed = ends.filter(({ failure }) => failure !== undefined);
  const removed = ends.flatMap((end) => (end.removed === '' ? [] : [`${end.node}: ${end.removed}`])).join('; ');
  if (failed.length > 0) throw notRemoved(failed, removed);
  explainingFailures(directory, 'Its containers are gone', () => {
    removeHostsRecord(world.files, directory);
    world.registry.remove(directory);
    world.files.removeEmptyFolder(`${directory}/${stateFolder}`);
  });
  return { removed, kept: [...keptImages(containers), ...keptFolders(known)] };
}

/** The agents' work folders are on the machines themselves, and have what tasks wrote. */
function keptFolders({ nodes, plan }: KnownLab): readonly string[] {
  const names = nodes
    .filter(({ node }) => node.components.some(({ role }) => role === 'mesos-agent'))
    .map(({ node }) => node.name);
  return names.length === 0 ? [] : [`${plan.workDir} on ${nodeNames(names)}, with the sandboxes of tasks`];
}

function notRemoved(
  failed: readonly { readonly node: string; readonly failure?: string }[],
  removed: string,
): UserError {
  return new UserError({
    code: 'COMMAND_FAILED',
    message: `the lab is not gone from ${failed.map(({ node }) => node).join(', ')}; ${removed === '' ? 'nothing else was there to remove' : `removed from the others (${removed})`}`,
    found: failed.map(({ failure }) => failure ?? '').join('\n           '),
    fix: 'bring that back, and run down again: what is left is remembered',
  });
}

async function logs(
  world: HostsWorld,
  connect: ConnectNode,
  { directory }: Lab,
  request: LogRequest,
  onLine: (id: string, line: string) => void,
): Promise<boolean> {
  const { nodes } = await knownLab(world, connect, directory);
  const asked = nodes.flatMap(({ node, reach, containers }) => {
    const ids = containers.map(({ id }) => id).filter((id) => request.ids.includes(partId(node.name, id)));
    const [first] = containers;
    return reach.kind === 'reached' && first !== undefined && ids.length > 0
      ? [{ node: node.name, engine: reach.engine, lab: first.lab, ids }]
      : [];
  });
  if (asked.flatMap(({ ids }) => ids).length < request.ids.length) return false;
  const show = ({ node, engine, lab, ids }: (typeof asked)[number]) =>
    showLogs(engine, lab, { ...request, ids }, (id, line) => {
      onLine(partId(node, id), line);
    });
  await (request.follow ? Promise.all(asked.map(show)) : inParallel(asked, show));
  return true;
}
