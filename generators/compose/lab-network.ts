import type { Role } from '../../planning/catalogue/roles.ts';
import type { Plan, PlannedComponent } from '../../planning/plan/plan.ts';
import { entry, flow, list, map, type YamlEntry } from '../text/yaml-text.ts';

/** Those that Mesos-DNS waits for itself: they must find each other before it is there. */
const withoutNames: ReadonlySet<Role> = new Set(['zookeeper', 'mesos-dns']);

const hasNames = ({ placement, nodes }: Plan) =>
  placement === 'one-host' && nodes.some(({ components }) => components.some(({ role }) => role === 'mesos-dns'));

/**
 * Where the containers of a lab on one host ask Mesos-DNS: they need an address, so it has a fixed one. Undefined: the
 * lab has none, or its nodes are machines with resolvers of their own.
 */
export const dnsAddress = (plan: Plan): string | undefined =>
  hasNames(plan) ? plan.network?.addresses?.mesosDns : undefined;

/** Whether containers of tasks are in the Engine of this machine, which is in no network of the lab. */
const hasTasksOutside = ({ agentDocker, agents }: Plan) => agentDocker === 'socket' && agents.length > 0;

/** The network of a lab on one host. Where addresses in it are known before, Docker gives out those of a range alone. */
export function networkOptions(plan: Plan): readonly YamlEntry[] {
  const { name, addresses } = plan.network ?? {};
  const named = name === undefined ? [] : [entry('name', name, 'As apps name it: their containers join it.')];
  if (addresses === undefined) return named;
  const { subnet, range, gateway } = addresses;
  const config = map([
    entry('subnet', subnet),
    entry('ip_range', range),
    hasNames(plan) && hasTasksOutside(plan) && entry('gateway', gateway),
  ]);
  const why =
    plan.taskNetwork !== undefined && plan.agentDocker === 'dind'
      ? 'Each agent has a part of it, which Docker must not give out here.'
      : 'Mesos-DNS has a fixed address, which needs a range.';
  return [...named, entry('ipam', map([entry('config', list([config]))]), why)];
}

/**
 * Ports that are published where containers of tasks reach them, which are in other networks of this machine's Engine:
 * Docker lets nothing through from one of its networks to another, but this machine is in all of them.
 */
export function gatewayPorts(plan: Plan, ...ports: readonly string[]): readonly string[] {
  const { addresses } = plan.network ?? {};
  if (addresses === undefined || !hasNames(plan) || !hasTasksOutside(plan)) return [];
  return ports.map((port) => `${addresses.gateway}:${port}:${port}`);
}

/** Docker's own server answers for the lab's containers, and asks Mesos-DNS for all other names. */
export function dnsEntry({ role, ordinal }: Pick<PlannedComponent, 'role' | 'ordinal'>, plan: Plan): YamlEntry | false {
  const address = dnsAddress(plan);
  if (address === undefined || withoutNames.has(role)) return false;
  return entry('dns', flow([address]), ordinal === 1 ? 'Mesos-DNS: names that end with .mesos.' : undefined);
}

/** Of the one that has it. */
export function fixedAddressEntry({ ordinal }: PlannedComponent, plan: Plan): YamlEntry | false {
  const address = dnsAddress(plan);
  // Only one container can have it; another one is asked by its name.
  if (address === undefined || ordinal !== 1) return false;
  return entry('networks', map([entry('default', map([entry('ipv4_address', address)]))]));
}
