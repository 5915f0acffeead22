import type { ClusterSpec, NodeSpec } from '../shape/cluster-spec.ts';
import { defaultPreset, presets } from '../catalogue/presets.ts';
import { saidPlacement } from '../shape/old-names.ts';
import type { Placement } from './plan.ts';
import {
  addons as allAddons,
  companionsOf,
  componentOf,
  type Addon,
  type ImageSetName,
  type PresetName,
  type Role,
} from '../catalogue/roles.ts';
import type { SpecPath } from '../shape/spec-problem.ts';

/** A node of the lab, with the place in the spec that asked for it. */
export interface ResolvedNode extends Readonly<NodeSpec> {
  /** `['nodes', 0]`, or the count, the add-on or the preset that made the node. */
  readonly path: SpecPath;
}

/** A spec whose preset is expanded and whose choices are all made, but in which nothing is checked yet. */
export interface ResolvedSpec {
  readonly name: string;
  readonly preset: PresetName | 'custom';
  readonly placement: Placement;
  readonly imageSet: ImageSetName;
  readonly agentDocker: 'dind' | 'socket';
  readonly bind: string;
  readonly timing: 'standard' | 'fast';
  readonly addons: readonly Addon[];
  readonly nodes: readonly ResolvedNode[];
  readonly clusterName: string;
  readonly mesosZkPath: string;
  readonly marathonZkPath: string;
  readonly workDir: string;
  readonly vagrant: ClusterSpec['vagrant'];
}

/** The roles that counts make, with the names of their nodes: `zookeeper1`, `master2`, `marathon-lb`. */
const counted = [
  { key: 'zookeepers', role: 'zookeeper', name: (n: number) => `zookeeper${n}` },
  { key: 'masters', role: 'mesos-master', name: (n: number) => `master${n}` },
  { key: 'agents', role: 'mesos-agent', name: (n: number) => `agent${n}` },
  { key: 'marathons', role: 'marathon', name: (n: number) => `marathon${n}` },
  // A second load balancer would publish the same service ports: there is one, and it needs no number.
  { key: 'loadBalancers', role: 'marathon-lb', name: (n: number) => (n === 1 ? 'marathon-lb' : `marathon-lb${n}`) },
] as const satisfies readonly { key: keyof NonNullable<ClusterSpec['counts']>; role: Role; name: unknown }[];

/** More than this is refused by check-spec; no list is made longer while the problem is being reported. */
export const mostNodes = 10_000;

function nodesFromCounts(counts: NonNullable<ClusterSpec['counts']>): ResolvedNode[] {
  return counted.flatMap(({ key, role, name }) => {
    const wanted = Math.min(mostNodes, Math.max(0, Math.trunc(counts[key] ?? 0)));
    return Array.from({ length: wanted }, (_, index) => ({
      name: name(index + 1),
      roles: [role],
      path: ['counts', key],
    }));
  });
}

/**
 * Add-ons that no node names, and what comes with them: a stand-in of their own on one host; on several machines they join the first node
 * that has Marathon, or the first master.
 */
function placeAddons(nodes: readonly ResolvedNode[], addons: readonly Addon[], placement: Placement): ResolvedNode[] {
  const wanted: readonly Role[] = [...addons, ...companionsOf(addons)];
  const missing = wanted.filter((role) => !nodes.some(({ roles }) => roles.includes(role)));
  if (missing.length === 0) return [...nodes];
  if (placement === 'one-host') {
    return [...nodes, ...missing.map((role) => ({ name: role, roles: [role], path: ['addons'] }))];
  }
  const host =
    nodes.find(({ roles }) => roles.includes('marathon')) ?? nodes.find(({ roles }) => roles.includes('mesos-master'));
  return nodes.map((node) => {
    const added = missing.filter((role) => node === host || componentOf[role].isOnEachMachine === true);
    return added.length === 0 ? node : { ...node, roles: [...node.roles, ...added] };
  });
}

/**
 * Expands the preset of a spec and makes every choice the spec leaves open. Never throws: check-spec.ts reports
 * what is wrong with the result.
 */
export function resolveSpec(spec: ClusterSpec): ResolvedSpec {
  const presetName: PresetName | 'custom' = spec.preset ?? (spec.nodes ? 'custom' : defaultPreset);
  const preset = presetName === 'custom' ? undefined : presets[presetName].spec;
  const placement =
    saidPlacement(spec) ??
    (spec.nodes?.some(({ address }) => address !== undefined) ? 'machines' : undefined) ??
    preset?.placement ??
    'one-host';

  const presetNodes = preset?.nodes?.map((node) => ({ ...node, path: ['preset'] }));
  const nodes =
    spec.nodes?.map((node, index): ResolvedNode => ({ ...node, path: ['nodes', index] })) ??
    presetNodes ??
    nodesFromCounts({ ...preset?.counts, ...spec.counts });

  const asked = spec.addons ?? preset?.addons ?? [];
  const addons = allAddons.filter((addon) => asked.includes(addon) || nodes.some(({ roles }) => roles.includes(addon)));
  return {
    name: spec.name,
    preset: presetName,
    placement,
    imageSet: spec.images?.set ?? 'clusterd',
    // Several machines have an Engine each already: the agent uses its machine's.
    agentDocker: spec.agentDocker ?? (placement === 'machines' ? 'socket' : 'dind'),
    bind: spec.bind ?? '127.0.0.1',
    timing: spec.timing ?? 'standard',
    addons,
    nodes: placeAddons(nodes, addons, placement),
    clusterName: spec.mesos?.cluster ?? preset?.mesos?.cluster ?? spec.name,
    mesosZkPath: spec.mesos?.zkPath ?? '/mesos',
    marathonZkPath: spec.marathon?.zkPath ?? '/marathon',
    workDir: spec.mesos?.workDir ?? '/var/lib/mesos',
    vagrant: spec.vagrant ?? (placement === 'machines' && !spec.nodes ? preset?.vagrant : undefined),
  };
}
