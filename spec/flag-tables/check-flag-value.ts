import type { FlagDefinition, FlagType } from './flag-table.ts';

/** How a value is written in a spec. */
export type FlagValue = string | number | boolean;

/** stout's Duration::parse: digits and dots, then one of its units, which are all plural. */
const duration = /^(?:\d+\.?\d*|\.\d+)(?:ns|us|ms|secs|mins|hrs|days|weeks)$/;
/** stout's Bytes::parse: no fractions, the unit in either case. */
const bytes = /^\d+(?:B|KB|MB|GB|TB)$/i;
const whole = /^\d+$/;
const decimal = /^(?:\d+\.?\d*|\.\d+)$/;

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
  Record<FlagType, { readonly allowed: string; readonly accepts: (text: string, value: FlagValue) => boolean }>
> = {
  boolean: { allowed: 'true or false', accepts: (text) => text === 'true' || text === 'false' },
  integer: { allowed: 'a whole number', accepts: (text) => whole.test(text) },
  number: { allowed: 'a number, as 0.8', accepts: (text) => decimal.test(text) },
  duration: {
    allowed: 'a number with one of the units ns, us, ms, secs, mins, hrs, days, weeks, as 15secs',
    accepts: (text) => duration.test(text),
  },
  bytes: {
    allowed: 'a whole number with one of the units B, KB, MB, GB, TB, as 2GB',
    accepts: (text) => bytes.test(text),
  },
  json: { allowed: 'JSON, or the path of a file: /… or file:///…', accepts: (text) => isFile(text) || isJson(text) },
  path: { allowed: 'a path', accepts: (text, value) => typeof value === 'string' && text !== '' },
  string: { allowed: 'text', accepts: (_text, value) => typeof value !== 'boolean' },
};

const units = { ms: 'milliseconds', s: 'seconds', bytes: 'bytes' } as const;

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
  const fits = flag.values === undefined ? checks[flag.type].accepts(text, value) : flag.values.includes(text);
  return fits ? undefined : allowedFor(flag);
}
