import type { Plan, PlannedComponent } from '../../../planning/plan/plan.ts';
import type { Role } from '../../../planning/catalogue/roles.ts';
import { featuresIn } from '../../../protocol/marathon-features.ts';
import { withoutEffect } from '../../lite/without-effect.ts';

/** Where the spec has the flags of a component, and those that the embedded runtime reads. */
interface Passed {
  readonly path: string;
  readonly prefix: string;
  readonly understood: readonly string[];
}

const byRole: { readonly [role in Role]?: Passed } = {
  'mesos-master': {
    path: 'mesos.master.flags',
    prefix: 'MESOS_',
    understood: [
      ...['agent_ping_timeout', 'slave_ping_timeout', 'max_agent_ping_timeouts', 'max_slave_ping_timeouts'],
      // In settings of the plan's own; here they come from elsewhere in the spec.
      ...['cluster', 'quorum'],
    ],
  },
  'mesos-agent': {
    path: 'mesos.agent.flags',
    prefix: 'MESOS_',
    understood: ['recovery_timeout', 'executor_registration_timeout', 'resources', 'attributes'],
  },
  marathon: { path: 'marathon.flags', prefix: 'MARATHON_', understood: [] },
};

/** Features of the engine's Marathon: tasks say that they are being killed without being asked to. */
const features: readonly string[] = ['secrets', 'task_killing'];

/**
 * Flags of the spec that mean nothing to the engine and that somebody would expect something of, as paths in the spec.
 * What the plan sets of itself is for the real programs, and is no business of whoever wrote the spec.
 */
export function unknownFlags(plan: Plan): readonly string[] {
  const components = plan.nodes.flatMap((node) => node.components);
  return [...new Set(components.flatMap((component) => unknownOf(component)))].sort();
}

function unknownOf({ role, environment }: PlannedComponent): readonly string[] {
  const passed = byRole[role];
  if (passed === undefined) return [];
  const { path, prefix, understood } = passed;
  const asked = environment.filter(({ name, origin }) => origin === 'spec' && name.startsWith(prefix));
  const given = new Map(asked.map(({ name, value }) => flagOf(name.slice(prefix.length).toLowerCase(), value, role)));
  const known = new Set(understood);
  const areKnown = featuresIn(given.get('enable_features') ?? '').every((name) => features.includes(name));
  if (role === 'marathon' && areKnown) known.add('enable_features');
  return withoutEffect([...given.keys()], known, (name) => given.get(name)).map((name) => `${path}.${name}`);
}

const disabling = 'disable_';

/** A switch of Marathon is an empty variable; off it has another name. */
function flagOf(name: string, value: string, role: Role): readonly [name: string, value: string] {
  if (role !== 'marathon' || value !== '') return [name, value];
  if (name === 'disable_http' || !name.startsWith(disabling)) return [name, 'true'];
  return [name.slice(disabling.length), 'false'];
}

/** @param flags not empty */
export const unknownFlagsWarning = (flags: readonly string[]) =>
  `${flags.join(', ')}: without effect here, the embedded runtime does not have ${flags.length === 1 ? 'this flag' : 'these flags'}. ` +
  'Leave out what the lab can do without, or run it with --runtime docker';
