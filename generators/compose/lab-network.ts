import type { Role } from '../../planning/catalogue/roles.ts';
import type { Plan, PlannedComponent } from '../../planning/plan/plan.ts';
import { entry, flow, list, map, type YamlEntry } from '../text/yaml-text.ts';

/** Those that Mesos-DNS waits for itself: they must find each other before it is there. */
const withoutNames: ReadonlySet<Role> = new Set(['zookeeper', 'mesos-dns']);

/** The middle of the address: of the lab's name, so that two labs seldom have the same, and moved with its ports. */
function thirdByte({ name, portOffset }: Plan): number {
  const sum = Array.from(name).reduce((before, letter) => (before * 31 + (letter.codePointAt(0) ?? 0)) % 65_521, 7);
  return (sum + Math.floor(portOffset / 100)) % 256;
}

/** Meant for tests of networks (RFC 2544), so that no machine needs it for anything else; its other half has users. */
const networkOf = (plan: Plan) => `198.19.${thirdByte(plan)}`;

const hasNames = ({ placement, nodes }: Plan) =>
  placement === 'one-host' && nodes.some(({ components }) => components.some(({ role }) => role === 'mesos-dns'));

/**
 * Where the containers of a lab on one host ask Mesos-DNS: they need an address, so it has a fixed one. Undefined: the
 * lab has none, or its nodes are machines with resolvers of their own.
 */
export const dnsAddress = (plan: Plan): string | undefined => (hasNames(plan) ? `${networkOf(plan)}.53` : undefined);

/** The network that has the fixed address; Docker gives others out in its other half. */
export function networkOptions(plan: Plan): readonly YamlEntry[] {
  if (!hasNames(plan)) return [];
  const range = { subnet: `${networkOf(plan)}.0/24`, ip_range: `${networkOf(plan)}.128/25` };
  const config = map([entry('subnet', range.subnet), entry('ip_range', range.ip_range)]);
  return [entry('ipam', map([entry('config', list([config]))]), 'Mesos-DNS has a fixed address, which needs a range.')];
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
