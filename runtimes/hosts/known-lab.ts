import { targetFromPlan } from '../../checks/cluster-target.ts';
import type { UserError } from '../../errors/user-error.ts';
import { isRunning } from '../../platform/processes/process-identity.ts';
import type { Plan, PlannedNode } from '../../planning/plan/plan.ts';
import type { FoundLab, LabMachine, LabPart, RunningLab, StartOptions } from '../cluster-runtime.ts';
import { composeChanges, type ComposeProject } from '../docker/compose/compose-project.ts';
import type { ComposeEngine } from '../docker/docker-engine.ts';
import { isUp } from '../docker/lab/control-containers.ts';
import { type LabContainer, isDoneWithout } from '../docker/lab/lab-containers.ts';
import { watchContainers } from '../docker/start/watch-containers.ts';
import { labFolders } from '../lab-record.ts';
import type { ConnectNode, NodeReach } from './nodes/connect-node.ts';
import { hostsFolder, readHostsRecord, type HostsRecord } from './hosts-record.ts';
import type { HostsWorld } from './hosts-world.ts';
import { inParallel } from '../../platform/in-parallel.ts';
import { nodeContainers } from './nodes/node-containers.ts';
import { nodeFiles, nodeFolder } from './nodes/node-files.ts';
import { atNode } from './nodes/node-error.ts';
import { partId, partsOn } from './nodes/node-parts.ts';
import { secretVariables } from './nodes/secret-variables.ts';
import { refuseMixedVersions } from './start/mesos-versions.ts';
import { planWithout } from './start/plan-without.ts';

/** A node, and what it has of the lab. */
export interface KnownNode {
  readonly node: PlannedNode;
  readonly reach: NodeReach;
  /** None when it was not reached. */
  readonly containers: readonly LabContainer[];
  /** Of labs in other folders on the same machine. */
  readonly others: readonly LabContainer[];
}

/** Everything that the machines and our own record know of a lab's folder. */
export interface KnownLab {
  readonly record: HostsRecord | undefined;
  readonly plan: Plan;
  readonly nodes: readonly KnownNode[];
}

/** What there is of a lab, on the machines that it was started on; without a record, on those that its spec names. */
export async function knownLab(world: HostsWorld, connect: ConnectNode, directory: string): Promise<KnownLab> {
  const record = readHostsRecord(world.files, directory);
  const plan = record?.plan ?? (await world.planOf(directory));
  return { record, plan, nodes: await lookAtNodes(world, connect, directory, plan.nodes) };
}

/** What nodes have of the lab in a folder. */
export function lookAtNodes(
  world: HostsWorld,
  connect: ConnectNode,
  directory: string,
  nodes: readonly PlannedNode[],
): Promise<readonly KnownNode[]> {
  const folders = labFolders(world.files, directory);
  return inParallel(nodes, async (node) => {
    const reach = await connect(node);
    if (reach.kind === 'unreached') return { node, reach, containers: [], others: [] };
    const { own, others } = await nodeContainers(reach.engine, node.name, folders);
    return { node, reach, containers: own, others };
  });
}

/** As ClusterRuntime.find. */
export async function findOnHosts(world: HostsWorld, connect: ConnectNode, directory: string): Promise<FoundLab> {
  const known = await knownLab(world, connect, directory);
  const { record, nodes } = known;
  const containers = nodes.flatMap((each) => each.containers);
  if (record === undefined && containers.length === 0) return { kind: 'nothing' };
  if (record?.phase === 'starting' && record.isFresh && !isRunning(record.process)) return { kind: 'remains' };
  const runs = containers.some(isUp);
  return { kind: runs ? 'running' : 'stopped', lab: labOnHosts(world, connect, directory, known) };
}

/** A lab whose containers are there. */
export function labOnHosts(world: HostsWorld, connect: ConnectNode, directory: string, known: KnownLab): RunningLab {
  const { record, nodes } = known;
  const plan = planWithout(known.plan, record?.skipped ?? []);
  return {
    runtime: 'hosts',
    plan,
    target: targetFromPlan(plan),
    parts: nodes.flatMap(partsOf),
    doneWithout: nodes
      .flatMap(({ node, containers }) => partsOn(node.name, containers.filter(isDoneWithout)))
      .map(({ id }) => id),
    machines: nodes.map(machineOf),
    settings: record?.settings ?? [],
    differences: (options) => differences(world, connect, directory, options),
    // Another folder's lab of the same name may be on the others.
    watch: (signal) =>
      watchNodes(
        nodes.filter(({ containers }) => containers.length > 0),
        known.plan.name,
        signal,
      ),
    confirm: (signal) => refuseMixedVersions({ plan, target: targetFromPlan(plan) }, signal),
  };
}

