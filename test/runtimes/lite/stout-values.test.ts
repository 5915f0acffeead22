import { describe, expect, it } from 'vitest';
import { formatDuration } from '../../../protocol/duration-units.ts';
import { parseBytes, parseDuration } from '../../../runtimes/lite/stout-values.ts';

describe('durations', () => {
  it.each([
    ['5secs', 5000, '5secs'],
    ['1.5mins', 90_000, '90secs'],
    ['60secs', 60_000, '1mins'],
    ['500ms', 500, '500ms'],
    ['1weeks', 604_800_000, '1weeks'],
    ['10days', 864_000_000, '10days'],
    ['0ns', 0, '0ns'],
  ])('reads %s, and writes it in the largest unit without a fraction', (text, ms, written) => {
    expect(parseDuration(text)).toBe(ms);
    expect(formatDuration(ms)).toBe(written);
  });

  it.each([
    ['5', "Invalid duration '5'"],
    ['', "Invalid duration ''"],
    [
      '5sec',
      "Unknown duration unit 'sec'; supported units are 'ns', 'us', 'ms', 'secs', 'mins', 'hrs', 'days', and 'weeks'",
    ],
    ['soon', "Failed to convert '' to number"],
    ['1.2.3secs', "Failed to convert '1.2.3' to number"],
  ])('refuses %j in the words of stout', (text, words) => {
    expect(() => parseDuration(text)).toThrow(words);
  });
});

describe('sizes', () => {
  it.each([
    ['2GB', 2 ** 31],
    ['10mb', 10 * 2 ** 20],
    ['0B', 0],
  ])('reads %s', (text, bytes) => {
    expect(parseBytes(text)).toBe(bytes);
  });

  it.each([
    ['5', "Invalid bytes '5'"],
    ['1.5GB', "Fractional bytes '1.5GB'"],
    ['5XB', "Unknown bytes unit 'XB'"],
  ])('refuses %j in the words of stout', (text, words) => {
    expect(() => parseBytes(text)).toThrow(words);
  });
});
