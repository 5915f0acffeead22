import { mesosDnsDefaults, type MesosDnsConfig } from '../../../engine/mesos-dns/mesos-dns-config.ts';

type Field = keyof MesosDnsConfig;
type GoType = 'int' | 'bool' | 'string' | '[]string' | 'map[string][]string' | 'basic.Credentials';

interface ConfigKey {
  readonly field: Field;
  /** As `records.Config` calls it. */
  readonly go: string;
  readonly type: GoType;
}

const key = (go: string, type: GoType, field: Field): readonly [string, ConfigKey] => [
  go.toLowerCase(),
  { field, go, type },
];

/** Keys of the configuration (records/config.go), in small letters: Go reads them in any. */
export const configKeys: ReadonlyMap<string, ConfigKey> = new Map([
  key('RefreshSeconds', 'int', 'refreshSeconds'),
  key('Port', 'int', 'port'),
  key('Timeout', 'int', 'timeout'),
  key('StateTimeoutSeconds', 'int', 'stateTimeoutSeconds'),
  key('ZkDetectionTimeout', 'int', 'zkDetectionTimeout'),
  key('HttpPort', 'int', 'httpPort'),
  key('TTL', 'int', 'ttl'),
  key('SRVRecordDefaultWeight', 'int', 'srvRecordDefaultWeight'),
  key('SOARefresh', 'int', 'soaRefresh'),
  key('SOARetry', 'int', 'soaRetry'),
  key('SOAExpire', 'int', 'soaExpire'),
  key('SOAMinttl', 'int', 'soaMinttl'),
  key('SOAMname', 'string', 'soaMname'),
  key('SOARname', 'string', 'soaRname'),
  key('Masters', '[]string', 'masters'),
  key('ZoneResolvers', 'map[string][]string', 'zoneResolvers'),
  key('Resolvers', '[]string', 'resolvers'),
  key('IPSources', '[]string', 'ipSources'),
  key('Zk', 'string', 'zk'),
  key('Domain', 'string', 'domain'),
  key('Listener', 'string', 'listener'),
  key('HTTPListener', 'string', 'httpListener'),
  key('RecurseOn', 'bool', 'recurseOn'),
  key('DnsOn', 'bool', 'dnsOn'),
  key('HttpOn', 'bool', 'httpOn'),
  key('ExternalOn', 'bool', 'externalOn'),
  key('EnforceRFC952', 'bool', 'enforceRfc952'),
  key('SetTruncateBit', 'bool', 'setTruncateBit'),
  key('EnumerationOn', 'bool', 'enumerationOn'),
  key('MesosCredentials', 'basic.Credentials', 'mesosCredentials'),
  key('MesosAuthentication', 'string', 'mesosAuthentication'),
]);

/** Keys that the real one sets itself, whatever the file says of them. */
export const ownKeys: ReadonlySet<string> = new Set(['file', 'soaserial']);

/** Keys of the real one that ask for HTTPS, or for the identities of DC/OS, and what they are when they ask for nothing. */
export const httpsKeys: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ['mesoshttpson', false],
  ['cacertfile', ''],
  ['certfile', ''],
  ['keyfile', ''],
  ['iamconfigfile', ''],
]);

const isStrings = (value: unknown) => Array.isArray(value) && value.every((each) => typeof each === 'string');
const isMap = (value: unknown): value is object => typeof value === 'object' && value !== null && !Array.isArray(value);

const fits: Readonly<Record<GoType, (value: unknown) => boolean>> = {
  int: (value) => Number.isInteger(value),
  bool: (value) => typeof value === 'boolean',
  string: (value) => typeof value === 'string',
  '[]string': isStrings,
  'map[string][]string': (value) => isMap(value) && Object.values(value).every(isStrings),
  'basic.Credentials': (value) => isMap(value) && Object.values(value).every((each) => typeof each === 'string'),
};

/** As encoding/json says it. Null leaves what is the default. */
export function typeProblem({ go, type }: ConfigKey, value: unknown): string | undefined {
  if (value === null || fits[type](value)) return undefined;
  const found = Array.isArray(value) ? 'array' : isMap(value) ? 'object' : goName(value);
  return `json: cannot unmarshal ${found} into Go struct field Config.${go} of type ${type}`;
}

const goName = (value: unknown) =>
  typeof value === 'boolean' ? 'bool' : typeof value === 'number' ? `number ${value}` : typeof value;

/** A configuration with what a file has, by our names. */
export function withValues(values: ReadonlyMap<Field, unknown>, file: string): MesosDnsConfig {
  const config = { ...mesosDnsDefaults, ...Object.fromEntries(values), file } as MesosDnsConfig;
  const { principal = '', secret = '' } = lowerCaseKeys(config.mesosCredentials);
  return { ...config, domain: config.domain.toLowerCase(), mesosCredentials: { principal, secret } };
}

const lowerCaseKeys = (given: object): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(given).map(([name, value]) => [name.toLowerCase(), String(value)]));
