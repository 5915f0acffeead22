import { BlockList, isIPv4 } from 'node:net';
import type { VagrantFacts } from './vagrant-facts.ts';
import { isAtLeast } from '../../../platform/processes/program-version.ts';
import type { Plan } from '../../../planning/plan/plan.ts';
import type { Finding } from '../../doctor-facet.ts';

const usualRange = '192.168.56.0/21';
/** The first VirtualBox that keeps host-only networks to some addresses, and the first for macOS that does not. */
const strictSince = '6.1.28';
const lenientOnMac = '7.0.0';

/**
 * VirtualBox's rule for addresses of host-only networks (its manual, "Host-only networking"; Vagrant refuses the same
 * before it starts a machine, plugins/providers/virtualbox/action/network.rb): 192.168.56.0/21, unless
 * /etc/vbox/networks.conf names others, and then only those.
 */
export function hostOnlyFinding({ nodes }: Plan, { system, programs, networksFile }: VagrantFacts): Finding {
  const need = "VirtualBox's rule for addresses";
  const version = /\d+\.\d+\.\d+/.exec(programs.virtualbox ?? '')?.[0] ?? lenientOnMac;
  const isFree =
    system === 'other' || !isAtLeast(version, strictSince) || (system === 'macos' && isAtLeast(version, lenientOnMac));
  if (isFree) return { need, ok: true, found: 'any private address is allowed here' };
  const ranges = networksFile === undefined ? [usualRange] : allowedRanges(networksFile);
  const refused = nodes.flatMap(({ name, address = '' }) =>
    ranges.some((range) => contains(range, address)) ? [] : [`${name} ${address}`],
  );
  const where =
    networksFile === undefined
      ? `without a /etc/vbox/networks.conf only ${usualRange} is allowed`
      : `/etc/vbox/networks.conf allows ${ranges.length === 0 ? 'nothing' : ranges.join(', ')}`;
  if (refused.length === 0) return { need, ok: true, found: `all addresses are in ${ranges.join(', ')}` };
  const line = `echo '* ${usualRange}' | sudo tee -a /etc/vbox/networks.conf`;
  const wanted = nodes.every(({ address = '' }) => contains(usualRange, address));
  const fix = wanted
    ? line
    : `give the nodes addresses from 192.168.56.11 on; or ${line.replace(usualRange, '10.0.0.0/8 172.16.0.0/12 192.168.0.0/16')}`;
  return { need, ok: false, found: `not allowed: ${refused.join(', ')} (${where})`, fix };
}

/** Lines such as `* 10.0.0.0/8 192.168.0.0/16`; those of IPv6 are left out. */
function allowedRanges(text: string): readonly string[] {
  const lines = text.split('\n').filter((line) => line.startsWith('*'));
  return lines.flatMap((line) => line.slice(1).trim().split(/\s+/)).filter((range) => /^[\d.]+\/\d+$/.test(range));
}

function contains(range: string, address: string): boolean {
  const [network = '', length = ''] = range.split('/');
  if (!isIPv4(network) || Number(length) > 32) return false;
  const addresses = new BlockList();
  addresses.addSubnet(network, Number(length));
  return addresses.check(address);
}
