import { sinceTime } from '../logs/since.ts';
import { nearest } from '../../planning/shape/nearest.ts';
import type { SpecPath } from '../../planning/shape/spec-problem.ts';
import { sharePattern } from '../../planning/catalogue/strategy-names.ts';

/** One value that a flag puts into the spec. */
export interface SpecValue {
  readonly path: SpecPath;
  readonly value: unknown;
  /** The value joins a list, behind those of earlier flags; an empty list of values empties it. */
  readonly joins?: true;
}

/** Why a flag's text is not a value of it. */
export interface ValueProblem {
  readonly allowed: string;
  readonly fix: string;
  /** The part of the text that is wrong, when it is not the whole. */
  readonly found?: string;
}

/** Reads what was typed behind a flag. What the values mean together is checked later, with the whole spec. */
export type ReadValue = (text: string) => readonly SpecValue[] | ValueProblem;

/** Whether a reader refused the text. */
export function isValueProblem(read: readonly SpecValue[] | ValueProblem): read is ValueProblem {
  return 'allowed' in read;
}

/** Any text that is not empty. */
export const text =
  (...path: SpecPath): ReadValue =>
  (typed) =>
    typed === '' ? { allowed: 'some text', fix: 'Write a value behind it' } : [{ path, value: typed }];

/** A switch: `true`, or `false` for its `--no-` form. */
export const onOff =
  (...path: SpecPath): ReadValue =>
  (typed) => [{ path, value: typed === 'true' }];

/** A whole number, as far as numbers are exact; its range is checked with the spec. */
export const wholeNumber =
  (...path: SpecPath): ReadValue =>
  (typed) =>
    /^[0-9]{1,15}$/.test(typed)
      ? [{ path, value: Number(typed) }]
      : { allowed: 'a whole number, such as 3', fix: 'Write digits only' };

/** A word that is none of those it can be. */
function wrongWord(word: string, words: readonly string[], others: readonly string[] = []): ValueProblem {
  const near = nearest(word, [...words, ...others]);
  return {
    allowed: [...words, ...others].join(', '),
    found: word,
    fix: near === undefined ? 'Write one of these words' : `Did you mean ${near}?`,
  };
}

/** One word of a list. */
export const oneOf =
  (words: readonly string[], ...path: SpecPath): ReadValue =>
  (typed) =>
    words.includes(typed) ? [{ path, value: typed }] : wrongWord(typed, words);

/** For flags that put nothing into the spec: what `read` would refuse. */
export const checking =
  (read: ReadValue) =>
  (typed: string): ValueProblem | undefined => {
    const value = read(typed);
    return isValueProblem(value) ? value : undefined;
  };

/** What is wrong with a time to wait. */
export const seconds = (typed: string): ValueProblem | undefined =>
  /^[0-9]{1,9}$/.test(typed) && Number(typed) >= 1
    ? undefined
    : { allowed: 'a whole number of seconds, at least 1', fix: 'Write digits only, such as 300' };

/** What is wrong with a share of instances. */
export function share(typed: string): ValueProblem | undefined {
  const { count, percent } = sharePattern.exec(typed)?.groups ?? {};
  if (count !== undefined && (percent === '' || Number(count) < 100)) return undefined;
  return { allowed: 'a number of instances from 1, or a share from 1% to 99%', fix: 'Write it as 1 or as 10%' };
}

/** What is wrong with how often something shall be done. */
export const times = (typed: string): ValueProblem | undefined =>
  /^[0-9]{1,4}$/.test(typed) && Number(typed) >= 1
    ? undefined
    : { allowed: 'a whole number from 1 to 9999', fix: 'Write digits only, such as 20' };

/** What is wrong with how many requests shall be sent in a second. */
export const requestsPerSecond = (typed: string): ValueProblem | undefined =>
  /^[0-9]{1,5}$/.test(typed) && Number(typed) >= 1
    ? undefined
    : { allowed: 'a whole number from 1 to 99999', fix: 'Write digits only, such as 20' };

const unitsMs: Readonly<Record<string, number>> = { '': 1000, s: 1000, m: 60_000, h: 3_600_000 };

/** `60s`, `5m`, `1h`, or seconds without a unit; undefined when it is none of these. */
export function millisecondsOf(typed: string): number | undefined {
  const [, amount, unit = ''] = /^([0-9]{1,5})(s|m|h|)$/.exec(typed) ?? [];
  return amount === undefined ? undefined : Number(amount) * (unitsMs[unit] ?? 0);
}

const longestLoadMs = 24 * 3_600_000;

/** What is wrong with how long load shall be made. */
export const timeToLoad = (typed: string): ValueProblem | undefined => {
  const ms = millisecondsOf(typed) ?? 0;
  return ms > 0 && ms <= longestLoadMs
    ? undefined
    : { allowed: 'a time such as 60s, 5m or 1h, at most 24h', fix: 'Write a number and s, m or h, such as 60s' };
};

