import { listAt, parseJson, textAt, valueAt } from '../../../protocol/json.ts';
import type { Problem } from '../../../errors/user-error.ts';
import type { CommandResult } from '../../../platform/processes/run-command.ts';
import type { SshDestination } from '../../../platform/network/ssh-tunnel.ts';
import type { PlannedNode } from '../../../planning/plan/plan.ts';
import { dockerEngine, type ComposeEngine } from '../../docker/docker-engine.ts';
import type { DockerFacts } from '../../docker/preflight/docker-facts.ts';
import { readFacts } from '../../docker/preflight/read-facts.ts';
import { brokenOff, noAnswer, noContext, plainTcp, withoutEndpoint } from './engine-problem.ts';
import type { HostsWorld } from '../hosts-world.ts';
import { lookCommand, readLook, type MachineLook } from '../preflight/machine-look.ts';
import { sshDestination, sshProblem } from './ssh-problem.ts';

/** A node whose Engine answers. */
export interface ReachedNode {
  readonly kind: 'reached';
  readonly node: PlannedNode;
  readonly engine: ComposeEngine;
  readonly facts: DockerFacts;
  /** What tells its Engine from others; empty when it does not say. */
  readonly engineId: string;
  /** How much its clock is ahead of this machine's; undefined when its Engine does not say. */
  readonly aheadMs: number | undefined;
  /** What it says of itself, where that was asked on the way (ssh). */
  readonly look: MachineLook | undefined;
}

/** A node whose Engine does not answer, and why. */
export interface UnreachedNode {
  readonly kind: 'unreached';
  readonly node: PlannedNode;
  readonly problem: Problem;
}

export type NodeReach = ReachedNode | UnreachedNode;

export type ConnectNode = (node: PlannedNode) => Promise<NodeReach>;

/** How long logging in may take; and the first answer of an Engine. */
const connectMs = 8000;
const answerMs = 15_000;

/** Connects to each node once, however often it is asked; again when the connection has ended since. */
export function nodeConnector(world: HostsWorld): ConnectNode {
  const known = new Map<string, Promise<NodeReach>>();
  return (node) => {
    const key = `${node.name} ${node.docker ?? ''}`;
    const before = known.get(key);
    if (before !== undefined) return before;
    const reach = connect(world, node, () => known.delete(key));
    known.set(key, reach);
    return reach;
  };
}

async function connect(world: HostsWorld, node: PlannedNode, onClosed: () => void): Promise<NodeReach> {
  world.signal.throwIfAborted();
  const { docker: endpoint } = node;
  if (endpoint === undefined) return unreached(node, withoutEndpoint(node));
  if (endpoint.startsWith('context:')) return connectContext(world, node, endpoint, onClosed);
  return connectTo(world, node, endpoint, endpoint, onClosed);
}

/** A context is where it points to: ssh is checked and refused as anywhere else. */
async function connectContext(
  world: HostsWorld,
  node: PlannedNode,
  endpoint: string,
  onClosed: () => void,
): Promise<NodeReach> {
  const name = endpoint.slice('context:'.length);
  const result = await dockerEngine(world).run(['context', 'inspect', name], { timeoutMs: answerMs });
  if (result.kind !== 'ended' || result.exitCode !== 0) {
    return unreached(node, noContext(node, name, result));
  }
  const [context] = listAt({ all: parseJson(result.stdout) }, 'all');
  const host = textAt(context, 'Endpoints', 'docker', 'Host') ?? '';
  const hasTls = Object.keys(valueAt(context, 'TLSMaterial') ?? {}).length > 0;
  if (host.startsWith('tcp://') && !hasTls) return unreached(node, plainTcp(node, `context ${name}: ${host}`));
  if (sshDestination(host) !== undefined) return connectTo(world, node, host, endpoint, onClosed);
  return answerOf(node, dockerEngine(world, endpoint), endpoint);
}

/** @param direct the endpoint for `docker` itself, should the tunnel not lead to an Engine */
async function connectTo(
  world: HostsWorld,
  node: PlannedNode,
  endpoint: string,
  direct: string,
  onClosed: () => void,
): Promise<NodeReach> {
  const destination = sshDestination(endpoint);
  if (destination !== undefined) return connectSsh(world, node, destination, direct, onClosed);
  if (/^tcp:\/\/.*:2375\/?$/.test(endpoint)) return unreached(node, plainTcp(node, endpoint));
  return answerOf(node, dockerEngine(world, endpoint), endpoint);
}

async function connectSsh(
  world: HostsWorld,
  node: PlannedNode,
  destination: SshDestination,
  direct: string,
  onClosed: () => void,
): Promise<NodeReach> {
  const options = { remoteSocket: '/var/run/docker.sock', firstCommand: lookCommand, timeoutMs: connectMs };
  const tunnel = await world.openTunnel(destination, { ...options, cwd: world.cwd, signal: world.signal });
  world.signal.throwIfAborted();
  if (tunnel.kind !== 'open') return unreached(node, sshProblem(node.name, destination, tunnel));
  void tunnel.closed.then(onClosed);
  const look = readLook(tunnel.said);
  const reach = await answerOf(node, dockerEngine(world, `unix://${tunnel.socket}`), direct, look);
  // Its Engine may listen elsewhere (rootless): docker asks the docker program over there where.
  return reach.kind === 'reached' ? reach : answerOf(node, dockerEngine(world, direct), direct, look);
}

async function answerOf(
  node: PlannedNode,
  engine: ComposeEngine,
  endpoint: string,
  look?: MachineLook,
): Promise<NodeReach> {
  const ask = (what: string) => engine.run([what, '--format', '{{json .}}'], { timeoutMs: answerMs });
  const askBoth = async () => {
    const asked = Date.now();
    const [version, info] = await Promise.all([ask('version'), ask('info')]);
    return { version, info, asked, answered: Date.now() };
  };
  const first = await askBoth();
  const again = [first.version, first.info].some((result) => result.kind === 'ended' && brokenOff.test(result.stderr));
  const { version, info, asked, answered } = again ? await askBoth() : first;
  const failed = [version, info].find((result) => result.kind !== 'ended' || result.exitCode !== 0);
  if (failed !== undefined) return unreached(node, noAnswer(node, endpoint, failed, answerMs));
  const words = (result: CommandResult) => (result.kind === 'ended' ? result.stdout : '');
  const time = Date.parse(textAt(parseJson(words(info)), 'SystemTime') ?? '');
  return {
    kind: 'reached',
    node,
    engine: { ...engine, endpoint },
    facts: readFacts(words(version), words(info), { context: 'default', endpoint, isRemote: false }),
    engineId: textAt(parseJson(words(info)), 'ID') ?? '',
    aheadMs: Number.isNaN(time) ? undefined : aheadOf(time, asked, answered),
    look,
  };
}

/** Nobody knows when between question and answer it looked at its clock. */
function aheadOf(time: number, asked: number, answered: number): number {
  return time < asked ? time - asked : time > answered ? time - answered : 0;
}

const unreached = (node: PlannedNode, problem: Problem): UnreachedNode => ({ kind: 'unreached', node, problem });
