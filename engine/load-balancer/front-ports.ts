import type { IncomingMessage } from 'node:http';
import type { TlsOptions } from 'node:tls';
import { httpService, type Choice } from './http-service.ts';
import { byAppId, bySecureVirtualHost, byVirtualHost } from './rules/choose-service.ts';
import { openPort } from './service-listener.ts';
import type { ServerPool } from './server-pool.ts';
import { tlsOptions } from './tls/certificates.ts';
import { selfSigned, type CertificateAndKey } from './tls/self-signed.ts';

/** Ports that all HTTP services share, as marathon-lb has them. */
export interface FrontPorts {
  /** Services by `Host`, as their labels HAPROXY_{n}_VHOST and _PATH say: 80 in marathon-lb. */
  readonly virtualHosts?: number;
  /** The same over TLS, by the name that the client asks for there (SNI): 443 in marathon-lb. */
  readonly secureVirtualHosts?: number;
  /** What is shown on it; default: one that is made for this run, and signed by nobody. */
  readonly certificates?: readonly CertificateAndKey[];
  /** Services by the header `X-Marathon-App-Id`: 9091 in marathon-lb. */
  readonly appIds?: number;
}

interface FrontOptions {
  readonly host: string;
  readonly ports: FrontPorts;
  readonly pools: () => readonly ServerPool[];
  readonly log: (line: string) => void;
}

interface Front {
  readonly port: number | undefined;
  readonly name: string;
  readonly choose: (message: IncomingMessage, pools: readonly ServerPool[]) => Choice;
  readonly tls?: () => TlsOptions;
}

/**
 * Opens the shared ports. One that cannot be had is only logged: the service ports serve all the same.
 * @returns what closes them
 */
export async function openFrontPorts({ host, ports, pools, log }: FrontOptions): Promise<() => Promise<void>> {
  const { virtualHosts, secureVirtualHosts, certificates, appIds } = ports;
  const fronts: readonly Front[] = [
    {
      port: virtualHosts,
      name: 'virtual hosts',
      choose: (message, all) => byVirtualHost(message, all, secureVirtualHosts),
    },
    {
      port: secureVirtualHosts,
      name: 'virtual hosts over TLS',
      choose: bySecureVirtualHost,
      tls: () => tlsOptions(atLeastOne(certificates)),
    },
    { port: appIds, name: 'X-Marathon-App-Id', choose: byAppId },
  ];
  const opened = fronts.map(async ({ port, name, choose, tls }) => {
    if (port === undefined) return undefined;
    try {
      const service = httpService({
        choose: (message) => choose(message, pools()),
        log,
        ...(tls === undefined ? {} : { tls: tls() }),
      });
      const front = await openPort(service, { host, port, log });
      log(`port ${port}: ${name}`);
      return front;
    } catch (error) {
      log(`port ${port} (${name}) is not served: ${error instanceof Error ? error.message : String(error)}`);
      return undefined;
    }
  });
  const listeners = await Promise.all(opened);
  return async () => {
    await Promise.all(listeners.flatMap((each) => each?.close() ?? []));
  };
}

const atLeastOne = ([first, ...others]: readonly CertificateAndKey[] = []) =>
  [first ?? selfSigned(Date.now()), ...others] as const;
