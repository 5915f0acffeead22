import type { FlagDefinition, FlagType } from './flag-table.ts';

/** How a value is written in a spec. */
export type FlagValue = string | number | boolean;

/** stout's Duration::parse: digits and dots, then one of its units, which are all plural. */
const duration = /^(\d+\.?\d*|\.\d+)(ns|us|ms|secs|mins|hrs|days|weeks)$/;
const nanoseconds: Readonly<Record<string, number>> = {
  ns: 1,
  us: 1e3,
  ms: 1e6,
  secs: 1e9,
  mins: 60e9,
  hrs: 3600e9,
  days: 86_400e9,
  weeks: 604_800e9,
};
/** stout's Bytes::parse: no fractions, the unit in either case. */
const bytes = /^(\d+)(B|KB|MB|GB|TB)$/i;
const byteUnits = ['b', 'kb', 'mb', 'gb', 'tb'];
const whole = /^\d+$/;
const decimal = /^(?:\d+\.?\d*|\.\d+)$/;

/** Most of the programs' whole numbers are 32-bit integers; those that count milliseconds or bytes have 64 bits. */
const largestInteger = 2 ** 31 - 1;
const largestLong = Number.MAX_SAFE_INTEGER;
/** A Duration is nanoseconds in a signed 64-bit integer: 292 years. */
const longestDuration = 2 ** 63;
const mostBytes = 2 ** 64;

function isDuration(text: string): boolean {
  const [, count, unit = ''] = duration.exec(text) ?? [];
  return count !== undefined && Number(count) * (nanoseconds[unit] ?? 1) < longestDuration;
}

function isBytes(text: string): boolean {
  const [, count, unit = ''] = bytes.exec(text) ?? [];
  return count !== undefined && Number(count) * 1024 ** byteUnits.indexOf(unit.toLowerCase()) < mostBytes;
}

/** stout reads a file when the text starts like a path. */
const isFile = (text: string) => text.startsWith('/') || text.startsWith('file://');

function isJson(text: string): boolean {
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === 'object' && parsed !== null;
  } catch {
    return false;
  }
}

const checks: Readonly<
  Record<
    FlagType,
    { readonly allowed: string; readonly accepts: (text: string, value: FlagValue, flag: FlagDefinition) => boolean }
  >
> = {
  boolean: { allowed: 'true or false', accepts: (text) => text === 'true' || text === 'false' },
  integer: {
    allowed: `a whole number up to ${largestInteger}`,
    accepts: (text, _, { unit }) =>
      whole.test(text) && Number(text) <= (unit === undefined ? largestInteger : largestLong),
  },
  number: {
    allowed: 'a number, as 0.8',
    accepts: (text) => decimal.test(text) && Number(text) <= largestLong,
  },
  duration: {
    allowed: 'a number with one of the units ns, us, ms, secs, mins, hrs, days, weeks, as 15secs; at most 292 years',
    accepts: isDuration,
  },
  bytes: {
    allowed: 'a whole number with one of the units B, KB, MB, GB, TB, as 2GB',
    accepts: isBytes,
  },
  json: { allowed: 'JSON, or the path of a file: /… or file:///…', accepts: (text) => isFile(text) || isJson(text) },
  path: { allowed: 'a path', accepts: (text, value) => typeof value === 'string' && text !== '' },
  string: { allowed: 'text', accepts: (_text, value) => typeof value !== 'boolean' },
};

const units = { ms: 'milliseconds', s: 'seconds', bytes: 'bytes' } as const;

/** What Docker's configuration and Mesos's credentials call their secrets. */
const secretKeys = /("(?:auth|password|identitytoken|registrytoken|secret)"\s*:\s*)("(?:[^"\\]|\\.)*")?/gi;

/** JSON of a flag without the secrets in it. */
export const hideSecrets = (json: string): string => json.replace(secretKeys, '$1"xxxxxxxx"');

/** Whether a value is a secret itself, which would stand in every generated file; the path of a file is none. */
export function holdsSecret(flag: FlagDefinition, value: FlagValue): boolean {
  const text = String(value);
  if (/:\/\/[^/?#\s]*@/.test(text)) return true;
  if (flag.type !== 'string' && isFile(text)) return false;
  return flag.secret === true || (flag.type === 'json' && text.search(secretKeys) >= 0);
}

function allowedFor(flag: FlagDefinition): string {
  if (flag.values !== undefined) return flag.values.join(', ');
  return flag.unit === undefined ? checks[flag.type].allowed : `a whole number of ${units[flag.unit]}`;
}

/**
 * Checks a value against the type of a flag.
 * Returns what may stand there when the value does not fit, else undefined.
 */
export function disallowedValue(flag: FlagDefinition, value: FlagValue): string | undefined {
  const text = String(value);
  const fits = flag.values === undefined ? checks[flag.type].accepts(text, value, flag) : flag.values.includes(text);
  return fits ? undefined : allowedFor(flag);
}
