import type { ClusterSpec } from '../shape/cluster-spec.ts';
import type { LabContext, SettingsContext } from '../components/component.ts';
import { componentOf, type Role } from '../catalogue/roles.ts';
import type { Setting } from './plan.ts';

/** What the environments of a lab are made from. */
export interface PlanContext extends LabContext {
  readonly spec: ClusterSpec;
}

/** Marathon's switches that nothing turns off: false means that the variable is not there. */
const onlySwitchedOn = new Set(['disable_http', 'leader_proxy_ssl_ignore_hostname']);

/** Pass-through flags as environment variables; they replace a derived value of the same name. */
function passedThrough(spec: ClusterSpec, role: Role): ReadonlyMap<string, string> {
  const flags =
    role === 'mesos-master'
      ? spec.mesos?.master?.flags
      : role === 'mesos-agent'
        ? spec.mesos?.agent?.flags
        : role === 'marathon'
          ? spec.marathon?.flags
          : undefined;
  const prefix = role === 'marathon' ? 'MARATHON_' : 'MESOS_';
  return new Map(
    Object.entries(flags ?? {}).flatMap(([name, value]): [string, string][] => {
      const variable = name.toUpperCase();
      if (role !== 'marathon' || typeof value !== 'boolean') return [[`${prefix}${variable}`, String(value)]];
      // Marathon's Main.envToArgs: an empty variable is a switch, and a switch is turned off by its disable_ form.
      if (value) return [[`${prefix}${variable}`, '']];
      return onlySwitchedOn.has(name) ? [] : [[`${prefix}DISABLE_${variable}`, '']];
    }),
  );
}

/** The environment of a component, derived values first, in the order of the file. */
export function planEnvironment(role: Role, spec: ClusterSpec, context: SettingsContext): readonly Setting[] {
  const passed = passedThrough(spec, role);
  const asked = new Set(passed.keys());
  const derived = componentOf[role].settings.flatMap(({ name, value: valueIn }): Setting[] => {
    const given = passed.get(name);
    asked.delete(name);
    if (given !== undefined) return [{ name, value: given, origin: 'spec' }];
    const value = valueIn(context);
    return value === undefined ? [] : [{ name, value: String(value), origin: 'derived' }];
  });
  return [...derived, ...[...asked].map((name): Setting => ({ name, value: passed.get(name) ?? '', origin: 'spec' }))];
}

/** Words behind the image's command, for the programs that are not configured by their environment. */
export function planArguments(role: Role, context: SettingsContext): readonly string[] {
  const { command, arguments: flags = [] } = componentOf[role];
  return [
    ...(command === undefined ? [] : [command]),
    ...flags.flatMap(({ name, value }) => {
      const words = value(context);
      return words === undefined ? [] : [name, ...words];
    }),
  ];
}
