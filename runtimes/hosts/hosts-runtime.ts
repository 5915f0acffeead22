import { UserError } from '../../errors/user-error.ts';
import { stateFolder } from '../../lab/lab-layout.ts';
import { explainingFailures } from '../../lab/write-failure.ts';
import type { ClusterRuntime, Lab } from '../cluster-runtime.ts';
import { keptImages } from '../docker/images/kept-images.ts';
import { liteInstead } from '../docker/images/lite-instead.ts';
import { localImages } from '../docker/images/local-images.ts';
import type { Removal } from '../labs-facet.ts';
import { labFolders } from '../lab-record.ts';
import { hostsDoctor } from './doctor/hosts-doctor.ts';
import { hostsLabs } from './hosts-labs.ts';
import { overSsh } from './nodes/log-in.ts';
import { nodeConnector, type ConnectNode } from './nodes/connect-node.ts';
import { readHostsRecord, removeHostsRecord, type HostsRecord } from './hosts-record.ts';
import type { HostsWorld } from './hosts-world.ts';
import { findOnHosts, knownLab, type KnownLab } from './known-lab.ts';
import { otherLabProblem } from './nodes/node-containers.ts';
import { execOn, logsOn, type NodeParts } from './nodes/node-parts.ts';
import { prepareHosts, pushToHosts } from './start/prepare-hosts.ts';
import { removeFromNodes, type NodeRemoval } from './remove-from-nodes.ts';
import { startOnHosts } from './start/start-on-hosts.ts';
import { nodeNames } from './start/start-wave.ts';
import { cleanOnNodes } from './images/clean-on-nodes.ts';
import { warmNodes } from './images/warm-nodes.ts';
import { controlNodes } from './control-nodes.ts';

/** Real containers on several machines: a Docker Engine per node, with a Compose project each. */
export function hostsRuntime(world: HostsWorld, connect: ConnectNode = nodeConnector(world)): ClusterRuntime {
  return {
    name: 'hosts',
    times: { readyMs: 300_000, appsMs: 300_000, intervalMs: 100 },
    // Which machines a lab runs on is in its spec: there is no choice.
    refusal: () => Promise.resolve(undefined),
    find: ({ directory }) => findOnHosts(world, connect, directory),
    prepare: (lab, options) => prepareHosts(world, connect, lab, options),
    start: ({ directory }, options) => startOnHosts(world, connect, directory, options),
    remove: (lab) => remove(world, connect, lab),
    control: async ({ directory }, action, names, signal) => {
      await controlNodes(directory, await knownLab(world, connect, directory), { action, names, signal });
    },
    logs: async ({ directory }, request, onLine) =>
      logsOn(reachedParts(await knownLab(world, connect, directory)), request, onLine),
    exec: async ({ directory }, id, words, signal) => {
      const parts = reachedParts(await knownLab(world, connect, directory));
      return execOn(parts, id, words, { hasTerminal: world.hasTerminal(), signal });
    },
    doctor: (question) => hostsDoctor(world, question),
    images: {
      ...localImages(world),
      push: ({ plan, directory, appImages, tell, signal }) => {
        const apps = [...new Set(appImages.map(({ reference }) => reference))];
        return pushToHosts(world, connect, { directory }, { plan, appImages: apps, tell, signal });
      },
      clean: async (request) => {
        const parts = reachedParts(await knownLab(world, connect, request.directory));
        return cleanOnNodes(parts, request);
      },
      warm: async ({ directory, ...told }, images) => {
        const { nodes } = await knownLab(world, connect, directory);
        const found = nodes.map(({ node, reach }) => ({
          node,
          engine: reach.kind === 'reached' ? reach.engine : reach.problem,
        }));
        return warmNodes(found, images, told);
      },
    },
    labs: hostsLabs(world, 'hosts'),
    instead: (failed) => liteInstead(world, failed),
    login: overSsh,
  };
}

const reachedParts = ({ nodes }: KnownLab): readonly NodeParts[] =>
  nodes.flatMap(({ node: { name }, reach, containers }) =>
    reach.kind === 'reached' ? [{ name, engine: reach.engine, containers }] : [],
  );

/**
 * Removes the lab from all nodes at the same time. Those that are not reached are named, and the record stays, so that
 * it can be done again. A lab of the same name in another folder is left alone, and named.
 */
async function remove(world: HostsWorld, connect: ConnectNode, { directory }: Lab): Promise<Removal | undefined> {
  const known = await knownLab(world, connect, directory);
  const { record, nodes, plan } = known;
  const containers = nodes.flatMap((each) => each.containers);
  if (record === undefined && containers.length === 0) return undefined;
  const name = record?.name ?? plan.name;
  const folders = [...labFolders(world.files, directory), ...formerFolders(world, directory, record)];
  const ends = await removeFromNodes(nodes, { name, folders, workDir: plan.workDir, clock: world.clock });
  const failed = ends.filter(({ failure }) => failure !== undefined);
  const removed = ends.flatMap((end) => (end.removed === '' ? [] : [`${end.node}: ${end.removed}`])).join('; ');
  if (failed.length > 0) throw notRemoved(failed, removed);
  const others = ends.flatMap(({ node, other }) => (other === undefined ? [] : otherLabProblem(node, other)));
  const [first, ...more] = others;
  if (first !== undefined && removed === '')
    throw new UserError({ ...first, message: `${first.message}; nothing was done` }, ...more);
  explainingFailures(directory, 'Its containers are gone', () => {
    removeHostsRecord(world.files, directory);
    world.registry.remove(directory);
    world.files.removeEmptyFolder(`${directory}/${stateFolder}`);
  });
  const left = others.map(({ message, found = '' }) => `${message}: ${found}`);
  return { removed, kept: [...keptImages(containers), ...keptFolders(known, ends), ...left] };
}

/** Where a lab was started that was moved since, or is named otherwise now: not where a copy of it was started. */
function formerFolders({ files }: HostsWorld, directory: string, record: HostsRecord | undefined): readonly string[] {
  if (record === undefined) return [];
  const isSame = files.realPath(record.directory) === files.realPath(directory);
  return isSame || readHostsRecord(files, record.directory) === undefined ? [record.directory] : [];
}

/** The agents' work folders are on the machines themselves, and have what tasks wrote. */
function keptFolders({ nodes, plan }: KnownLab, ends: readonly NodeRemoval[]): readonly string[] {
  const names = nodes
    .filter(
      ({ node }, index) =>
        ends[index]?.other === undefined && node.components.some(({ role }) => role === 'mesos-agent'),
    )
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
