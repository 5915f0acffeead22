import type { Problem } from '../../../errors/user-error.ts';
import type { NodeReach, ReachedNode } from '../nodes/connect-node.ts';
import { forHosts, type NodeSeen } from '../preflight/check-nodes.ts';
import type { MachineLook } from '../preflight/machine-look.ts';
import {
  addressRefusals,
  clockRefusals,
  diskRefusals,
  portRefusals,
  type NodeRefusal,
} from '../preflight/node-refusals.ts';
import { memoryNeedMb } from '../../docker/preflight/memory.ts';
import { refusals } from '../../docker/preflight/refusals.ts';
import { isAtLeast } from '../../../platform/processes/program-version.ts';
import { oldestEngine } from '../../docker/preflight/requirements.ts';
import type { Plan } from '../../../planning/plan/plan.ts';
import type { Finding } from '../../doctor-facet.ts';

/** What was seen of a node whose Engine answers. */
export interface SeenNode extends NodeSeen {
  /** Undefined where neither the way to it nor a container of the lab's image told. */
  readonly look: MachineLook | undefined;
}

/** Whether a node is reached; and why not, in one finding. */
export function reachFinding(reach: NodeReach): Finding {
  const { node } = reach;
  const { docker = '' } = node;
  const isSsh = docker.startsWith('ssh:');
  const need = isSsh ? 'Log in over SSH' : 'Reach its Docker Engine';
  if (reach.kind === 'unreached') return { node: node.name, ...problemWords(need, reach.problem, node.name) };
  const found = isSsh ? `${docker}, its host key is the one that this machine knows` : docker;
  return { node: node.name, need, ok: true, found };
}

/** Everything that one node says about itself, against what the plan wants of it. */
export function nodeFindings(plan: Plan, seen: SeenNode): readonly Finding[] {
  const { reached, look } = seen;
  const { node, facts, aheadMs } = reached;
  const own = { ...plan, nodes: [node] };
  const { engine, cgroupVersion, storage } = facts;
  const of = (need: string, found: string, refused: readonly NodeRefusal[]): readonly Finding[] =>
    refused.length === 0
      ? [{ node: node.name, need, ok: true, found }]
      : refused.map((each) => nodeFinding(node.name, need, each));
  return [
    {
      node: node.name,
      need: `Docker Engine ${oldestEngine} or newer`,
      ok: isAtLeast(engine.version, oldestEngine),
      found: `${engine.version}, ${engine.machine}, ${engine.arch}, cgroup v${cgroupVersion ?? 1}, ${storage.isContainerd ? "containerd's image store" : storage.driver}`,
      fix: `update Docker on ${node.name}: https://docs.docker.com/engine/install/`,
    },
    ...fitness(own, reached),
    ...(aheadMs === undefined ? [] : of('Clock', clockWords(aheadMs), clockRefusals(node, aheadMs))),
    ...(look === undefined ? [blind(reached)] : lookLines(reached, look, of)),
    ...(look?.listeners === undefined ? [] : portLines(seen, of)),
    {
      node: node.name,
      need: 'Memory',
      ok: true,
      found: `${facts.memoryMb} MB, ${facts.cpus} processors; its part of the lab takes about ${memoryNeedMb(own)} MB`,
    },
  ];
}

type Line = (need: string, found: string, refused: readonly NodeRefusal[]) => readonly Finding[];

/** What the image set wants of this Engine. That it is too old was said already. */
function fitness(plan: Plan, { node, facts }: ReachedNode): readonly Finding[] {
  const found = refusals(facts, plan).filter(({ code }) => code !== 'MACHINE_DOCKER_OLD');
  const need = `Image set ${plan.imageSet}`;
  if (found.length === 0) return [{ node: node.name, need, ok: true, found: 'its images can run here' }];
  return found.map(({ isWarning, message, found: seen, fix }) => ({
    node: node.name,
    need,
    ok: false,
    ...(isWarning ? { isWarning: true as const } : {}),
    found: `${message} (${seen})`,
    fix: forHosts(fix),
  }));
}

function lookLines({ node }: ReachedNode, look: MachineLook, of: Line): readonly Finding[] {
  const { address = '' } = node;
  return [
    ...(look.addresses === undefined ? [] : of('Address', `${address} is its own`, addressRefusals(node, look))),
    ...(look.freeMb === undefined
      ? []
      : of('Disk', `${(look.freeMb / 1024).toFixed(1)} GB free for images`, diskRefusals(node, look))),
  ];
}

function portLines({ reached: { node }, look, own, others }: SeenNode, of: Line): readonly Finding[] {
  if (own.length > 0) return of('Ports', `held by the lab itself, which has ${own.length} containers here`, []);
  // Another lab is a finding of its own.
  if (others.length > 0 || look === undefined) return [];
  const ports = node.components.flatMap((component) =>
    component.ports.map(({ target, targetEnd }) => `${target}${targetEnd === undefined ? '' : `-${targetEnd}`}`),
  );
  return of('Ports', `${ports.join(', ')} are free`, portRefusals(node, look));
}

const blind = ({ node }: ReachedNode): Finding => ({
  node: node.name,
  need: 'Address, ports and disk',
  ok: false,
  isWarning: true,
  found: `not known: this way to the Engine (${node.docker ?? ''}) does not tell, and the lab's image, which could look, is not there yet`,
  fix: 'up looks at them before it starts anything, when the image is there; or doctor again after create-mesos-cluster images push',
});

function clockWords(aheadMs: number): string {
  const seconds = Math.abs(aheadMs) / 1000;
  return seconds < 0.1
    ? "the same time as this machine's"
    : `${seconds.toFixed(1)} s ${aheadMs > 0 ? 'ahead of' : 'behind'} this machine's`;
}

/** A finding of the preflight of `up`, for one node or (undefined) for all. */
export const nodeFinding = (node: string | undefined, need: string, { problem, isWarning }: NodeRefusal): Finding => ({
  ...(node === undefined ? {} : { node }),
  ...problemWords(need, problem, node),
  ...(isWarning ? { isWarning: true as const } : {}),
});

/** Under its own heading a node need not be named again. */
function problemWords(need: string, { message, found, fix }: Problem, node = ''): Finding {
  const words = message.startsWith(`${node}: `) ? message.slice(node.length + 2) : message;
  return {
    need,
    ok: false,
    found: `${words}${found === undefined ? '' : ` (${found})`}`,
    ...(fix === undefined ? {} : { fix }),
  };
}
