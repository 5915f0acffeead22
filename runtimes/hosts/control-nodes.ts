import { isUserError, UserError, type Problem } from '../../errors/user-error.ts';
import type { PartAction } from '../cluster-runtime.ts';
import { controlServices } from '../docker/compose/compose-project.ts';
import { inParallel } from './in-parallel.ts';
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
  refuseUnknown(lab, names);
  const wanted = lab.nodes
    .filter((known) => hindrance(known, lab) === undefined)
    .map((known) => ({ known, services: servicesNamed(known, names) }));
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
    const done = action === 'stop' ? 'stopped' : 'started';
    throw new UserError(
      { ...problem, code: 'COMMAND_FAILED', message: `${problem.message}; the other nodes were ${done}` },
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
    await controlServices(project, action, services, signal);
    return undefined;
  } catch (error) {
    if (!isUserError(error)) throw error;
    return atNode(node.name, error);
  }
}

function servicesNamed({ node, containers }: KnownNode, names: readonly string[]): readonly string[] {
  return containers
    .filter(
      ({ id, role }) =>
        names.length === 0 ||
        names.some((name) => name === node.name || name === partId(node.name, id) || name === role),
    )
    .map(({ id }) => id);
}

const waveIn = ({ containers }: KnownNode, service: string): number =>
  waveOf(containers.find(({ id }) => id === service)?.role ?? '');

function refuseUnknown({ nodes }: KnownLab, names: readonly string[]): void {
  for (const name of names) {
    const isKnown = nodes.some((known) => known.node.name === name || servicesNamed(known, [name]).length > 0);
    if (isKnown) continue;
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
