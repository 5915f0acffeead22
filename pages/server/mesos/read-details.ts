import { listAt, numberAt, textAt, valueAt } from '../../../protocol/json.ts';
import type {
  AmountsByName,
  FrameworkDetails,
  MasterDetails,
  OfferDetails,
  Offers,
  RoleDetails,
} from '../../picture/details.ts';
import { readAmounts, readResources } from './read-resources.ts';

/** A field, if it is there. */
export const given = <Name extends string, Value>(name: Name, value: Value | undefined) =>
  (value === undefined ? {} : { [name]: value }) as { readonly [Key in Name]?: Value };

/** Seconds; 0 is said where there is none. */
export const fromSeconds = (seconds: number | undefined) =>
  seconds === undefined || seconds === 0 ? undefined : Math.round(seconds * 1000);

/** TimeInfo. */
export const fromNanoseconds = (time: unknown) => fromSeconds((numberAt(time, 'nanoseconds') ?? 0) / 1e9);

/** `Labels` of the v1 API, or the list alone, as the old endpoints have it. */
export function readLabels(labels: unknown): Readonly<Record<string, string>> {
  const list = Array.isArray(labels) ? (labels as readonly unknown[]) : listAt(labels, 'labels');
  return Object.fromEntries(list.map((each) => [textAt(each, 'key') ?? '', textAt(each, 'value') ?? '']));
}

export const textsAt = (value: unknown, ...path: readonly string[]): readonly string[] =>
  listAt(value, ...path).filter((each) => typeof each === 'string');

/** The fields of an object that are text. */
export function readTexts(value: unknown): Readonly<Record<string, string>> {
  const entries = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}

/** @param roles `GET /roles` */
export function readRoles(roles: unknown): readonly RoleDetails[] {
  return listAt(roles, 'roles').map((role) => ({
    name: textAt(role, 'name') ?? '',
    weight: numberAt(role, 'weight') ?? 1,
    guarantee: readAmounts(valueAt(role, 'quota', 'guarantee')),
    limit: readAmounts(valueAt(role, 'quota', 'limit')),
    consumed: readAmounts(valueAt(role, 'quota', 'consumed')),
    // Releases before 1.10 say the sum of what is allocated and offered.
    allocated: readAmounts(valueAt(role, 'allocated') ?? valueAt(role, 'resources')),
    offered: readAmounts(valueAt(role, 'offered')),
    reserved: readAmounts(valueAt(role, 'reserved')),
    frameworks: textsAt(role, 'frameworks'),
  }));
}

/** More offers than these nobody reads. */
const mostOffers = 1000;

/** @param answer of GET_FRAMEWORKS */
export function readOffers(answer: unknown): Offers {
  const offers = listAt(answer, 'get_frameworks', 'frameworks').flatMap((each) => listAt(each, 'offers'));
  return { count: offers.length, offers: offers.slice(0, mostOffers).map(readOffer) };
}

const readOffer = (offer: unknown): OfferDetails => ({
  id: textAt(offer, 'id', 'value') ?? '',
  framework: textAt(offer, 'framework_id', 'value') ?? '',
  agent: textAt(offer, 'agent_id', 'value') ?? '',
  host: textAt(offer, 'hostname') ?? '',
  ...given('role', textAt(offer, 'allocation_info', 'role')),
  resources: readResources(listAt(offer, 'resources')),
});

/** @param answer of GET_FRAMEWORKS */
export function readFrameworkDetails(answer: unknown, id: string): FrameworkDetails | undefined {
  const all = ['frameworks', 'completed_frameworks'].flatMap((list) => listAt(answer, 'get_frameworks', list));
  const framework = all.find((each) => textAt(each, 'framework_info', 'id', 'value') === id);
  if (framework === undefined) return undefined;
  const info = valueAt(framework, 'framework_info');
  return {
    ...given('principal', textAt(info, 'principal')),
    ...given('host', textAt(info, 'hostname')),
    capabilities: listAt(info, 'capabilities').flatMap((each) => textAt(each, 'type') ?? []),
    isCheckpointing: valueAt(info, 'checkpoint') === true,
    failoverTimeout: numberAt(info, 'failover_timeout') ?? 0,
    ...given('registeredAt', fromNanoseconds(valueAt(framework, 'registered_time'))),
    ...given('reregisteredAt', fromNanoseconds(valueAt(framework, 'reregistered_time'))),
    ...given('unregisteredAt', fromNanoseconds(valueAt(framework, 'unregistered_time'))),
    isRecovered: valueAt(framework, 'recovered') === true,
    allocated: readResources(listAt(framework, 'allocated_resources')),
    offered: readResources(listAt(framework, 'offered_resources')),
    offers: listAt(framework, 'offers').length,
    labels: readLabels(valueAt(info, 'labels')),
  };
}

/** What a master answers of itself. */
interface MasterAnswers {
  /** GET_MASTER */
  readonly master: unknown;
  readonly version: unknown;
  readonly flags: unknown;
  readonly metrics: unknown;
  readonly roles: unknown;
}

export function readMaster({ master, version, flags, metrics, roles }: MasterAnswers): MasterDetails {
  const info = valueAt(master, 'get_master', 'master_info');
  const ownFlags = readTexts(valueAt(flags, 'flags'));
  const builtBy = textAt(version, 'build_user');
  const ofMaster = Object.entries(readAmounts(metrics)).filter(([name]) => !name.startsWith('master/frameworks/'));
  return {
    id: textAt(info, 'id') ?? '',
    cluster: ownFlags['cluster'] ?? '',
    version: textAt(version, 'version') ?? textAt(info, 'version') ?? '',
    ...given('builtAt', fromSeconds(numberAt(version, 'build_time'))),
    ...given('builtBy', builtBy === '' ? undefined : builtBy),
    ...given('startedAt', fromSeconds(numberAt(master, 'get_master', 'start_time'))),
    ...given('electedAt', fromSeconds(numberAt(master, 'get_master', 'elected_time'))),
    flags: ownFlags,
    hasLog: hasLog(ownFlags),
    metrics: Object.fromEntries(ofMaster),
    offered: sumOf(readRoles(roles).map(({ offered }) => offered)),
  };
}

/** What `/master/log` and `/slave/log` are of (src/master/main.cpp, src/slave/main.cpp). */
export const hasLog = (flags: Readonly<Record<string, string>>): boolean =>
  flags['log_dir'] !== undefined || flags['external_log_file'] !== undefined;

function sumOf(all: readonly AmountsByName[]): AmountsByName {
  const sum: Record<string, number> = {};
  for (const [name, value] of all.flatMap((each) => Object.entries(each))) sum[name] = (sum[name] ?? 0) + value;
  return sum;
}
