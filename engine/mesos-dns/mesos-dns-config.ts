/** Where the address of a task is taken from. */
export const ipSources = ['netinfo', 'mesos', 'docker', 'host'] as const;
export type IpSource = (typeof ipSources)[number];

/** Configuration of Mesos-DNS (docs/configuration-parameters.md, records/config.go), by its names. */
export interface MesosDnsConfig {
  /** In seconds: how often the state is read of a master without events, and the longest wait before the next attempt. */
  readonly refreshSeconds: number;
  readonly ttl: number;
  readonly domain: string;
  readonly port: number;
  readonly dnsOn: boolean;
  readonly httpPort: number;
  readonly httpOn: boolean;
  readonly listener: string;
  readonly httpListener: string;
  /** `host:port`. */
  readonly masters: readonly string[];
  readonly zk: string;
  /** 0: for ever. */
  readonly zkDetectionTimeout: number;
  readonly stateTimeoutSeconds: number;
  readonly externalOn: boolean;
  /** `host` or `host:port`. */
  readonly resolvers: readonly string[];
  readonly zoneResolvers: Readonly<Record<string, readonly string[]>>;
  readonly timeout: number;
  readonly recurseOn: boolean;
  readonly setTruncateBit: boolean;
  readonly enforceRfc952: boolean;
  readonly enumerationOn: boolean;
  readonly ipSources: readonly IpSource[];
  readonly srvRecordDefaultWeight: number;
  readonly soaMname: string;
  readonly soaRname: string;
  readonly soaRefresh: number;
  readonly soaRetry: number;
  readonly soaExpire: number;
  readonly soaMinttl: number;
  readonly mesosAuthentication: '' | 'basic';
  readonly mesosCredentials: { readonly principal: string; readonly secret: string };
  /** Where it was read from. */
  readonly file: string;
}

/** As records/config.go has them. */
export const mesosDnsDefaults: MesosDnsConfig = {
  refreshSeconds: 60,
  ttl: 60,
  domain: 'mesos',
  port: 53,
  dnsOn: true,
  httpPort: 8123,
  httpOn: true,
  listener: '0.0.0.0',
  httpListener: '0.0.0.0',
  masters: [],
  zk: '',
  zkDetectionTimeout: 30,
  stateTimeoutSeconds: 300,
  externalOn: true,
  resolvers: ['8.8.8.8'],
  zoneResolvers: {},
  timeout: 5,
  recurseOn: true,
  setTruncateBit: true,
  enforceRfc952: false,
  enumerationOn: true,
  ipSources: ['netinfo', 'mesos', 'host'],
  srvRecordDefaultWeight: 1,
  soaMname: 'ns1.mesos',
  soaRname: 'root.ns1.mesos',
  soaRefresh: 60,
  soaRetry: 600,
  soaExpire: 86_400,
  soaMinttl: 60,
  mesosAuthentication: '',
  mesosCredentials: { principal: '', secret: '' },
  file: '',
};

/** With a final dot, and no @ in a mailbox. */
export const soaNames = ({ soaMname, soaRname }: MesosDnsConfig) => ({
  mname: `${soaMname.replace(/\.+$/, '')}.`,
  rname: `${soaRname.replaceAll('@', '.').replace(/\.+$/, '')}.`,
});

/** What `/v1/config` shows, by the names that it has there; of credentials, not the secret. */
export function shownConfig(config: MesosDnsConfig, serial: number): object {
  const { mname, rname } = soaNames(config);
  return {
    RefreshSeconds: config.refreshSeconds,
    Port: config.port,
    Timeout: config.timeout,
    StateTimeoutSeconds: config.stateTimeoutSeconds,
    ZkDetectionTimeout: config.zkDetectionTimeout,
    HttpPort: config.httpPort,
    TTL: config.ttl,
    SRVRecordDefaultWeight: config.srvRecordDefaultWeight,
    SOASerial: serial,
    SOARefresh: config.soaRefresh,
    SOARetry: config.soaRetry,
    SOAExpire: config.soaExpire,
    SOAMinttl: config.soaMinttl,
    SOAMname: mname,
    SOARname: rname,
    Masters: config.masters.length === 0 ? null : config.masters,
    ZoneResolvers: config.zoneResolvers,
    Resolvers: config.resolvers,
    IPSources: config.ipSources,
    Zk: config.zk,
    Domain: config.domain,
    File: config.file,
    Listener: config.listener,
    HTTPListener: config.httpListener,
    RecurseOn: config.recurseOn,
    DnsOn: config.dnsOn,
    HttpOn: config.httpOn,
    ExternalOn: config.externalOn,
    EnforceRFC952: config.enforceRfc952,
    SetTruncateBit: config.setTruncateBit,
    EnumerationOn: config.enumerationOn,
    MesosHTTPSOn: false,
    CACertFile: '',
    CertFile: '',
    KeyFile: '',
    MesosCredentials: { Principal: config.mesosCredentials.principal, Secret: '' },
    IAMConfigFile: '',
    MesosAuthentication: config.mesosAuthentication,
  };
}
