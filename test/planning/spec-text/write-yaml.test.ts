import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { inlineText } from '../../../planning/spec-text/write-yaml.ts';
import { anyCharacter } from '../../support/any-character.ts';
import { trials } from '../../support/trials.ts';

describe('a YAML scalar', () => {
  it.each([
    ['lab', 'lab'],
    ['mesos-master', 'mesos-master'],
    ['/var/lib/mesos', '/var/lib/mesos'],
    ['zookeeper:3.9', 'zookeeper:3.9'],
    ['192.168.56.11', '192.168.56.11'],
    ['5mins', '5mins'],
    ['My Cluster', 'My Cluster'],
  ])('stays plain where that is safe: %s', (text, written) => {
    expect(inlineText(text)).toBe(written);
  });

  it.each([
    ...[
      '',
      ' ',
      'yes',
      'No',
      'on',
      'OFF',
      'y',
      'n',
      'true',
      'null',
      '~',
      '1',
      '-1',
      '1.5',
      '1e3',
      '0x1f',
      '0o7',
      '22:22',
      '1_000',
    ],
    ...[
      '.inf',
      '.nan',
      '2026-11-20',
      'a: b',
      'a:',
      'a #b',
      '#a',
      '- a',
      '-',
      '? a',
      '&a',
      '*a',
      '!a',
      '|',
      '>',
      '%a',
      '@a',
      '`a',
    ],
    ...[
      '<<',
      '=',
      '---',
      '...',
      ' a',
      'a ',
      '[a]',
      '{a}',
      'a,b',
      '"a"',
      "'a'",
      'a\tb',
      'a\nb',
      '\u2028',
      '\u0085',
      '\ufeff',
      '😀',
    ],
  ])('is quoted where a reader could take it for something else: %j', (text) => {
    expect(inlineText(text)).toMatch(/^(".*"|'.*')$/);
  });

  it('writes control characters and separators as escapes, and emoji as they are', () => {
    expect(inlineText('a\u2028\u0000\u0085😀')).toBe('"a\\u2028\\0\\u0085😀"');
  });

  it.each([
    [1, '1'],
    [-0, '-0'],
    [1e21, '1e+21'],
    [1e-7, '1e-7'],
    [Infinity, '.inf'],
    [NaN, '.nan'],
    [true, 'true'],
  ])('writes %s so that both versions of YAML read it', (value, written) => {
    expect(inlineText(value)).toBe(written);
  });

  const scalar = fc.oneof(fc.string({ unit: anyCharacter }), fc.string(), fc.double(), fc.integer(), fc.boolean());
  it.each(['1.1', '1.2'] as const)('is the same value in YAML %s, as a value, a key, and in a flow list', (version) => {
    fc.assert(
      fc.property(scalar, fc.string({ unit: anyCharacter, maxLength: 50 }), (value, key) => {
        const options = { version, mapAsMap: true } as const;
        const text = inlineText(value);
        expect(text).not.toMatch(/[\n\r\u2028\u2029\u0085]/);
        expect(parse(text, options)).toEqual(value);
        expect(parse(`a: ${text}\n`, options)).toEqual(new Map([['a', value]]));
        expect(parse(`- [${text}, ${text}]\n`, options)).toEqual([[value, value]]);
        expect(parse(`${inlineText(key)}: 1\n`, options)).toEqual(new Map([[key, 1]]));
      }),
      { numRuns: trials('PROPERTY_RUNS', { usual: 300, thorough: 1000 }) },
    );
  });
});
