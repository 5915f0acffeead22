import { isIP } from 'node:net';
import { ipSources, type MesosDnsConfig } from '../../../engine/mesos-dns/mesos-dns-config.ts';
import { parseZkUrl } from '../../../protocol/zk-url.ts';

/** What is wrong, in the words of records/validation.go where it has some; the key in front says where. */
export function configProblems(config: MesosDnsConfig): readonly string[] {
  return [
    ...(!config.dnsOn && !config.httpOn ? ['service validation failed: either DNS or HTTP server should be on'] : []),
    ...(config.masters.length === 0 && config.zk === ''
      ? ['service validation failed: specify Mesos masters or Zookeeper in config.json']
      : []),
    ...zkProblems(config.zk),
    ...duplicates('masters', config.masters, normalMaster),
    ...(config.externalOn ? resolverProblems(config) : []),
    ...sourceProblems(config.ipSources),
    ...numberProblems(config),
    ...(isDomain(config.domain) ? [] : [`${config.domain} is not a valid domain name`]),
    ...listenerProblems(config),
    ...(['', 'basic'].includes(config.mesosAuthentication)
      ? []
      : [`mesosAuthentication: ${config.mesosAuthentication} is not there in the lite set: '' and 'basic' are`]),
    ...(config.mesosAuthentication === 'basic' && config.mesosCredentials.principal === ''
      ? ['mesosAuthentication: basic needs mesosCredentials with a principal and a secret']
      : []),
  ];
}

const isDomain = (name: string) => /^[a-zA-Z0-9-]+(?:\.[a-zA-Z0-9-]+)*$/.test(name);

function zkProblems(zk: string): readonly string[] {
  if (zk === '') return [];
  try {
    parseZkUrl(zk);
    return [];
  } catch (error) {
    return [`zk: failed to create master detector: ${error instanceof Error ? error.message : String(error)}`];
  }
}

const isPort = (text: string) => /^\d+$/.test(text) && Number(text) >= 1 && Number(text) <= 65_535;

/** The host and port of `host:port`; undefined when it is none. */
function split(text: string): { readonly host: string; readonly port: string } | undefined {
  const [, inBrackets, plain, port] = /^(?:\[([^\]]*)\]|([^:]*)):([^:]*)$/.exec(text) ?? [];
  return port === undefined ? undefined : { host: inBrackets ?? plain ?? '', port };
}

/** @returns a text that two alike have in common, or a problem */
type Normal = (text: string) => { readonly normal: string } | { readonly problem: string };

const normalMaster: Normal = (text) => {
  const parts = split(text);
  if (parts === undefined || parts.host === '' || !isPort(parts.port)) {
    return { problem: `illegal host:port specified: ${text}` };
  }
  return { normal: `${parts.host}:${parts.port}` };
};

const normalResolver: Normal = (text) => {
  const { host, port } = split(text) ?? { host: text, port: '53' };
  if (isIP(host) === 0) return { problem: `illegal ip specified: ${host}` };
  return isPort(port) ? { normal: `${host} ${port}` } : { problem: `illegal host:port specified: ${text}` };
};

function duplicates(what: string, texts: readonly string[], normalize: Normal): readonly string[] {
  const seen = new Set<string>();
  return texts.flatMap((text) => {
    const found = normalize(text);
    if ('problem' in found) return [`error validating ${what}: ${found.problem}`];
    if (seen.has(found.normal)) return [`error validating ${what}: duplicate found: ${text}`];
    seen.add(found.normal);
    return [];
  });
}

function resolverProblems({ resolvers, zoneResolvers, domain }: MesosDnsConfig): readonly string[] {
  const zones = Object.entries(zoneResolvers);
  const suffixes = [...zones.map(([zone]) => `.${zone}`), `.${domain}`];
  const masked = suffixes.flatMap((each) =>
    suffixes
      .filter((other) => each !== other && each.endsWith(other))
      .map((other) => `zoneResolvers: ambiguous zone resolvers: ${each} is masked by ${other}`),
  );
  return [
    ...duplicates('resolvers', resolvers, normalResolver),
    ...zones.flatMap(([zone, servers]) => [
      ...(servers.length === 0 ? [`field ZoneResolver ${zone} is empty`] : []),
      ...(isDomain(zone) ? [] : [`zoneResolvers: invalid domain name: ${zone}`]),
      ...(zone === domain ? [`can't specify ZoneResolver for Mesos domain (${domain})`] : []),
      ...duplicates('resolvers', servers, normalResolver),
    ]),
    ...masked,
  ];
}

function sourceProblems(sources: readonly string[]): readonly string[] {
  const failed = (why: string) => `IPSources validation failed: ${why}`;
  if (sources.length === 0) return [failed('empty ip sources')];
  return [
    ...(new Set(sources).size < sources.length ? [failed('duplicate ip source specified')] : []),
    ...sources
      .filter((source) => !ipSources.some((known) => known === source))
      .map((source) => failed(`invalid ip source "${source}"`)),
  ];
}

/** Least and most of numbers that something would go wrong with. */
const ranges: Readonly<Partial<Record<keyof MesosDnsConfig, readonly [least: number, most: number]>>> = {
  refreshSeconds: [1, 2_000_000],
  stateTimeoutSeconds: [1, 2_000_000],
  zkDetectionTimeout: [0, 2_000_000],
  timeout: [0, 2_000_000],
  port: [0, 65_535],
  httpPort: [0, 65_535],
  ttl: [0, 2 ** 31 - 1],
  srvRecordDefaultWeight: [0, 65_535],
  soaRefresh: [0, 2 ** 32 - 1],
  soaRetry: [0, 2 ** 32 - 1],
  soaExpire: [0, 2 ** 32 - 1],
  soaMinttl: [0, 2 ** 32 - 1],
};

const numberProblems = (config: MesosDnsConfig): readonly string[] =>
  Object.entries(ranges).flatMap(([name, [least, most]]) => {
    const value = Number(config[name as keyof MesosDnsConfig]);
    return value >= least && value <= most ? [] : [`${name}: ${value} is not from ${least} to ${most}`];
  });

const listenerProblems = ({ listener, httpListener }: MesosDnsConfig): readonly string[] =>
  Object.entries({ listener, httpListener }).flatMap(([name, address]) =>
    isIP(address) === 0 ? [`${name}: unable to parse ip: ${address}`] : [],
  );
