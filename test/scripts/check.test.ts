import { expect, it } from 'vitest';
import { runTogether } from '../../scripts/check.mjs';

const node = (script: string) => [process.execPath, '-e', script];

async function outcome(commands: Readonly<Record<string, readonly string[]>>) {
  const printed: string[] = [];
  const isGood = await runTogether(commands, (text) => printed.push(text.replace(/\(.* s\)/, '')));
  return { isGood, printed: printed.toSorted() };
}

it('the checks before a commit are good when each of them is', async () => {
  expect(await outcome({ lint: node(''), types: node('') })).toEqual({
    isGood: true,
    printed: ['✓ lint \n', '✓ types \n'],
  });
});

it('the checks before a commit all run to their ends, and each that fails is named behind what it said', async () => {
  const commands = {
    lint: node('console.log("a.ts: bad"); process.exitCode = 1'),
    format: [`${process.execPath}-that-is-not-there`],
    types: node(''),
  };
  const { isGood, printed } = await outcome(commands);
  expect(isGood).toBe(false);
  expect(printed).toEqual([
    'a.ts: bad\n✗ FAILED: lint \n',
    expect.stringMatching(/^spawn .*ENOENT\n✗ FAILED: format \n$/),
    '✓ types \n',
  ]);
});
