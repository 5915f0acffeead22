import type { OwnAddress } from '../../platform/network/own-address.ts';
import type { MesosFlags } from './mesos-flags.ts';
import { ProgramError } from './program.ts';

/** Where a Mesos program listens, and what it tells others. */
export interface MesosAddress {
  /** Address to bind. */
  readonly host: string;
  readonly port: number;
  /** IPv4 address that others reach it by. */
  readonly advertisedIp: string;
  readonly hostname: string;
}

const isAny = (address: string) => address === '0.0.0.0' || address === '::';
const presence = (text: string | undefined) => (text === '' ? undefined : text);

/**
 * As libprocess does (3rdparty/libprocess/src/process.cpp, initialize): without `--ip` it binds every address, and
 * advertises the one that the machine's own name resolves to. Without `--hostname` the machine's name is used, or, with
 * `--no-hostname_lookup`, the address.
 * @throws ProgramError when the machine's name does not resolve
 */
export async function mesosAddress(
  flags: MesosFlags,
  environment: Readonly<Record<string, string | undefined>>,
  own: OwnAddress,
): Promise<MesosAddress> {
  const host = presence(flags.text('ip')) ?? presence(environment['LIBPROCESS_IP']) ?? '0.0.0.0';
  const advertised = presence(flags.text('advertise_ip')) ?? presence(environment['LIBPROCESS_ADVERTISE_IP']);
  const advertisedIp = advertised ?? (isAny(host) ? await ownIp(own) : host);
  const fallback = flags.isOn('hostname_lookup') ? own.hostname() : advertisedIp;
  return {
    host,
    port: flags.number('port'),
    advertisedIp,
    hostname: presence(flags.text('hostname')) ?? fallback,
  };
}

async function ownIp(own: OwnAddress): Promise<string> {
  const name = own.hostname();
  const address = await own.resolve(name);
  if (address !== undefined) return address;
  throw new ProgramError(
    `Failed to obtain the IP address for '${name}'; the DNS service may not be able to resolve it: set MESOS_IP or MESOS_ADVERTISE_IP`,
  );
}
