import { HttpError, jsonAnswer, textAnswer } from '../http/http-answer.ts';
import { route, router } from '../http/router.ts';
import { shownConfig, soaNames, type MesosDnsConfig } from './mesos-dns-config.ts';
import type { ClusterRecords } from './records/cluster-records.ts';
import { targetOf } from './wire/record-bodies.ts';

export interface RoutesOptions {
  readonly config: MesosDnsConfig;
  /** Undefined while no master has told anything. */
  readonly records: () => ClusterRecords | undefined;
  readonly serial: () => number;
  readonly version: string;
}

/** In small letters, without wildcards, with a final dot. */
const domainName = (given: string) => `${decoded(given).replaceAll('.*', '').toLowerCase().replace(/\.$/, '')}.`;

function decoded(given: string): string {
  try {
    return decodeURIComponent(given);
  } catch {
    throw new HttpError(400, `There is no name ${given}`);
  }
}

/** The API of Mesos-DNS (docs/http.md; configureHTTP in resolver/resolver.go). */
export function mesosDnsRoutes({ config, records, serial, version }: RoutesOptions) {
  const known = () => {
    const found = records();
    // The real one opens its port only then.
    if (found === undefined) throw new HttpError(503, 'No master has told its state yet');
    return found;
  };
  const hosts = (given: string) => {
    const host = domainName(given);
    const { zone } = known();
    const found = (['A', 'AAAA'] as const).flatMap((kind) => zone.find(kind, host).map((target) => target.host));
    return found.length === 0 ? [{ host: '', ip: '' }] : found.map((ip) => ({ host, ip }));
  };
  const services = (given: string) => {
    const { zone } = known();
    const found = zone.find('SRV', domainName(given)).flatMap((service) => {
      const { target, port } = targetOf(service.host);
      const first = (['A', 'AAAA'] as const).flatMap((kind) => zone.find(kind, target).slice(0, 1));
      return first.map(({ host: ip }) => ({ service: decoded(given), host: target, ip, port: String(port) }));
    });
    return found.length === 0 ? [{ service: '', host: '', ip: '', port: '' }] : found;
  };
  const transfer = () => {
    const { zone } = known();
    const { mname: Mname, rname: Rname } = soaNames(config);
    const { ttl: TTL, refreshSeconds: RefreshSeconds, domain: Domain } = config;
    const Records = { As: zone.all('A'), AAAAs: zone.all('AAAA'), SRVs: zone.all('SRV') };
    return { TTL, Serial: serial(), RefreshSeconds, Mname, Rname, Domain, Records };
  };
  const about = { Service: 'Mesos-DNS', URL: 'https://github.com/mesosphere/mesos-dns', Version: version };
  const enumeration = [
    route('GET', '/v1/enumerate', () => jsonAnswer(200, enumerate(known()))),
    route('GET', '/v1/axfr', () => jsonAnswer(200, transfer())),
  ];
  return router([
    route('GET', '/v1/version', () => {
      known();
      return jsonAnswer(200, about);
    }),
    route('GET', '/v1/config', () => jsonAnswer(200, shownConfig(config, serial()))),
    route('GET', '/v1/hosts/:host/ports', () => textAnswer(501, 'To be implemented...')),
    route('GET', '/v1/hosts/:host', (_, { host = '' }) => jsonAnswer(200, hosts(host))),
    route('GET', '/v1/services/:service', (_, { service = '' }) => jsonAnswer(200, services(service))),
    ...(config.enumerationOn ? enumeration : []),
  ]);
}

/** Every record of a task once, with the first task that has it; Go writes an empty list as null. */
function enumerate(records: ClusterRecords): object {
  const seen = new Set<string>();
  const frameworks = records.frameworks.map(({ id, name }) => ({
    tasks: [...records.tasksOf(id)].map(({ known, records: all }) => {
      const fresh = all.filter(({ kind, name: each, host }) => {
        const key = `${kind} ${each} ${host}`;
        return seen.has(key) ? false : seen.add(key);
      });
      const listed = fresh.map(({ name: each, host, kind }) => ({ name: each, host, rtype: kind }));
      return { name: known.name, id: known.id, records: listed.length === 0 ? null : listed };
    }),
    name,
  }));
  return { frameworks: frameworks.length === 0 ? null : frameworks };
}
