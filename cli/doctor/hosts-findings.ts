import { isUserError } from '../../errors/user-error.ts';
import type { Context } from '../../platform/context.ts';
import { timeConnect } from '../../platform/network/time-connect.ts';
import { composeVersion } from '../../runtimes/docker/compose/compose-package.ts';
import { composeProblem } from '../../runtimes/docker/preflight/docker-problems.ts';
import { oldestCompose } from '../../runtimes/docker/preflight/requirements.ts';
import { nodeConnector, type ReachedNode } from '../../runtimes/hosts/nodes/connect-node.ts';
import type { HostsWorld } from '../../runtimes/hosts/hosts-world.ts';
import { inParallel } from '../../runtimes/hosts/in-parallel.ts';
import { nodeContainers } from '../../runtimes/hosts/nodes/node-containers.ts';
import { atNode } from '../../runtimes/hosts/nodes/node-error.ts';
import { checkNodes, lookByContainer } from '../../runtimes/hosts/preflight/check-nodes.ts';
import { neededLinks, sampledLinks } from '../../runtimes/hosts/preflight/needed-links.ts';
import { addressFindings, type NodeFinding } from '../../runtimes/hosts/preflight/node-problems.ts';
import { probeLinks } from '../../runtimes/hosts/preflight/probe-links.ts';
import { probeSeconds } from '../../runtimes/hosts/preflight/probe-script.ts';
import type { Plan } from '../../planning/plan/plan.ts';
import { labFolders } from '../../runtimes/lab-record.ts';
import { problemFinding } from './docker-findings.ts';
import type { Finding } from './finding.ts';
import { fromHereFinding, linkFindings, wayNeed } from './link-findings.ts';
import { nodeFinding, nodeFindings, reachFinding, type SeenNode } from './node-findings.ts';

/** The lab whose machines are looked at. */
export interface HostsAsked {
  readonly plan: Plan;
  /** Of the lab, absolute. */
  readonly directory: string;
}

/**
 * Looks at every machine of a lab at the same time, and has them try the ways to each other. Starts and changes nothing;
 * a machine that is not reached is a finding.
 * @throws the signal's reason
 */
export async function hostsFindings(
  context: Context,
  world: HostsWorld,
  { plan, directory }: HostsAsked,
): Promise<readonly Finding[]> {
  const { signal, files } = context;
  const folders = labFolders(files, directory);
  const [compose, reaches] = await Promise.all([composeFinding(context), inParallel(plan.nodes, nodeConnector(world))]);
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
    look === undefined || addressFindings(node, look).length === 0 ? [] : [node.name],
  );
  // Not at the same time: programs that are being started would be measured, too.
  const fromHere = await inParallel(
    nodes.filter(({ node }) => !misplaced.includes(node.name)),
    (reached) => tryFromHere(reached, signal),
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
async function composeFinding({ runCommand, cwd, signal, env }: Context): Promise<Finding> {
  const result = await composeVersion({ cwd, env });
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
): Promise<SeenNode & { readonly silent: readonly NodeFinding[] }> {
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

async function tryFromHere({ node }: ReachedNode, signal: AbortSignal): Promise<readonly Finding[]> {
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
function others(preflight: readonly NodeFinding[], said: readonly Finding[], { nodes }: Plan): readonly Finding[] {
  return preflight.flatMap((finding) => {
    const { message, code } = finding.problem;
    if (code === 'MACHINE_DOCKER_OLD') return [];
    const node = nodes.find(({ name }) => message.startsWith(`${name}: `))?.name;
    const made = nodeFinding(node, 'This lab', finding);
    return said.some((each) => each.node === node && each.found === made.found) ? [] : [made];
  });
}

function asFinding(error: unknown): readonly NodeFinding[] {
  if (!isUserError(error)) throw error;
  return error.problems.map((problem) => ({ problem, isWarning: false }));
}

const sampleFindings = (tried: number, all: number): readonly Finding[] =>
  tried === all ? [] : [{ need: wayNeed, ok: true, found: `${tried} of ${all} ways between machines were tried` }];