/** What is wrong with a port to listen at. */
export const portToListen = (typed: string): ValueProblem | undefined =>
  /^[0-9]{1,5}$/.test(typed) && Number(typed) <= 65_535
    ? undefined
    : { allowed: 'a number from 1 to 65535; 0: a port that is free', fix: '--page-port 8090' };

/** What is wrong with a time that something is younger than. */
export const moment = (typed: string): ValueProblem | undefined =>
  sinceTime(typed, 0) === undefined
    ? {
        allowed: 'a time before now, in s, m, h and d, such as 90s, 10m, 1h30m or 2d; or 2026-11-30T05:47:00Z',
        fix: 'For the last ten minutes: 10m',
      }
    : undefined;

/** What is wrong with a regular expression. */
export const pattern = (typed: string): ValueProblem | undefined => {
  try {
    new RegExp(typed);
    return undefined;
  } catch (error) {
    const why = error instanceof Error ? error.message.replace(/^Invalid regular expression: /, '') : String(error);
    return { allowed: 'a regular expression of JavaScript', fix: `It is none: ${why}` };
  }
};

/** Some words of a list, with commas; `none` for an empty list. */
export const someOf =
  (words: readonly string[], ...path: SpecPath): ReadValue =>
  (typed) => {
    if (typed === 'none') return [{ path, value: [], joins: true }];
    const wrong = typed.split(',').find((word) => !words.includes(word));
    if (wrong !== undefined) return wrongWord(wrong, words, ['none']);
    return [{ path, value: typed.split(','), joins: true }];
  };

/** Texts with commas between them. */
export const textList =
  (...path: SpecPath): ReadValue =>
  (typed) => {
    const items = typed.split(',').map((item) => item.trim());
    return items.includes('')
      ? { allowed: 'names with commas between them', fix: 'Remove the comma that has nothing beside it' }
      : [{ path, value: items, joins: true }];
  };

/** `NAME=VALUE`, where the name becomes a key of the spec. */
export const pair =
  (before: SpecPath, after: SpecPath, names?: readonly string[], value: ReadValue = text()): ReadValue =>
  (typed) => {
    const equals = typed.indexOf('=');
    const name = typed.slice(0, Math.max(0, equals));
    if (name === '') {
      const kind = names === undefined ? 'NAME' : 'ROLE';
      return { allowed: `${kind}=VALUE`, fix: `Write ${kind === 'ROLE' ? 'a role' : 'a name'}, =, and the value` };
    }
    if (names !== undefined && !names.includes(name)) return wrongWord(name, names);
    const read = value(typed.slice(equals + 1));
    if (isValueProblem(read)) return read;
    return read.map((part) => ({ path: [...before, name, ...after], value: part.value }));
  };

/** The parts of `--node`, and how the spec calls and reads them. */
const nodeParts = {
  name: text('name'),
  address: text('address'),
  'zookeeper-id': wholeNumber('zookeeperId'),
  attributes: text('attributes'),
  resources: text('resources'),
  docker: text('docker'),
} as const satisfies Record<string, ReadValue>;

const nodePartNames = ['name', 'roles', ...Object.keys(nodeParts).slice(1)];
// Resources have commas of their own: `ports:[1-2,5-6]`. A comma divides only before a part's name.
const betweenParts = new RegExp(`,(?=(?:${nodePartNames.join('|')})=)`);

/** A node in one argument: `name=node1,address=192.168.59.11,roles=zookeeper+mesos-master`. */
export const nodeText =
  (roles: readonly string[], ...path: SpecPath): ReadValue =>
  (typed) => {
    const node: Record<string, unknown> = {};
    for (const part of typed.split(betweenParts)) {
      const [name = '', ...rest] = part.split('=');
      const value = rest.join('=');
      const read = name === 'roles' ? readRoles(roles, value) : readNodePart(name, value);
      if (isValueProblem(read)) return read;
      for (const one of read) node[String(one.path[0])] = one.value;
    }
    if (node['name'] === undefined || node['roles'] === undefined) {
      return {
        allowed: 'name=NAME,roles=ROLE+ROLE, and then address=…, zookeeper-id=…, attributes=…, resources=…, docker=…',
        fix: node['name'] === undefined ? 'Add name=NAME' : 'Add roles=ROLE+ROLE',
      };
    }
    const { name, address, roles: given, ...others } = node;
    return [
      { path, value: [{ name, ...(address === undefined ? {} : { address }), roles: given, ...others }], joins: true },
    ];
  };

function readNodePart(name: string, value: string): readonly SpecValue[] | ValueProblem {
  const read = Object.entries(nodeParts).find(([known]) => known === name)?.[1];
  if (read) return read(value);
  return { ...wrongWord(name, nodePartNames), allowed: nodePartNames.map((known) => `${known}=…`).join(', ') };
}

function readRoles(roles: readonly string[], value: string): readonly SpecValue[] | ValueProblem {
  const given = value.split('+');
  const wrong = given.find((role) => !roles.includes(role));
  return wrong === undefined ? [{ path: ['roles'], value: given }] : wrongWord(wrong, roles);
}
