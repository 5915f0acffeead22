import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { quoteRuby } from '../../generators/text/quote-ruby.ts';
import { quoteShell } from '../../generators/text/quote-shell.ts';
import { requireTool } from '../support/require-tool.ts';
import { anyCharacter } from '../support/any-character.ts';

const hostile = [
  '',
  ' ',
  'plain',
  "it's",
  `"double" and 'single'`,
  '\\',
  "\\'",
  'ends with \\',
  '#{exit 7} #$0 #@x',
  '$(exit 7) `exit 7` $HOME ${IFS}',
  '; exit 7 #',
  "'; exit 7; '",
  "' + exit(7).to_s + '",
  'two\nlines',
  'carriage\r\nreturn\r',
  '\ttab\u0001\u0004\u001a\u007f',
  '\n__END__\n',
  '-n',
  '*.[!a-z]?~',
  '!!',
  'Größe 🐘 日本語\u2028',
  '%{x} %s %%',
];
const arbitrary = fc.sample(fc.string({ unit: anyCharacter, maxLength: 40 }), { numRuns: 300, seed: 20260101 });
const folder = mkdtempSync(join(tmpdir(), 'quote-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** Runs a script from a file, as a Vagrantfile or provision.sh is run. */
function run(command: string, script: string): string {
  const file = join(folder, `script.${command}`);
  writeFileSync(file, script);
  const { status, stdout, stderr } = spawnSync(command, [file], { encoding: 'utf8' });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return stdout;
}

describe.skipIf(!requireTool('ruby', ['ruby', '-v']))('a value that was quoted for Ruby', () => {
  const read = (values: readonly string[]): unknown =>
    JSON.parse(run('ruby', `require 'json'\nputs JSON.generate([\n${values.map(quoteRuby).join(',\n')}\n])\n`));

  it('comes out of the real Ruby unchanged, however hostile', () => {
    expect(read(hostile)).toEqual(hostile);
  });

  it('comes out unchanged for any string', () => {
    expect(read(arbitrary)).toEqual(arbitrary);
  });

  it('keeps its type when it is a number, a boolean or nothing', () => {
    const types = [3, -2.5, true, false, null, undefined].map((value) => `${quoteRuby(value)}.class`);
    expect(run('ruby', `print [${types.join(', ')}]`)).toBe(
      '[Integer, Float, TrueClass, FalseClass, NilClass, NilClass]',
    );
  });
});

describe.each(['sh', 'bash'])('a value that was quoted for %s', (shell) => {
  const read = (values: readonly string[]): readonly string[] =>
    run(shell, `printf '%s\\0' ${values.map(quoteShell).join(' \\\n')}\n`)
      .split('\0')
      .slice(0, -1);

  it('is one word, unchanged, however hostile', () => {
    expect(read(hostile)).toEqual(hostile);
  });

  it('is one word, unchanged, for any string without NUL', () => {
    const words = arbitrary.filter((word) => !word.includes('\0'));
    expect(read(words)).toEqual(words);
  });
});

describe('a quoter', () => {
  it('never lets a Ruby literal span lines', () => {
    for (const value of [...hostile, ...arbitrary]) expect(quoteRuby(value)).not.toMatch(/[\r\n]/);
  });

  it('refuses what the language cannot hold', () => {
    expect(() => quoteShell('a\0b')).toThrow('NUL');
    expect(() => quoteShell(undefined)).toThrow('undefined');
    expect(() => quoteRuby(['a'])).toThrow('object');
    expect(() => quoteRuby(Number.NaN)).toThrow('number');
  });
});
