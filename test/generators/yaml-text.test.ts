import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { apart, entry, flow, list, map, merged, type Yaml } from '../../generators/text/yaml-text.ts';
import { yamlNode, yamlText } from '../../planning/spec-text/write-yaml.ts';
import { anyCharacter } from '../support/any-character.ts';

/** What a reader of the text should get. */
type Data = string | number | boolean | readonly Data[] | { readonly [key: string]: Data };

function yamlOf(data: Data): Yaml {
  if (typeof data !== 'object') return data;
  if (Array.isArray(data)) return list((data as readonly Data[]).map(yamlOf));
  return map(Object.entries(data).map(([key, value]) => entry(key, yamlOf(value))));
}

const textOf = (data: Readonly<Record<string, Data>>): string => {
  const yaml = yamlOf(data);
  return yamlText(typeof yaml === 'object' ? yaml : yamlNode(yaml));
};

const nasty = fc.constantFrom(
  ...[
    '',
    ' ',
    'true',
    'No',
    '~',
    'null',
    '1',
    '1.0',
    '0x1f',
    '0o7',
    '1e3',
    '12:30:45',
    '2026-01-01',
    '.inf',
    '-',
    '- a',
  ],
  ...[
    '? a',
    'a: b',
    'a :b',
    '#a',
    'a #b',
    '*a',
    '&a',
    '!a',
    '%a',
    '@a',
    '`a',
    '{a}',
    '[a]',
    '>',
    '|',
    '<<',
    '=',
    '---',
  ],
  ...[
    "it's",
    '"',
    '\\',
    '\n',
    'a\nb',
    '\r\n',
    '\t',
    '\u0000',
    '\u0085',
    '\u2028',
    '\ufeff',
    '${A}',
    '$$',
    '#{a}',
    '🚀',
  ],
);
const word = fc.oneof({ arbitrary: nasty, weight: 2 }, fc.string(), fc.string({ unit: anyCharacter, maxLength: 8 }));
const key = word.filter((text) => text !== '__proto__');
const { data } = fc.letrec<{ data: Data }>((tie) => ({
  data: fc.oneof(
    { depthSize: 'small' },
    word,
    fc.integer(),
    fc.boolean(),
    fc.array(tie('data'), { maxLength: 3 }),
    fc.dictionary(key, tie('data'), { maxKeys: 3, noNullPrototype: true }),
  ),
}));

describe('the YAML that is written', () => {
  it.each(['1.1', '1.2'] as const)('is read back as what was meant by a YAML %s reader', (version) => {
    fc.assert(
      fc.property(fc.dictionary(key, data, { noNullPrototype: true }), (value) => {
        const read: unknown = parse(textOf(value), { version, merge: false, uniqueKeys: false });
        expect(read ?? {}).toEqual(value);
      }),
      { numRuns: 300 },
    );
  });

  it('keeps every string of a list on one line', () => {
    fc.assert(
      fc.property(fc.array(word, { minLength: 1 }), (items) => {
        const text = yamlText(map([entry('a', flow(items))]));
        expect(text.trimEnd()).not.toContain('\n');
        expect(parse(text)).toEqual({ a: items });
      }),
    );
  });

  it('puts a comment above its entry and repeats an anchored map', () => {
    const text = yamlText(
      map([
        entry('x-labels', map([entry('lab', 'a')], 'labels'), 'Why.\nIn two lines.'),
        apart(entry('service', map([entry('labels', map([merged('labels'), entry('b', 'c')]))]))),
      ]),
    );
    expect(text).toBe(`# Why.
# In two lines.
x-labels: &labels
  lab: a

service:
  labels:
    <<: *labels
    b: c
`);
    expect(parse(text, { merge: true })).toMatchObject({ service: { labels: { lab: 'a', b: 'c' } } });
  });

  it('leaves out entries whose condition does not hold', () => {
    expect(yamlText(map([false, undefined, entry('a', true), entry('b', list([]))]))).toBe('a: true\nb: []\n');
  });
});
