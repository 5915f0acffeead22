import type { PlannedNode } from '../../../planning/plan/plan.ts';

/** What is started at the same time, on all nodes; the next wave follows when all of it was started. */
export interface Wave {
  /** `the ZooKeepers`, for a person. */
  readonly title: string;
  readonly nodes: readonly {
    readonly node: PlannedNode;
    /** Undefined: all that the node has, what is behind the last component of the plan among it. */
    readonly services: readonly string[] | undefined;
  }[];
}

/** In the order in which each needs the one before. Roles that are not here come last. */
const order: readonly { readonly title: string; readonly roles: readonly string[] }[] = [
  { title: 'ZooKeeper', roles: ['zookeeper'] },
  { title: 'masters', roles: ['mesos-master'] },
  { title: 'agents and Marathon', roles: ['mesos-agent', 'marathon'] },
];

/** The wave of a role, from 0. */
export function waveOf(role: string): number {
  const index = order.findIndex(({ roles }) => roles.includes(role));
  return index < 0 ? order.length : index;
}

/** `load balancer and add-ons`, or without add-ons only what there is. */
function titleOf(index: number, nodes: readonly PlannedNode[]): string {
  const title = order[index]?.title;
  if (title !== undefined) return title;
  const last = nodes.flatMap(({ components }) => components.filter(({ role }) => waveOf(role) === index));
  const names = [...new Set(last.map(({ role }) => (role === 'marathon-lb' ? 'load balancer' : role)))];
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1) ?? ''}`;
}

/** The waves of a lab; those that have nothing to start are left out. */
export function wavesOf(nodes: readonly PlannedNode[]): readonly Wave[] {
  const lastOf = new Map(nodes.map((node) => [node, Math.max(...node.components.map(({ role }) => waveOf(role)))]));
  return Array.from({ length: order.length + 1 }, (_, index) => ({
    title: titleOf(index, nodes),
    nodes: nodes.flatMap((node) => {
      const own = node.components.filter(({ role }) => waveOf(role) === index).map(({ service }) => service);
      if (own.length === 0) return [];
      return [{ node, services: lastOf.get(node) === index ? undefined : own }];
    }),
  })).filter((wave) => wave.nodes.length > 0);
}