function partsOf({ node, reach, containers }: KnownNode): readonly LabPart[] {
  const isThere = reach.kind === 'reached';
  const missing = node.components
    .filter(({ service }) => !containers.some(({ id }) => id === service))
    .map(({ service, role }) => ({
      id: partId(node.name, service),
      node: node.name,
      role,
      state: isThere ? 'missing' : 'unknown',
      detail: isThere ? 'no container' : `${node.name} is not reached`,
    }));
  return [...partsOn(node.name, containers), ...missing];
}

/** Whether two ways lead to one node: it can be reached over SSH, by a context, over TCP. */
export function isSameNode(one: NodeReach, other: NodeReach): boolean {
  if (one.kind === 'unreached' || other.kind === 'unreached') return false;
  return one.node.name === other.node.name && one.engineId !== '' && one.engineId === other.engineId;
}

function machineOf({ node: { name, address = '', docker = '' }, reach }: KnownNode): LabMachine {
  const ok = reach.kind === 'reached';
  const detail = ok ? `Docker ${reach.facts.engine.version}` : reach.problem.message;
  return { name, address, endpoint: docker, ok, detail };
}

/** Resolves to what is wrong when a container of any node ended for good. */
export function watchNodes(nodes: readonly KnownNode[], lab: string, signal: AbortSignal): Promise<UserError> {
  return Promise.race(
    nodes.flatMap(({ node, reach }) =>
      reach.kind === 'unreached'
        ? []
        : [watchContainers(reach.engine, lab, signal).then((error) => atNode(node.name, error))],
    ),
  );
}

/**
 * The Compose project of a node; its commands run in the lab's folder, which is there.
 * @param env what its file takes secrets from, where something is to be made
 */
export function projectOf(
  directory: string,
  lab: string,
  { name }: PlannedNode,
  engine: ComposeEngine,
  file: string,
  env: Readonly<Record<string, string>> = {},
): ComposeProject {
  const here: ComposeEngine = {
    ...engine,
    run: (words, call) => engine.run(words, { ...call, cwd: directory, env }),
    ask: (words, call) => engine.ask(words, { ...call, cwd: directory }),
    compose: (command, call) => engine.compose(command, { ...call, cwd: directory }),
  };
  return { engine: here, name: lab, directory: nodeFolder(directory, name), file };
}

/** What a start would change, asked of Compose on every machine. */
async function differences(
  world: HostsWorld,
  connect: ConnectNode,
  directory: string,
  { plan }: Pick<StartOptions, 'plan' | 'settings'>,
): Promise<readonly string[]> {
  const draft = `${hostsFolder(directory)}/draft`;
  const before = readHostsRecord(world.files, directory)?.plan.nodes ?? [];
  const gone = before.filter(
    ({ name, docker }) => !plan.nodes.some((node) => node.name === name && node.docker === docker),
  );
  const { paths } = nodeFiles(directory, plan, world, draft);
  try {
    const changes = await inParallel(plan.nodes, async (node) => {
      const reach = await connect(node);
      if (reach.kind === 'unreached') return [];
      const env = secretVariables(world.files, directory, node);
      const project = projectOf(directory, plan.name, node, reach.engine, paths.get(node.name) ?? '', env);
      const found = await composeChanges(project).catch((error: unknown) => {
        throw atNode(node.name, error);
      });
      return found.map(({ service, change }) => `${partId(node.name, service)} is ${change}`);
    });
    const reaches = await inParallel(plan.nodes, connect);
    const leaving = await inParallel(gone, async (node) => {
      const reach = await connect(node);
      const stays = reaches.some((each) => isSameNode(each, reach));
      return `${node.name} ${stays ? 'is reached another way' : 'leaves the lab'}`;
    });
    return [...changes.flat(), ...leaving];
  } finally {
    world.files.removeTree(draft);
  }
}
