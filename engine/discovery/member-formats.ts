import type { Candidate } from './discovery.ts';
import { hostInUrl } from '../../protocol/host-in-url.ts';

/** How the members of a group write themselves into ZooKeeper. */
export interface MemberFormat {
  /** What a member's znode is called, before ZooKeeper appends a number of ten digits. */
  readonly prefix: (uuid: string) => string;
  /** Undefined for a znode that is no member. */
  readonly sequenceOf: (name: string) => number | undefined;
  readonly write: (candidate: Candidate) => string;
  /** Undefined when it cannot be understood. */
  readonly read: (name: string, data: string) => Candidate | undefined;
}

/** ZooKeeper's numbers, which go on below zero after 2147483647. */
const sequence = String.raw`(-?\d{10,11})$`;
const masterName = new RegExp(String.raw`^(json\.info|info)_${sequence}`);
const latchName = new RegExp(`latch-${sequence}`);

const numberIn = (match: RegExpExecArray | null, index: number): number | undefined =>
  match?.[index] === undefined ? undefined : Number(match[index]);

/**
 * Masters: MasterInfo as JSON (MASTER_INFO_JSON_LABEL of src/master/constants.hpp). Those before Mesos 0.24 wrote
 * protobuf under `info_`: they count and may lead, but who they are is not understood.
 */
export const masterMember: MemberFormat = {
  prefix: () => 'json.info_',
  sequenceOf: (name) => numberIn(masterName.exec(name), 2),
  write: ({ id, url, hostname, info }) => {
    const port = Number(new URL(url).port || 80);
    return JSON.stringify(info ?? { id, hostname, port, address: { hostname, ip: new URL(url).hostname, port } });
  },
  read: (name, data) => (name.startsWith('json.') ? masterOf(data) : undefined),
};

/** What we read of a MasterInfo; all of it may be missing or wrong. */
interface MasterInfoFields {
  readonly id?: unknown;
  readonly ip?: unknown;
  readonly port?: unknown;
  readonly hostname?: unknown;
  readonly address?: { readonly hostname?: unknown; readonly ip?: unknown; readonly port?: unknown } | null;
}

function masterOf(data: string): Candidate | undefined {
  let info: MasterInfoFields | null;
  try {
    info = JSON.parse(data) as MasterInfoFields | null;
  } catch {
    return undefined;
  }
  if (typeof info !== 'object' || info === null) return undefined;
  const { address } = info;
  const port = address?.port ?? info.port;
  const hostname = text(address?.hostname) ?? text(info.hostname);
  const host = text(address?.ip) ?? unpackedAddress(info.ip) ?? hostname;
  if (host === undefined || typeof port !== 'number' || !Number.isInteger(port) || port < 1 || port > 65_535) {
    return undefined;
  }
  const url = `http://${hostInUrl(host)}:${port}`;
  if (!URL.canParse(url)) return undefined;
  return { id: text(info.id) ?? url, url, hostname: hostname ?? host, info };
}

const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined);

/** The IPv4 address of masters that know no `address` yet: in network order, read as little-endian. */
function unpackedAddress(packed: unknown): string | undefined {
  if (typeof packed !== 'number' || packed === 0) return undefined;
  return [0, 8, 16, 24].map((shift) => (packed >>> shift) & 255).join('.');
}

/** Marathons: what Curator's LeaderLatch calls its znodes (`withProtection` puts the UUID in front). */
export const marathonMember: MemberFormat = {
  prefix: (uuid) => `_c_${uuid}-latch-`,
  sequenceOf: (name) => numberIn(latchName.exec(name), 1),
  write: ({ id }) => id,
  read: (_name, data) => {
    const [, host] = /^(.+):(\d{1,5})$/.exec(data.trim()) ?? [];
    const url = `http://${data.trim()}`;
    return host === undefined || !URL.canParse(url) ? undefined : { id: data.trim(), url, hostname: host };
  },
};
