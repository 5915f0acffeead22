import { durationUnits, formatDuration, isDurationUnit } from '../../protocol/duration-units.ts';
import type { FlagDefinition } from '../../planning/flag-tables/flag-table.ts';

const byteUnits = ['B', 'KB', 'MB', 'GB', 'TB'];

function numify(text: string): number {
  if (!/^(?:\d+\.?\d*|\.\d+)$/.test(text)) throw new Error(`Failed to convert '${text}' to number`);
  return Number(text);
}

/**
 * A duration in milliseconds.
 * @throws Error in stout's words
 */
export function parseDuration(text: string): number {
  const [digits = ''] = /^[\d.]*/.exec(text) ?? [];
  const unit = text.slice(digits.length);
  if (unit === '') throw new Error(`Invalid duration '${text}'`);
  const amount = numify(digits);
  if (isDurationUnit(unit)) return amount * durationUnits[unit];
  throw new Error(
    `Unknown duration unit '${unit}'; supported units are 'ns', 'us', 'ms', 'secs', 'mins', 'hrs', 'days', and 'weeks'`,
  );
}

/** @throws Error in stout's words */
export function parseBytes(text: string): number {
  const [digits = ''] = /^\d*/.exec(text) ?? [];
  const rest = text.slice(digits.length);
  if (rest === '') throw new Error(`Invalid bytes '${text}'`);
  if (rest.startsWith('.')) throw new Error(`Fractional bytes '${text}'`);
  const amount = numify(digits);
  const unit = byteUnits.indexOf(rest.toUpperCase());
  if (unit < 0) throw new Error(`Unknown bytes unit '${rest.toUpperCase()}'`);
  return amount * 1024 ** unit;
}

const truths = ['true', '1'];
const falsehoods = ['false', '0'];

function readBoolean(text: string): string {
  if (truths.includes(text)) return 'true';
  if (falsehoods.includes(text)) return 'false';
  throw new Error('Expecting a boolean (e.g., true or false)');
}

/** As `istringstream >> number` reads it, to its end. Ports are 16 bits. */
function readInteger(text: string, { name }: FlagDefinition): string {
  const number = Number(text);
  const isPort = name === 'port' || name === 'advertise_port';
  const [least, most] = isPort ? [0, 65_535] : [-(2 ** 31), 2 ** 31 - 1];
  if (!/^\s*[+-]?\d+$/.test(text) || number < least || number > most) {
    throw new Error('Failed to convert into required type');
  }
  return String(number);
}

function readNumber(text: string): string {
  if (!/^\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(text)) {
    throw new Error('Failed to convert into required type');
  }
  return text.trim();
}

function readJson(text: string): string {
  try {
    JSON.parse(text);
  } catch (error) {
    throw new Error(`Failed to parse JSON: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
  return text;
}

/**
 * Reads the value of a flag by its type (3rdparty/stout/include/stout/flags/parse.hpp).
 * @returns the value as `/flags` reports it: durations in their largest unit, booleans as words
 * @throws Error in stout's words
 */
export function readValue(flag: FlagDefinition, text: string): string {
  switch (flag.type) {
    case 'boolean':
      return readBoolean(text);
    case 'integer':
      return readInteger(text, flag);
    case 'number':
      return readNumber(text);
    case 'duration':
      return formatDuration(parseDuration(text));
    case 'bytes':
      parseBytes(text);
      return text;
    case 'json':
      return readJson(text);
    case 'path':
    case 'string':
      return text;
  }
}
