import { BlockList, isIP } from 'node:net';
import { words } from '../../../protocol/marathon/served-port.ts';

/**
 * Whether an address is in what HAPROXY_{n}_BACKEND_NETWORK_ALLOWED_ACL lists: `10.1.40.0/24 10.1.55.43`. A word that is
 * neither an address nor a network lets nobody in.
 */
export function allowedNetworks(label: string): (address: string) => boolean {
  const list = new BlockList();
  for (const word of words(label, ' ')) {
    const [, address = '', prefix] = /^([^/]+)(?:\/(\d+))?$/.exec(word) ?? [];
    const version = isIP(address);
    const longest = version === 4 ? 32 : 128;
    const length = prefix === undefined ? longest : Number(prefix);
    if (version === 0 || length > longest) continue;
    list.addSubnet(address, length, version === 4 ? 'ipv4' : 'ipv6');
  }
  return (address) => {
    const version = isIP(address);
    return version !== 0 && list.check(address, version === 4 ? 'ipv4' : 'ipv6');
  };
}
