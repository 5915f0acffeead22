/** The four numbers of an IPv4 address. */
export type Octets = readonly [number, number, number, number];

/** What an IPv4 address is for (RFC 6890). */
export type AddressKind =
  | 'unspecified'
  | 'loopback'
  | 'link-local'
  | 'private'
  | 'documentation'
  | 'multicast'
  | 'reserved'
  | 'broadcast'
  | 'public';

const octet = '(?:0|[1-9][0-9]{0,2})';
const dotted = new RegExp(`^(${octet})\\.(${octet})\\.(${octet})\\.(${octet})$`);

/** Parses dotted decimal; leading zeros, which some programs read as octal, and anything else give undefined. */
export function parseIpv4(text: string): Octets | undefined {
  const match = dotted.exec(text);
  if (!match) return undefined;
  const [a = 256, b = 256, c = 256, d = 256] = match.slice(1).map(Number);
  return Math.max(a, b, c, d) > 255 ? undefined : [a, b, c, d];
}

export function addressKind([a, b, c, d]: Octets): AddressKind {
  if (a === 0) return 'unspecified';
  if (a === 127) return 'loopback';
  if (a === 255 && b === 255 && c === 255 && d === 255) return 'broadcast';
  if (a >= 240) return 'reserved';
  if (a >= 224) return 'multicast';
  if (a === 169 && b === 254) return 'link-local';
  const isPrivate =
    a === 10 ||
    (a === 172 && b >= 16 && b <= 31) ||
    (a === 192 && b === 168) ||
    // RFC 6598: shared by carriers, used by VPNs; and RFC 2544: laboratory networks.
    (a === 100 && b >= 64 && b <= 127) ||
    (a === 198 && (b === 18 || b === 19));
  if (isPrivate) return 'private';
  const block = `${a}.${b}.${c}`;
  return block === '192.0.2' || block === '198.51.100' || block === '203.0.113' ? 'documentation' : 'public';
}

/** Whether an address is in 192.168.56.0/21, which VirtualBox allows for host-only networks unless told otherwise. */
export function isVirtualboxHostOnly([a, b, c]: Octets): boolean {
  return a === 192 && b === 168 && c >= 56 && c <= 63;
}

/** Whether a text is an IPv6 address without brackets and zone (RFC 4291, 2.2). */
export function isIpv6(text: string): boolean {
  if (!/^[0-9A-Fa-f:.]{2,45}$/.test(text)) return false;
  const halves = text.split('::');
  if (halves.length > 2) return false;
  const groups = halves.flatMap((half) => (half === '' ? [] : half.split(':')));
  const last = groups.at(-1);
  const endsInIpv4 = last?.includes('.') === true && text.endsWith(last);
  if (endsInIpv4 && parseIpv4(last) === undefined) return false;
  const plain = endsInIpv4 ? groups.slice(0, -1) : groups;
  const size = plain.length + (endsInIpv4 ? 2 : 0);
  return plain.every((group) => /^[0-9A-Fa-f]{1,4}$/.test(group)) && (halves.length === 2 ? size < 8 : size === 8);
}
