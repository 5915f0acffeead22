import { isIP } from 'node:net';
import type { AddressesOf } from '../host-addresses.ts';
import type { MesosDnsConfig } from '../mesos-dns-config.ts';
import type { DnsRecord } from './zone.ts';

/** The host and port of `127.0.0.1:5050` and `[::1]:5050`; no port: 0. */
function hostAndPort(text: string): { readonly host: string; readonly port: number } {
  const [, inBrackets, plain, port] = /^(?:\[([^\]]+)\]|([^:]+)):(\d+)$/.exec(text) ?? [];
  return { host: inBrackets ?? plain ?? text, port: Number(port ?? 0) };
}

/**
 * `leader`, `master` and `masterN`, which are counted as the configuration lists them; a leader that is not among them
 * comes last (masterRecord in records/generator.go).
 */
export function masterRecords(
  leader: string,
  { domain, masters }: Pick<MesosDnsConfig, 'domain' | 'masters'>,
  addressesOf: AddressesOf,
): readonly DnsRecord[] {
  const { port } = hostAndPort(leader);
  const tail = `.${domain}.`;
  const addresses = (master: string) => addressesOf(hostAndPort(master).host);
  const hosts = (name: string, found: readonly string[]) =>
    found.map((host): DnsRecord => ({ kind: isIP(host) === 6 ? 'AAAA' : 'A', name: `${name}${tail}`, host }));
  const leading = addresses(leader);
  const isLeader = (master: string) =>
    hostAndPort(master).port === port && addresses(master).some((address) => leading.includes(address));
  const listed = [...new Set(masters)];
  const known = listed.some((master) => isLeader(master)) ? listed : [...listed, leader];
  const services = ['tcp', 'udp'].map((protocol): DnsRecord => ({
    kind: 'SRV',
    name: `_leader._${protocol}${tail}`,
    host: `leader${tail}:${port}`,
  }));
  const numbered = known.map((master) => addresses(master)).filter((found) => found.length > 0);
  return [
    ...hosts('leader', leading),
    ...services,
    ...unique([...hosts('master', leading), ...numbered.flatMap((found) => hosts('master', found))]),
    ...numbered.flatMap((found, index) => hosts(`master${index}`, found)),
  ];
}

const unique = (records: readonly DnsRecord[]): readonly DnsRecord[] => [
  ...new Map(records.map((record) => [record.host, record])).values(),
];
