import type { Component, EngineWorld } from '../component.ts';
import type { Discovery } from '../discovery/discovery.ts';
import { listen } from '../http/http-server.ts';
import { answerMessage } from './answer-message.ts';
import { Answerer } from './answer-query.ts';
import { Forwarder } from './forwarder.ts';
import { HostAddresses } from './host-addresses.ts';
import { mesosDnsRoutes } from './http-routes.ts';
import { listenForDns } from './listen-for-dns.ts';
import { detectionTimeout } from './masters/detection-timeout.ts';
import { MasterFeed } from './masters/master-feed.ts';
import type { MesosDnsConfig } from './mesos-dns-config.ts';
import { ClusterRecords, type ClusterState } from './records/cluster-records.ts';

export interface MesosDnsOptions {
  readonly config: MesosDnsConfig;
  /** Who leads; missing: one of the `masters` of the configuration says it. */
  readonly discovery?: Discovery | undefined;
  /** Other names that the HTTP API may be asked by. */
  readonly names?: readonly string[];
  /** What `/v1/version` says. */
  readonly version: string;
  /** For tests: of connections that say nothing. */
  readonly patienceMs?: number;
}

export interface MesosDnsWorld extends EngineWorld {
  /** Addresses of a host; empty when nothing resolves it. `''`: of this machine, by which others reach it. */
  readonly resolve: (host: string) => Promise<readonly string[]>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly random: () => number;
}

export interface MesosDns extends Component {
  /** By UDP and TCP. */
  readonly dnsPort: number;
}

/**
 * Starts a Mesos-DNS: it follows the leading master and serves names of tasks, frameworks, agents and masters by DNS
 * and HTTP. Its ports are open at once; until a master has told its state, what is asked is answered SERVFAIL, and 503.
 * @throws the system's error when a port cannot be had
 */
export async function startMesosDns(options: MesosDnsOptions, world: MesosDnsWorld): Promise<MesosDns> {
  const { config, discovery } = options;
  const { log } = world;
  const detection = detectionTimeout(config.zkDetectionTimeout);
  const known = knownCluster(config, world);
  const forwarder = new Forwarder(config);
  const closing: (() => Promise<void>)[] = [];
  const closeAll = async () => {
    forwarder.close();
    await Promise.all(closing.map((close) => close()));
    detection.found();
  };
  try {
    const { url, dnsPort } = await openPorts(options, world, { known, forwarder, closing });
    const feed = new MasterFeed({
      discovery,
      masters: config.masters,
      authorization: authorizationOf(config),
      refreshMs: config.refreshSeconds * 1000,
      stateTimeoutMs: config.stateTimeoutSeconds * 1000,
      log,
      onState: (state) => {
        detection.found();
        known.set(state);
      },
      onLost: detection.lost,
      records: known.records,
      onChange: known.changed,
    });
    closing.push(() => feed.stop());
    let stopped: Promise<void> | undefined;
    return { url, dnsPort, failed: detection.failed, stop: () => (stopped ??= closeAll()) };
  } catch (error) {
    await closeAll();
    throw error;
  }
}

/** What is known by now, and the serial number of the zone. */
function knownCluster(config: MesosDnsConfig, { resolve, now }: MesosDnsWorld) {
  let records: ClusterRecords | undefined;
  const seconds = () => Math.floor(now() / 1000);
  let serial = seconds();
  const changed = () => {
    serial = Math.max(serial, seconds());
  };
  const set = (state: ClusterState) => {
    records = new ClusterRecords(state, config, (host) => addresses.of(host));
    changed();
  };
  const addresses = new HostAddresses({
    resolve,
    now,
    onChange: () => {
      if (records !== undefined) set(records.state());
    },
  });
  return { records: () => records, serial: () => serial, changed, set };
}

interface Inner {
  readonly known: ReturnType<typeof knownCluster>;
  readonly forwarder: Forwarder;
  /** What is to be closed in the end. */
  readonly closing: (() => Promise<void>)[];
}

async function openPorts(
  { config, names = [], version, patienceMs }: MesosDnsOptions,
  { log, random }: MesosDnsWorld,
  { known, forwarder, closing }: Inner,
): Promise<Pick<MesosDns, 'url' | 'dnsPort'>> {
  const { records, serial } = known;
  let dnsPort = config.port;
  if (config.dnsOn) {
    const answerer = new Answerer({ config, zone: () => records()?.zone, serial, random });
    const answer = answerMessage(answerer, forwarder, log);
    const patience = patienceMs === undefined ? {} : { patienceMs };
    const server = await listenForDns({ host: config.listener, port: config.port, answer, log, ...patience });
    closing.push(server.close);
    dnsPort = server.port;
  }
  if (!config.httpOn) return { url: `dns://${config.listener}:${dnsPort}`, dnsPort };
  const handler = mesosDnsRoutes({ config, records, serial, version });
  const http = await listen({ host: config.httpListener, port: config.httpPort, handler, log, names });
  closing.push(http.close);
  return { url: http.url, dnsPort };
}

const authorizationOf = ({ mesosAuthentication, mesosCredentials: { principal, secret } }: MesosDnsConfig) =>
  mesosAuthentication === 'basic' ? `Basic ${Buffer.from(`${principal}:${secret}`).toString('base64')}` : undefined;
