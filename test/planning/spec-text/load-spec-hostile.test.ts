import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isUserError, type Problem } from '../../../errors/user-error.ts';
import { loadSpec } from '../../../planning/spec-text/load-spec.ts';
import { problemsOf } from './marked-spec.ts';
import { anyCharacter } from '../../support/any-character.ts';
import { trials } from '../../support/trials.ts';

const bytesOf = (text: string) => new TextEncoder().encode(text);

function refused(bytes: Uint8Array): readonly Problem[] {
  try {
    loadSpec(bytes, 'mesos-cluster.yaml');
  } catch (error) {
    if (isUserError(error)) return error.problems;
    throw error;
  }
  throw new Error('the spec was accepted');
}

const megabyte = 1024 * 1024;

describe('bytes that are no text', () => {
  it('are refused when there are 10 MB of them, with the limit', () => {
    expect(refused(new Uint8Array(10 * megabyte))).toMatchObject(
      [{ code: 'SPEC_FILE', message: /10\.0 MB/, allowed: /8 MB/ }].map(asMatchers),
    );
  });

  it('are refused in Latin-1, with line, column and offset', () => {
    const latin1 = Buffer.from('name: lab\nbind: caf\u00e9\n', 'latin1');
    expect(refused(latin1)).toMatchObject([
      {
        code: 'SPEC_FILE',
        found: 'byte 0xe9',
        place: { line: 2, column: 10 },
        message: expect.stringContaining('offset 19') as string,
      },
    ]);
  });

  it('are told from a genuine replacement character, and from a byte order mark', () => {
    const mixed = Buffer.concat([Buffer.from('\ufeffname: "\ufffd"\n'), Buffer.from([0xff])]);
    expect(refused(mixed)).toMatchObject([
      { place: { line: 2, column: 1 }, message: expect.stringContaining('offset 15') as string },
    ]);
  });

  it.each(['utf-16 with a mark', 'utf-16 without one'])('are refused in %s', (form) => {
    const text = `${form.endsWith('mark') ? '\ufeff' : ''}name: lab`;
    expect(refused(Buffer.from(text, 'utf16le'))).toMatchObject([
      { code: 'SPEC_FILE', message: expect.stringContaining('UTF-16') as string },
    ]);
  });
});

const n = 300_000;
const shapes: readonly (readonly [string, string])[] = [
  ['brackets', '['.repeat(n)],
  ['braces', '{'.repeat(n)],
  ['maps in a list', `[${'{a: '.repeat(n)}`],
  ['hyphens', '- '.repeat(n)],
  ['hyphens, then a key', `${'- '.repeat(n)}\nb: 1`],
  ['question marks', '? '.repeat(n)],
  ['indentation', Array.from({ length: 2000 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n')],
  ['maps and lists in turn', Array.from({ length: 60 }, (_, depth) => `${' '.repeat(depth)}- a:`).join('\n')],
  ['closing brackets', ']'.repeat(n)],
  ['quotes', '"'.repeat(n)],
  ['anchors', '- &a 1\n'.repeat(n / 5)],
  ['documents', '---\n'.repeat(n)],
  ['stray signs', 'a: [}\n'.repeat(n / 20)],
  ['one key', 'a: 1\n'.repeat(n / 5)],
  ['many keys', Array.from({ length: n / 10 }, (_, index) => `k${index}: 1`).join('\n')],
  ['one line', 'a'.repeat(8 * megabyte - 10)],
  ['line breaks', '\n'.repeat(n)],
  ['aliases', `a: &a [x,x,x,x,x,x,x,x,x]\n${aliasBomb()}name: lab`],
];

function aliasBomb(): string {
  const names = Array.from('abcdefghijk');
  return names
    .slice(1)
    .map(
      (name, index) =>
        `${name}: &${name} [${Array(9)
          .fill(`*${names[index] ?? ''}`)
          .join(',')}]\n`,
    )
    .join('');
}

describe('a file that would be too much', () => {
  it.each(shapes)(
    'of %s is refused in bounded time',
    (_, text) => {
      expect(refused(bytesOf(text)).length).toBeGreaterThan(0);
    },
    60_000,
  );

  it('of 33 levels is refused by the place of the 33rd, and of 32 by its meaning', () => {
    const levels = (depth: number) => `name: ${'['.repeat(depth - 1)}${']'.repeat(depth - 1)}`;
    expect(refused(bytesOf(levels(33)))).toMatchObject([{ code: 'SPEC_SYNTAX', place: { line: 1, column: 38 } }]);
    expect(refused(bytesOf(levels(32)))).toMatchObject([{ code: 'SPEC_TYPE' }]);
  });
});

describe('a spec of 10,000 nodes', () => {
  const nodes = (key: string) =>
    `name: lab\nplacement: machines\nnodes:\n${Array.from(
      { length: 10_000 },
      (_, index) => `  - name: node${index}\n    ${key}: 10.0.${index >> 8}.${index & 255}\n    roles: [mesos-agent]\n`,
    ).join('')}`;

  it('is read', () => {
    expect(loadSpec(bytesOf(nodes('address')), 'f').spec.nodes).toHaveLength(10_000);
  }, 20_000);

  it('with a mistake in each is refused with every place', () => {
    const problems = refused(bytesOf(nodes('adress')));
    expect(problems).toHaveLength(10_000);
    expect(problems[9999]).toMatchObject({ place: { line: 3 + 9999 * 3 + 2, column: 5 } });
  }, 20_000);
});

describe('anything at all', () => {
  const yamlish = fc.array(
    fc.constantFrom(
      ...[
        'name',
        ': ',
        'lab',
        '\n',
        '  ',
        '- ',
        '[',
        ']',
        '{',
        '}',
        ',',
        '"',
        "'",
        '#',
        '&a ',
        '*a',
        '!t ',
        '|',
        '>',
        '%',
        '\t',
        '?',
        'nodes',
        'roles',
        '1',
        '~',
        '---',
        '😀',
      ],
    ),
    { maxLength: 40 },
  );

  it('is a spec or an error for the user, never a crash', async () => {
    const text = fc.oneof(
      yamlish.map((parts) => parts.join('')),
      fc.string({ unit: anyCharacter }),
      fc.json(),
    );
    await fc.assert(
      fc.asyncProperty(text, async (sample) => {
        for (const { place } of await problemsOf(sample)) expect(place).toMatchObject({ kind: 'file' });
      }),
      { numRuns: trials('PROPERTY_RUNS', { usual: 400, thorough: 1500 }) },
    );
  });

  it('may be any bytes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 40 }), async (bytes) => {
        await problemsOf(bytes);
      }),
      { numRuns: 500 },
    );
  });
});

/** Regular expressions in an expected object. */
function asMatchers(expected: Readonly<Record<string, string | RegExp>>): object {
  return Object.fromEntries(
    Object.entries(expected).map(([key, value]) => [
      key,
      value instanceof RegExp ? (expect.stringMatching(value) as string) : value,
    ]),
  );
}
