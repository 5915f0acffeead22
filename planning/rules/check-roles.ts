import type { ClusterSpec } from '../shape/cluster-spec.ts';
import type { ResolvedSpec } from '../plan/resolve-spec.ts';
import { componentOf, type Role } from '../catalogue/roles.ts';
import type { SpecPath, SpecProblem } from '../shape/spec-problem.ts';
import { placeOfCount } from './check-counts.ts';
import { problem, warning, type Rule } from './rule.ts';

const countKeys = { zookeeper: 'zookeepers', 'mesos-master': 'masters', marathon: 'marathons' } as const;

/** Which roles there are: none without its peers, none twice on a node, and somebody to run tasks. */
export const checkRoles: Rule = (spec, resolved) => {
  const present = new Set(resolved.nodes.flatMap(({ roles }) => roles));
  const missing = missingPeers(spec, resolved, present);
  return [
    ...(spec.nodes ?? []).flatMap(({ roles }, index) => nodeRoles(roles, index)),
    ...missing,
    ...(missing.length === 0 && !present.has('mesos-master') ? [noMaster(spec)] : []),
    ...(present.has('mesos-master') && !present.has('mesos-agent') && (spec.counts?.agents ?? 0) >= 0
      ? [noAgent(spec)]
      : []),
    ...secondRegistry(resolved),
    ...idleSettings(spec),
  ];
};

function nodeRoles(roles: readonly Role[], index: number): readonly SpecProblem[] {
  if (roles.length === 0) {
    return [
      problem('SPEC_ROLES', ['nodes', index, 'roles'], 'A node has no role', {
        found: 'an empty list',
        allowed: 'at least one role',
        fix: 'Give it one, such as mesos-agent, or remove the node',
      }),
    ];
  }
  return roles.flatMap((role, position) =>
    roles.indexOf(role) === position
      ? []
      : [
          problem('SPEC_ROLES', ['nodes', index, 'roles', position], `A node has the role ${role} twice`, {
            found: role,
            allowed: 'each role once: a second one would need the same ports',
            fix: 'Remove one of the two, or put it on a node of its own',
          }),
        ],
  );
}

function missingPeers(spec: ClusterSpec, resolved: ResolvedSpec, present: ReadonlySet<Role>): readonly SpecProblem[] {
  const names: ReadonlySet<string> = present;
  return [...present].flatMap((role) => {
    const peer = componentOf[role].needs;
    if (!peer || names.has(peer.role) || (peer.or !== undefined && names.has(peer.or))) return [];
    const wanted = peer.or === undefined ? peer.role : `${peer.role} or ${peer.or}`;
    return [
      problem('SPEC_ROLES', placeOfPeer(spec, resolved, role, peer.role), `There is a ${role} but no ${wanted}`, {
        found: `${role} alone`,
        allowed: `at least one ${wanted}: ${peer.why}`,
        fix: `Add a ${wanted}, or remove ${role}`,
      }),
    ];
  });
}

/** Where the peer was counted away, else where the role is asked for. */
function placeOfPeer({ counts }: ClusterSpec, { nodes }: ResolvedSpec, role: Role, peer: string): SpecPath {
  const key = countKeys[peer as keyof typeof countKeys];
  const lonely = nodes.find(({ roles }) => roles.includes(role));
  const path = lonely?.path ?? [];
  if (path[0] !== 'nodes' && counts?.[key] !== undefined) return ['counts', key];
  return path[0] === 'nodes' ? [...path, 'roles', lonely?.roles.indexOf(role) ?? 0] : path;
}

const noMaster = (spec: ClusterSpec) =>
  problem('SPEC_ROLES', placeOfCount(spec, 'masters'), 'The lab has no Mesos master', {
    found: '0',
    allowed: 'an odd number of masters: 1, 3, 5',
    fix: 'Give a node the role mesos-master, or set counts.masters to 1',
  });

const noAgent = (spec: ClusterSpec) =>
  warning('SPEC_ROLES', placeOfCount(spec, 'agents'), 'The lab has no Mesos agent, so no task can run', {
    found: '0',
    allowed: 'at least one agent',
    fix: 'Give a node the role mesos-agent, or set counts.agents',
  });

/** A second registry on one host would be another cache for the same Engines, which use the first. */
function secondRegistry({ nodes, placement }: ResolvedSpec): readonly SpecProblem[] {
  const [, second] = nodes.filter(({ roles }) => roles.includes('registry'));
  if (second === undefined || placement !== 'one-host') return [];
  return [
    problem('SPEC_ROLES', [...second.path, 'roles', second.roles.indexOf('registry')], 'There are two registries', {
      found: 'registry on two nodes',
      allowed: 'one registry for all agents of the host',
      fix: 'Remove the role registry from this node',
    }),
  ];
}

/** Settings of a role that their node does not have. */
function idleSettings({ nodes = [] }: ClusterSpec): readonly SpecProblem[] {
  return nodes.flatMap((node, index) => [
    ...(node.zookeeperId !== undefined && !node.roles.includes('zookeeper')
      ? [
          problem('SPEC_ID', ['nodes', index, 'zookeeperId'], 'A node without ZooKeeper has a ZooKeeper id', {
            at: 'key',
            found: String(node.zookeeperId),
            allowed: 'zookeeperId on nodes with the role zookeeper',
            fix: 'Remove it, or add the role zookeeper',
          }),
        ]
      : []),
    ...(['attributes', 'resources'] as const)
      .filter((key) => node[key] !== undefined && !node.roles.includes('mesos-agent'))
      .map((key) =>
        warning(
          key === 'attributes' ? 'SPEC_ATTRIBUTES' : 'SPEC_RESOURCES',
          ['nodes', index, key],
          `A node without an agent has agent ${key}, which do nothing`,
          { at: 'key', found: key, allowed: `${key} on nodes with the role mesos-agent`, fix: 'Remove them' },
        ),
      ),
  ]);
}
