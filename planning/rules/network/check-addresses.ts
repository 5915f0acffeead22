import {
  addressKind,
  isVirtualboxHostOnly,
  parseIpv4,
  type AddressKind,
  type Octets,
} from '../../values/parse-address.ts';
import type { ResolvedNode, ResolvedSpec } from '../../plan/resolve-spec.ts';
import { showText } from '../../shape/show-value.ts';
import type { SpecPath, SpecProblem } from '../../shape/spec-problem.ts';
import { problem, warning, type Rule } from '../rule.ts';

/** The addresses of the nodes: there on several machines, absent on one, and such as a machine can have. */
export const checkAddresses: Rule = (_, resolved) =>
  resolved.nodes.flatMap((node) => {
    const ofSpec = node.path[0] === 'nodes';
    const path = ofSpec ? [...node.path, 'address'] : node.path;
    if (resolved.placement === 'one-host')
      return ofSpec && node.address !== undefined ? [needless(node.address, path)] : [];
    if (node.address === undefined) return ofSpec ? [missing(node)] : [];
    return addressProblems(node.address, path, resolved);
  });

const needless = (address: string, path: SpecPath) =>
  problem('SPEC_COMBINATION', path, 'A node of placement one-host has an address', {
    at: 'key',
    found: showText(address),
    allowed: 'no addresses: on one host Docker gives them',
    fix: 'Remove the address, or set placement: machines',
  });

const missing = (node: ResolvedNode) =>
  problem('SPEC_ADDRESS', [...node.path, 'address'], `The node ${showText(node.name)} has no address`, {
    found: 'nothing',
    allowed: 'an IPv4 address for every node (placement machines)',
    fix: 'Add one, such as address: 192.168.56.11',
  });

const impossible: Readonly<Partial<Record<AddressKind, string>>> = {
  unspecified: 'means "no address"',
  loopback: 'is the loopback of every machine, so no other node can reach it',
  multicast: 'is a multicast address',
  reserved: 'is reserved',
  broadcast: 'is the broadcast address',
};

function addressProblems(address: string, path: SpecPath, resolved: ResolvedSpec): readonly SpecProblem[] {
  const octets = parseIpv4(address);
  const allowed = 'an IPv4 address that a machine can have, such as 192.168.56.11';
  if (!octets) {
    return [
      problem('SPEC_ADDRESS', path, 'An address is not an IPv4 address in dotted decimal', {
        found: showText(address),
        allowed,
        fix: notDottedFix(address),
      }),
    ];
  }
  const kind = addressKind(octets);
  const reason = impossible[kind];
  if (reason !== undefined) {
    return [
      problem('SPEC_ADDRESS', path, `The address ${address} ${reason}`, {
        found: showText(address),
        allowed,
        fix: "Write the machine's own address in its network",
      }),
    ];
  }
  return [...providerProblems(octets, address, path, resolved), ...doubts(octets, kind, address, path, resolved)];
}

function notDottedFix(address: string): string {
  const decimal = address.replace(/\b0+(?=\d)/g, '');
  if (decimal !== address && parseIpv4(decimal)) return `Write ${decimal}: leading zeros are octal to some programs`;
  const [, bare = '', rest = ''] = /^([0-9.]+)([:/][0-9]+)$/.exec(address) ?? [];
  if (parseIpv4(bare)) return `Write ${bare}, without the ${rest.startsWith(':') ? 'port' : 'length of the network'}`;
  return address.includes(':')
    ? 'Write an IPv4 address: Mesos does not speak IPv6'
    : 'Write four numbers from 0 to 255';
}

function providerProblems(
  octets: Octets,
  address: string,
  path: SpecPath,
  { vagrant }: ResolvedSpec,
): readonly SpecProblem[] {
  if (vagrant === undefined || (vagrant.provider ?? 'virtualbox') !== 'virtualbox') return [];
  if (isVirtualboxHostOnly(octets)) return [];
  return [
    problem('SPEC_ADDRESS', path, `VirtualBox does not allow the address ${address} on a host-only network`, {
      found: showText(address),
      allowed:
        '192.168.56.0/21 (192.168.56.1 to 192.168.63.254): VirtualBox refuses others on Linux, Windows, and macOS before 7',
      fix: 'Write an address such as 192.168.56.11, or choose another vagrant.provider',
    }),
  ];
}

function doubts(
  octets: Octets,
  kind: AddressKind,
  address: string,
  path: SpecPath,
  { vagrant }: ResolvedSpec,
): readonly SpecProblem[] {
  const last = octets[3];
  const doubt = (message: string, fix: string) =>
    warning('SPEC_ADDRESS', path, message, {
      found: showText(address),
      allowed: 'a private address such as 192.168.56.11',
      fix,
    });
  return [
    ...(last === 1
      ? [
          doubt(
            vagrant
              ? `The address ${address} ends in .1, which is usually the host's own adapter: Vagrant warns about it`
              : `The address ${address} ends in .1, which is usually the router's`,
            'Count from .11',
          ),
        ]
      : []),
    ...(last === 0 || last === 255
      ? [
          doubt(
            `The address ${address} is the network's or its broadcast address if the network is a /24`,
            'Count from .11',
          ),
        ]
      : []),
    ...(kind === 'public' || kind === 'documentation' || kind === 'link-local'
      ? [
          doubt(
            kind === 'public'
              ? `The address ${address} is public: anyone who reaches Mesos or Marathon there can run commands`
              : `The address ${address} is a ${kind} address, which networks do not route`,
            'Use a private address, behind a firewall',
          ),
        ]
      : []),
  ];
}
