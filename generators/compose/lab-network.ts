import type { Role } from '../../planning/catalogue/roles.ts';
import { labNetwork } from '../../planning/plan/lab-network.ts';
import type { Plan, PlannedComponent } from '../../planning/plan/plan.ts';
import { entry, flow, list, map, type YamlEntry } from '../text/yaml-text.ts';

/** Those that Mesos-DNS waits for itself: they must find each other before it is there. */
const withoutNames: ReadonlySet<Role> = new Set(['zookeeper', 'mesos-dns']);

const networkOf = ({ name, portOffset }: Plan) => labNetwork(name, portOffset);

const hasNames = ({ placement, nodes }: Plan) =>
  placement === 'one-host' && nodes.some(({ components }) => components.some(({ role }) => role === 'mesos-dns'));

/**
 * Where the containers of a lab on one host ask Mesos-DNS: they need an address, so it has a fixed one. Undefined: the
 * lab has none, or its nodes are machines with resolvers of their own.
 */
export const dnsAddress = (plan: Plan): string | undefined => (hasNames(plan) ? networkOf(plan).mesosDns : undefined);

/** Whether containers of tasks are in the Engine of this machine, which is in no network of the lab. */
const hasTasksOutside = ({ agentDocker, agents }: Plan) => agentDocker === 'socket' && agents.length > 0;

/** The network that has the fixed address; Docker gives others out in its other half. */
export function networkOptions(plan: Plan): readonly YamlEntry[] {
  if (!hasNames(plan)) return [];
  const { subnet, range, gateway } = networkOf(plan);
  const config = map([
    entry('subnet', subnet),
    entry('ip_range', range),
    hasTasksOutside(plan) && entry('gateway', gateway),
  ]);
  return [entry('ipam', map([entry('config', list([config]))]), 'Mesos-DNS has a fixed address, which needs a range.')];
}

/**
 * Ports that are published where containers of tasks reach them, which are in other networks of this machine's Engine:
 * Docker lets nothing through from one of its networks to another, but this machine is in all of them.
 */
export function gatewayPorts(plan: Plan, ...ports: readonly string[]): readonly string[] {
  if (!hasNames(plan) || !hasTasksOutside(plan)) return [];
  return ports.map((port) => `${networkOf(plan).gateway}:${port}:${port}`);
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
