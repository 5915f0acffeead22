import { UserError, type Place } from '../../errors/user-error.ts';
import type { ClusterSpec, NodeSpec } from '../shape/cluster-spec.ts';
import type { SpecChange } from '../spec-text/edit-spec.ts';
import type { Locate } from '../shape/spec-problem.ts';
import { resolveSpec } from './resolve-spec.ts';

/**
 * What is to be changed in a spec for another number of agents. Where Vagrant makes the machines, another agent is
 * another machine like the last one that is only an agent, with the next address; the last machines go first.
 *
 * @throws UserError USAGE_ARGUMENTS where machines are somebody's own, or have more than an agent
 */
export function agentChanges(spec: ClusterSpec, wanted: number, locate: Locate): readonly SpecChange[] {
  const { placement, nodes, vagrant } = resolveSpec(spec);
  if (spec.nodes === undefined && placement !== 'machines') return [{ path: ['counts', 'agents'], value: wanted }];
  const place = locate(['nodes'], 'key');
  if (vagrant === undefined) {
    throw new UserError({
      code: 'USAGE_ARGUMENTS',
      message: 'this lab names its machines one by one, so nobody but you knows where another agent would be',
      place,
      fix: 'add a node with the role mesos-agent to nodes in mesos-cluster.yaml, then generate and up',
    });
  }
  const own = nodes.map(({ path: _, ...node }): NodeSpec => node);
  const missing = wanted - own.filter(({ roles }) => roles.includes('mesos-agent')).length;
  if (missing === 0) return [];
  const wholly = missing < 0 ? withoutLast(own, -missing, place) : withMore(own, missing, place);
  // A spec with nodes of its own has nothing of its preset's machines.
  if (spec.nodes === undefined)
    return [
      { path: ['nodes'], value: wholly },
      { path: ['vagrant'], value: vagrant },
    ];
  // Those of the file stay as they are written.
  const kept = new Set(wholly);
  const gone = own.flatMap((node, index) => (kept.has(node) ? [] : [{ path: ['nodes', index], value: undefined }]));
  const made = wholly.slice(own.length).map((value, index) => ({ path: ['nodes', own.length + index], value }));
  return [...gone.reverse(), ...made];
}

const isOnlyAgent = ({ roles }: NodeSpec) => roles.length === 1 && roles[0] === 'mesos-agent';

function withoutLast(nodes: readonly NodeSpec[], count: number, place: Place): readonly NodeSpec[] {
  const spare = nodes.filter(isOnlyAgent);
  if (spare.length < count) {
    throw new UserError({
      code: 'USAGE_ARGUMENTS',
      message: `only ${spare.length === 1 ? 'one machine has' : `${spare.length} machines have`} an agent and nothing else, and ${count} would go`,
      place,
      fix: 'take the role mesos-agent out of other nodes in mesos-cluster.yaml, then generate and up',
    });
  }
  const gone = new Set(spare.slice(spare.length - count));
  return nodes.filter((node) => !gone.has(node));
}

function withMore(nodes: readonly NodeSpec[], count: number, place: Place): readonly NodeSpec[] {
  const pattern: NodeSpec = nodes.findLast(isOnlyAgent) ?? { name: 'agent1', roles: ['mesos-agent'] };
  const all = [...nodes];
  for (let index = 0; index < count; index++) {
    all.push({ ...pattern, name: nextName(all, pattern.name), ...nextAddress(all, place) });
  }
  return all;
}

/** `node3` becomes the first of `node4`, `node5`, … that is free. */
function nextName(nodes: readonly NodeSpec[], last: string): string {
  const [, stem = last, digits = '1'] = /^(.*?)(\d*)$/.exec(last) ?? [];
  let number = Number(digits === '' ? '1' : digits);
  while (nodes.some(({ name }) => name === `${stem}${number}`)) number++;
  return `${stem}${number}`;
}

/** The one after the highest of the last network that is named. */
function nextAddress(nodes: readonly NodeSpec[], place: Place): { readonly address: string } {
  const parts = nodes.flatMap(({ address }) => /^(\d+\.\d+\.\d+)\.(\d+)$/.exec(address ?? '')?.slice(1, 3) ?? []);
  const network = parts.at(-2);
  const hosts = parts.flatMap((part, index) => (index % 2 === 1 && parts[index - 1] === network ? [Number(part)] : []));
  const next = Math.max(...hosts) + 1;
  if (network !== undefined && next < 255) return { address: `${network}.${next}` };
  throw new UserError({
    code: 'USAGE_ARGUMENTS',
    message:
      network === undefined
        ? 'the nodes have no IPv4 addresses to count on from'
        : `${network}.0/24 has no address left after its last node's`,
    place,
    fix: 'add nodes with the role mesos-agent and their addresses in mesos-cluster.yaml, then generate and up',
  });
}
