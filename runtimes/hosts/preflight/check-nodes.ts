import { UserError, type Problem } from '../../../errors/user-error.ts';
import type { Plan } from '../../../planning/plan/plan.ts';
import { composeProblem } from '../../docker/preflight/docker-problems.ts';
import { isAtLeast } from '../../../platform/processes/program-version.ts';
import { refusals } from '../../docker/preflight/refusals.ts';
import type { ReachedNode } from '../nodes/connect-node.ts';
import { otherLabProblem, type NodeContainers } from '../nodes/node-containers.ts';
import { lookCommand, readLook, type MachineLook } from './machine-look.ts';
import { runInContainer } from './run-in-container.ts';
import {
  addressRefusals,
  clockRefusals,
  diskRefusals,
  labRefusals,
  portRefusals,
  type NodeRefusal,
} from './node-refusals.ts';

/** A node whose Engine answers, and what it has of labs. */
export interface NodeSeen extends NodeContainers {
  readonly reached: ReachedNode;
}

/** `configs` with their text in the file (docker/compose 2.23.1), which need no file on the node's machine. */
const oldestComposeForConfigs = '2.23.1';

/** What has them, of the add-ons. */
const withConfigs = [
  ['mesos-dns', 'Mesos-DNS'],
  ['metrics', 'the add-on metrics'],
  ['logs', 'the add-on logs'],
] as const;

/** What may be wrong with nodes, as far as they have said it on the way. Also for doctor. */
export async function checkNodes(seen: readonly NodeSeen[], plan: Plan): Promise<readonly NodeRefusal[]> {
  const nodes = seen.map(({ reached }) => reached);
  const found = seen.flatMap(({ reached, own, others }) => {
    const { node, facts, aheadMs } = reached;
    const sameName = others.find(({ lab }) => lab === plan.name);
    return [
      ...refusals(facts, { ...plan, nodes: [node] }).map(
        ({ isWarning, code, message, found: words, fix }): NodeRefusal => ({
          isWarning,
          problem: { code, message: `${node.name}: ${message}`, found: words, fix: forHosts(fix) },
        }),
      ),
      ...clockRefusals(node, aheadMs),
      ...(sameName === undefined
        ? labRefusals(node, others)
        : [{ isWarning: false, problem: otherLabProblem(node.name, sameName) }]),
      ...(reached.look === undefined
        ? []
        : lookRefusals(reached, reached.look, own.length === 0 && others.length === 0)),
    ];
  });
  return [...(await composeRefusals(nodes, plan)), ...sameEngine(nodes), ...found];
}

/** What its machine itself says of a node. */
export function lookRefusals({ node }: ReachedNode, look: MachineLook, isUnused: boolean): readonly NodeRefusal[] {
  return [
    ...addressRefusals(node, look),
    ...diskRefusals(node, look),
    // What runs of the lab holds its ports itself, and another lab was named already.
    ...(isUnused ? portRefusals(node, look) : []),
  ];
}

/**
 * Looks at the machine from a container of the lab's own image in the machine's network, where the way to the Engine
 * tells nothing of the machine (a socket, TCP, a context).
 */
export async function lookByContainer(reached: ReachedNode): Promise<MachineLook | undefined> {
  const said = await runInContainer(reached, lookCommand);
  return said === '' ? undefined : readLook(said);
}

/** Compose runs on this machine alone. */
async function composeRefusals([first]: readonly ReachedNode[], plan: Plan): Promise<readonly NodeRefusal[]> {
  if (first === undefined) return [];
  const { composeVersion } = first.facts;
  const problem = await composeProblem(composeVersion, () => Promise.resolve({ kind: 'missing' }));
  if (problem !== undefined) {
    const { code, message, found, fix } = problem;
    return [{ isWarning: false, problem: { code, message, found, fix } }];
  }
  const needy = withConfigs.find(([addon]) => plan.addons.includes(addon));
  if (needy === undefined || isAtLeast(composeVersion, oldestComposeForConfigs)) return [];
  const [, title] = needy;
  const message = `Docker Compose is older than ${oldestComposeForConfigs}, which ${title} on machines of its own needs`;
  return [
    { isWarning: false, problem: { code: 'MACHINE_NO_COMPOSE', message, found: composeVersion, fix: 'update it' } },
  ];
}

/** Two nodes of a lab with the same Engine would remove each other's containers. */
function sameEngine(nodes: readonly ReachedNode[]): readonly NodeRefusal[] {
  const byId = new Map<string, string[]>();
  for (const { node, engineId } of nodes)
    if (engineId !== '') byId.set(engineId, [...(byId.get(engineId) ?? []), node.name]);
  return [...byId.values()].flatMap((names): readonly NodeRefusal[] =>
    names.length < 2
      ? []
      : [
          {
            isWarning: false,
            problem: {
              code: 'SPEC_DUPLICATE',
              message: `${names.join(' and ')} are the same Docker Engine`,
              fix: 'give each node its own under docker in mesos-cluster.yaml; machines that were cloned have the same id: rm /var/lib/docker/engine-id there, and restart Docker',
            },
          },
        ],
  );
}

/** What the runtime of one host advises that several machines do not have. */
export const forHosts = (fix: string): string => fix.replace(/;? (?:or )?up --runtime embedded[^;]*/g, '');

/**
 * Says the warnings, and refuses what cannot be; all of it at once.
 * @throws UserError with a problem for each refusal, unless forced
 */
export function refuseNodes(found: readonly NodeRefusal[], force: boolean, warn: (text: string) => void): void {
  const refused: Problem[] = [];
  for (const { problem, isWarning } of found) {
    // Compose would take a lab of the same name over.
    if (isWarning || (force && problem.code !== 'SPEC_DUPLICATE'))
      warn(`${problem.message}${problem.found === undefined ? '' : `: ${problem.found}`}`);
    else refused.push(problem);
  }
  const [first, ...more] = refused;
  if (first === undefined) return;
  const { fix = '', code } = first;
  const orForce = code === 'SPEC_DUPLICATE' ? fix : `${fix}; or up --force, which tries it`.replace(/^; or /, '');
  throw new UserError({ ...first, message: `${first.message}; nothing was started`, fix: orForce }, ...more);
}
