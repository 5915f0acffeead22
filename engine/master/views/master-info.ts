import type { MasterSettings } from '../master-options.ts';

const capabilities = ['AGENT_UPDATE', 'AGENT_DRAINING', 'QUOTA_V2'];

export const masterPid = ({ advertisedIp, port }: MasterSettings) => `master@${advertisedIp}:${port}`;

/** IPv4 as the integer that MasterInfo has: in network order, read as little-endian. */
function packedAddress(ip: string): number {
  const bytes = Buffer.from(ip.split('.').map(Number));
  return bytes.length === 4 ? bytes.readUInt32LE() : 0;
}

/** mesos.proto, message MasterInfo. */
export function toMasterInfo(settings: MasterSettings) {
  const { masterId, port, hostname, version, advertisedIp } = settings;
  return {
    id: masterId,
    ip: packedAddress(advertisedIp),
    port,
    pid: masterPid(settings),
    hostname,
    version: version.version,
    address: { hostname, ip: advertisedIp, port },
    capabilities: capabilities.map((type) => ({ type })),
  };
}

export const masterCapabilities: readonly string[] = capabilities;
