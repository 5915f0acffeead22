/** What a machine says of itself; lists are undefined where it does not say. */
export interface MachineLook {
  /** IPv4 addresses that are its own, 127.0.0.1 among them. */
  readonly addresses: readonly string[] | undefined;
  /** TCP ports on which something listens. */
  readonly listeners: readonly { readonly address: string; readonly port: number }[] | undefined;
  /** Free where Docker keeps its images, MB. */
  readonly freeMb: number | undefined;
}

/**
 * A command for the shell of a machine, or of a container in its network, that answers MachineLook. It needs no program
 * but `cat` and `df`; what a machine does not have is left out.
 */
export const lookCommand =
  'cat /proc/net/fib_trie /proc/net/tcp /proc/net/tcp6 2>/dev/null; df -Pk /var/lib/docker 2>/dev/null || df -Pk / 2>/dev/null';

/** Reads what `lookCommand` printed. */
export function readLook(text: string): MachineLook {
  const addresses = localAddresses(text);
  const blocks = /^\S+\s+\d+\s+\d+\s+(\d+)\s+\d+%\s+\//m.exec(text)?.[1];
  return {
    addresses: addresses.length === 0 ? undefined : addresses,
    listeners: text.includes('local_address') ? listeners(text) : undefined,
    freeMb: blocks === undefined ? undefined : Math.floor(Number(blocks) / 1024),
  };
}

/** The kernel's own (net/ipv4/fib_trie.c): an address in one line, and below it `/32 host LOCAL` when it is this machine's. */
function localAddresses(text: string): readonly string[] {
  const found = text.matchAll(/\|-- (\d+\.\d+\.\d+\.\d+)\n(?:\s+\/\d+ .*\n)*?\s+\/32 host LOCAL/g);
  return [...new Set([...found].flatMap(([, address]) => address ?? []))];
}

/** State 0A is LISTEN; addresses are hexadecimal, each word of four bytes backwards (net/ipv4/tcp_ipv4.c). */
function listeners(text: string): readonly { address: string; port: number }[] {
  const found = text.matchAll(/^\s*\d+: ([0-9A-F]{8}|[0-9A-F]{32}):([0-9A-F]{4}) [0-9A-F]+:0000 0A /gm);
  return [...found].map(([, address = '', port = '']) => ({ address: addressOf(address), port: parseInt(port, 16) }));
}

function addressOf(hex: string): string {
  if (hex.length === 32) {
    // An IPv4 address in IPv6's clothes, or something that is open on every address.
    if (/^0{16}(?:0000FFFF|FFFF0000)/.test(hex)) return addressOf(hex.slice(24));
    return /^0+$/.test(hex) ? '0.0.0.0' : 'another one of IPv6';
  }
  const bytes = hex.match(/../g) ?? [];
  return bytes
    .reverse()
    .map((byte) => parseInt(byte, 16))
    .join('.');
}
