import { BlockList, isIP } from 'node:net';

/** How wide the network is that an address is of; `refused` is never fetched from. */
export type AddressScope = 'public' | 'private' | 'loopback' | 'refused';

type Subnet = readonly [network: string, bits: number, family: 'ipv4' | 'ipv6'];

const subnets = (list: readonly Subnet[]): BlockList => {
  const blocks = new BlockList();
  for (const subnet of list) blocks.addSubnet(...subnet);
  return blocks;
};

const loopback = subnets([
  ['127.0.0.0', 8, 'ipv4'],
  ['::1', 128, 'ipv6'],
]);

const private_ = subnets([
  ['10.0.0.0', 8, 'ipv4'],
  ['172.16.0.0', 12, 'ipv4'],
  ['192.168.0.0', 16, 'ipv4'],
  ['100.64.0.0', 10, 'ipv4'],
  ['fc00::', 7, 'ipv6'],
]);

/** This network, link-local (where clouds answer with credentials), multicast and reserved; and IPv4 written in IPv6. */
const refused = subnets([
  ['0.0.0.0', 8, 'ipv4'],
  ['169.254.0.0', 16, 'ipv4'],
  ['224.0.0.0', 3, 'ipv4'],
  ['::', 128, 'ipv6'],
  ['64:ff9b::', 96, 'ipv6'],
  ['2002::', 16, 'ipv6'],
  ['fe80::', 10, 'ipv6'],
  ['ff00::', 8, 'ipv6'],
]);

/** @param address IPv4 or IPv6, also IPv4 mapped into IPv6 */
export function scopeOf(address: string): AddressScope {
  const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
  if (isIP(address) === 0 || refused.check(address, family)) return 'refused';
  if (loopback.check(address, family)) return 'loopback';
  return private_.check(address, family) ? 'private' : 'public';
}

/** From the widest to the narrowest. */
const scopes: readonly AddressScope[] = ['public', 'private', 'loopback'];

/** Which addresses a request may go to. */
export interface AddressPolicy {
  /** No narrower than this. */
  readonly narrowest: Exclude<AddressScope, 'refused'>;
}

/**
 * What a URI itself may name. The address of the agent says what the lab is: one that listens on loopback alone is of a
 * lab of this machine and its user, who may fetch from it. Elsewhere the loopback belongs to others.
 */
export const policyOf = (agentHost: string): AddressPolicy => ({
  narrowest: agentHost === 'localhost' || scopeOf(agentHost) === 'loopback' ? 'loopback' : 'private',
});

/** Where a server may redirect to: never to a network that is narrower than its own. */
export function afterRedirectBy(address: string, { narrowest }: AddressPolicy): AddressPolicy {
  const scope = scopeOf(address);
  if (scope === 'refused' || scopes.indexOf(scope) > scopes.indexOf(narrowest)) return { narrowest };
  return { narrowest: scope };
}

/** @throws Error when the policy does not allow the address */
export function checkAddress(address: string, host: string, { narrowest }: AddressPolicy): void {
  const scope = scopeOf(address);
  if (scope !== 'refused' && scopes.indexOf(scope) <= scopes.indexOf(narrowest)) return;
  const what = scope === 'refused' ? 'link-local or reserved' : scope;
  throw new Error(
    `Refused to connect to '${host}': its address ${address} is ${what}, where this agent does not fetch from`,
  );
}
