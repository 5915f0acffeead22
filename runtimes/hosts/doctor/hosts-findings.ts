import { isUserError } from '../../../errors/user-error.ts';
import { composeVersion } from '../../docker/compose/compose-package.ts';
import { composeProblem } from '../../docker/preflight/docker-problems.ts';
import { oldestCompose } from '../../docker/preflight/requirements.ts';
import { nodeConnector, type ReachedNode } from '../nodes/connect-node.ts';
import type { HostsWorld } from '../hosts-world.ts';
import { inParallel } from '../../../platform/in-parallel.ts';
import { nodeContainers } from '../nodes/node-containers.ts';
import { atNode } from '../nodes/node-error.ts';
import { checkNodes, lookByContainer } from '../preflight/check-nodes.ts';
import { neededLinks, sampledLinks } from '../preflight/needed-links.ts';
import { addressRefusals, type NodeRefusal } from '../preflight/node-refusals.ts';
import { probeLinks } from '../preflight/probe-links.ts';
import { probeSeconds } from '../preflight/probe-script.ts';
import type { Plan } from '../../../planning/plan/plan.ts';
import { labFolders } from '../../lab-record.ts';
import { problemFinding } from '../../docker/doctor/docker-findings.ts';
import type { Finding } from '../../doctor-facet.ts';
import { fromHereFinding, linkFindings, wayNeed } from './link-findings.ts';
import { nodeFinding, nodeFindings, reachFinding, type SeenNode } from './node-findings.ts';

/**
 * Looks at every machine of a lab at the same time, and has them try the ways to each other. Starts and changes nothing;
 * a machine that is not reached is a finding.
 * @throws the signal's reason
 */
export async function hostsFindings(
  world: HostsWorld,
  { plan, directory }: { readonly plan: Plan; readonly directory: string },
): Promise<readonly Finding[]> {
  const { signal, files } = world;
  const folders = labFolders(files, directory);
  const [compose, reaches] = await Promise.all([composeFinding(world), inParallel(plan.nodes, nodeConnector(world))]);
  signal.throwIfAborted();
  const nodes = reaches.flatMap((reach) => (reach.kind === 'reached' ? [reach] : []));
  const links = neededLinks(plan);
  const sampled = sampledLinks(
    links,
    plan.nodes.map(({ name }) => name),
  );
  const [seen, tried] = await Promise.all([
    inParallel(nodes, (reached) => see(reached, folders)),
    probeLinks(world, nodes, sampled),
  ]);
  const preflight = [...seen.flatMap(({ silent }) => silent), ...(await checkNodes(seen, plan))];
  signal.throwIfAborted();
  const misplaced = seen.flatMap(({ reached: { node }, look }) =>
    look === undefined || addressRefusals(node, look).length === 0 ? [] : [node.name],
  );
  // Not at the same time: programs that are being started would be measured, too.
  const fromHere = await inParallel(
    nodes.filter(({ node }) => !misplaced.includes(node.name)),
    (reached) => tryFromHere(reached, world),
  );
  const unreached = reaches.flatMap(({ kind, node }) => (kind === 'unreached' ? [node.name] : []));
  const own = seen.flatMap((each) => nodeFindings(plan, each));
  const ofNodes = [
    ...reaches.map(reachFinding),
    ...own,
    ...others(preflight, [compose, ...own], plan),
    ...fromHere.flat(),
    ...linkFindings({ tried, unreached, misplaced }),
  ];
  // By machine; what is about all of them first.
  const byNode = ['', ...plan.nodes.map(({ name }) => name)].flatMap((name) =>
    ofNodes.filter(({ node = '' }) => node === name),
  );
  return [compose, ...sampleFindings(sampled.length, links.length), ...byNode];
}

/** Compose runs here and nowhere else, whatever the machines have. */
async function composeFinding(world: HostsWorld): Promise<Finding> {
  const { runCommand, cwd, signal } = world;
  const result = await composeVersion(world);
  const need = `Compose ${oldestCompose} or newer on this machine`;
  if (result.kind === 'missing') {
    const fix =
      'install the docker client with Compose v2: https://docs.docker.com/get-docker/; no Engine is needed here';
    return { need, ok: false, found: 'docker is not on this machine, or not on PATH', fix };
  }
  const version = result.kind === 'ended' && result.exitCode === 0 ? result.stdout.trim() : '';
  const problem = await composeProblem(version, () =>
    runCommand('docker-compose', ['version', '--short'], { cwd, stdio: 'capture', signal, timeoutMs: 20_000 }),
  );
  return problem === undefined ? { need, ok: true, found: version } : { ...problemFinding(problem), need };
}

/** What is seen of a node; `silent` is why its Engine, which answered before, does not say what runs on it. */
async function see(
  reached: ReachedNode,
  folders: readonly string[],
): Promise<SeenNode & { readonly silent: readonly NodeRefusal[] }> {
  const { name } = reached.node;
  const unsaid = (error: unknown) => ({ own: [], others: [], silent: asFinding(atNode(name, error)) });
  const [containers, look] = await Promise.all([
    nodeContainers(reached.engine, name, folders).catch(unsaid),
    reached.look ?? lookByContainer(reached),
  ]);
  return { reached, look, silent: [], ...containers };
}

/** What is asked over HTTP from here. */
const askedFromHere: Readonly<Record<string, string>> = {
  'mesos-master': 'Mesos master',
  'mesos-agent': 'Mesos agent',
  marathon: 'Marathon',
  'marathon-lb': 'load balancer',
};

async function tryFromHere({ node }: ReachedNode, { timeConnect, signal }: HostsWorld): Promise<readonly Finding[]> {
  const { name, address, components } = node;
  const ports = components.flatMap(({ role, ports: [first] }) => {
    const what = askedFromHere[role];
    return what === undefined || first === undefined ? [] : [{ port: first.target, what }];
  });
  if (address === undefined || ports.length === 0) return [];
  const probes = await Promise.all(
    ports.map(async ({ port }) => {
      const end = await timeConnect(address, port, { timeoutMs: probeSeconds * 1000, signal });
      return end.kind === 'reached'
        ? { address, port, ms: end.ms, words: '' }
        : { address, port, ms: undefined, words: end.words };
    }),
  );
  return [fromHereFinding({ node: name, address, ports, probes })];
}

/** What the preflight of `up` found beyond what was said of each node: other labs, the same Engine twice. */
function others(preflight: readonly NodeRefusal[], said: readonly Finding[], { nodes }: Plan): readonly Finding[] {
  return preflight.flatMap((finding) => {
    const { message, code } = finding.problem;
    if (code === 'MACHINE_DOCKER_OLD') return [];
    const node = nodes.find(({ name }) => message.startsWith(`${name}: `))?.name;
    const made = nodeFinding(node, 'This lab', finding);
    return said.some((each) => each.node === node && each.found === made.found) ? [] : [made];
  });
}

function asFinding(error: unknown): readonly NodeRefusal[] {
  if (!isUserError(error)) throw error;
  return error.problems.map((problem) => ({ problem, isWarning: false }));
}

const sampleFindings = (tried: number, all: number): readonly Finding[] =>
  tried === all ? [] : [{ need: wayNeed, ok: true, found: `${tried} of ${all} ways between machines were tried` }];
