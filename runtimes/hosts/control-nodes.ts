import { isUserError, UserError, type Problem } from '../../errors/user-error.ts';
import type { PartAction } from '../cluster-runtime.ts';
import { masterAddresses, type MasterAddress } from '../docker/agents/partition.ts';
import { controlContainers } from '../docker/lab/control-containers.ts';
import type { Plan } from '../../planning/plan/plan.ts';
import { inParallel } from '../../platform/in-parallel.ts';
import { projectOf, type KnownLab, type KnownNode } from './known-lab.ts';
import { otherLabProblem } from './nodes/node-containers.ts';
import { atNode } from './nodes/node-error.ts';
import { partId } from './nodes/node-parts.ts';
import { waveOf } from './start/waves.ts';

interface Request {
  readonly action: PartAction;
  /** Nodes, components (`node1-marathon`) or roles; none: everything. */
  readonly names: readonly string[];
  readonly signal: AbortSignal;
}

const done: Readonly<Record<PartAction, string>> = {
  stop: 'stopped',
  kill: 'killed',
  pause: 'paused',
  partition: 'cut off',
  heal: 'healed',
  unplug: 'unplugged',
  start: 'started',
};

/** Services of one node that are stopped or started together. */
interface NodeServices {
  readonly known: KnownNode;
  readonly services: readonly string[];
}

/**
 * Stops parts of a lab, or starts them, wave by wave and on all nodes at the same time.
 * @throws UserError with each node on which it failed; on the others it was done
 */
export async function controlNodes(directory: string, lab: KnownLab, request: Request): Promise<void> {
  const { action, names, signal } = request;
  refuseUnknown(lab, names, action);
  const wanted = lab.nodes
    .filter((known) => hindrance(known, lab) === undefined)
    .map((known) => ({ known, services: servicesNamed(known, names, action) }));
  const waves = [
    ...new Set(wanted.flatMap(({ known, services }) => services.map((service) => waveIn(known, service)))),
  ].sort();
  if (action === 'stop') waves.reverse();
  const failures: UserError[] = [];
  for (const wave of waves) {
    const ofWave = wanted
      .map(({ known, services }) => ({
        known,
        services: services.filter((service) => waveIn(known, service) === wave),
      }))
      .filter(({ services }) => services.length > 0);
    const ends = await inParallel(ofWave, (each) => controlNode(directory, lab, each, request));
    failures.push(...ends.flatMap((failure) => failure ?? []));
    signal.throwIfAborted();
  }
  const hindrances = lab.nodes
    .filter(({ node }) => names.length === 0 || names.some((name) => `${name}-`.startsWith(`${node.name}-`)))
    .flatMap((known) => hindrance(known, lab) ?? []);
  const [first] = failures;
  if (first !== undefined) throw first;
  const [problem, ...more] = hindrances;
  if (problem !== undefined) {
    throw new UserError(
      { ...problem, code: 'COMMAND_FAILED', message: `${problem.message}; the other nodes were ${done[action]}` },
      ...more,
    );
  }
}

/** Why nothing is done on a node: it is not reached, or Compose would mistake another folder's lab for this one. */
function hindrance({ node, reach, others }: KnownNode, { record, plan }: KnownLab): Problem | undefined {
  if (reach.kind === 'unreached') return reach.problem;
  const other = others.find(({ lab }) => lab === (record?.name ?? plan.name));
  return other === undefined ? undefined : otherLabProblem(node.name, other);
}

async function controlNode(
  directory: string,
  { record, plan }: KnownLab,
  { known: { node, reach, containers }, services }: NodeServices,
  { action, signal }: Request,
): Promise<UserError | undefined> {
  if (reach.kind === 'unreached') return undefined;
  const file = record?.files[node.name] ?? containers[0]?.composeFile ?? '';
  const project = projectOf(directory, record?.name ?? plan.name, node, reach.engine, file);
  try {
    const chosen = containers.filter(({ id }) => services.includes(id));
    const masters = async () => [...mastersIn(plan), ...(await masterAddresses(project.engine, containers, signal))];
    await controlContainers(project, chosen, { action, signal, all: containers, masters });
    return undefined;
  } catch (error) {
    if (!isUserError(error)) throw error;
    return atNode(node.name, error);
  }
}

/** Where agents on other machines reach the masters: a machine has more than that. */
function mastersIn({ nodes }: Plan): readonly MasterAddress[] {
  const portsOf = (role: 'mesos-master' | 'mesos-agent') =>
    nodes.flatMap(({ address, components }) =>
      components
        .filter((component) => component.role === role && address !== undefined)
        .map(({ ports }) => {
          const http = ports.find(({ name }) => name === 'http');
          return { address: address ?? '', port: http?.published ?? http?.target ?? 0 };
        }),
    );
  const agent = portsOf('mesos-agent')[0]?.port ?? 5051;
  return portsOf('mesos-master').map(({ address, port }) => ({ address, ports: { master: port, agent } }));
}

function servicesNamed(
  { node, containers }: KnownNode,
  names: readonly string[],
  action: PartAction = 'start',
): readonly string[] {
  const isForAgents = action === 'partition' || action === 'heal';
  return containers
    .filter(({ role }) => !isForAgents || role === 'mesos-agent')
    .filter(
      ({ id, role }) =>
        names.length === 0 ||
        names.some((name) => name === node.name || name === partId(node.name, id) || name === role) ||
        (action === 'unplug' && names.some((name) => containers.some((each) => name === partId(node.name, each.id)))),
    )
    .map(({ id }) => id);
}

const waveIn = ({ containers }: KnownNode, service: string): number =>
  waveOf(containers.find(({ id }) => id === service)?.role ?? '');

function refuseUnknown({ nodes }: KnownLab, names: readonly string[], action: PartAction): void {
  for (const name of names) {
    const isKnown = nodes.some((known) => known.node.name === name || servicesNamed(known, [name]).length > 0);
    const isMeant = nodes.some((known) => servicesNamed(known, [name], action).length > 0);
    if (isKnown && (isMeant || (action !== 'partition' && action !== 'heal'))) continue;
    if (isKnown) {
      throw new UserError({
        code: 'USAGE_ARGUMENTS',
        message: `${action} is for agents, and their way to the masters`,
        found: name,
        allowed: nodes
          .flatMap((known) => servicesNamed(known, [], action).map((id) => partId(known.node.name, id)))
          .join(', '),
      });
    }
    throw new UserError({
      code: 'USAGE_UNKNOWN_NAME',
      message: `the lab has no node or component called ${name}`,
      found: name,
      allowed: nodes
        .flatMap(({ node, containers }) => [node.name, ...containers.map(({ id }) => partId(node.name, id))])
        .join(', '),
    });
  }
}
