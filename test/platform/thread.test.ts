import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { startThread } from '../../platform/processes/thread.ts';
import { bundleScript } from '../../scripts/build/bundle-script.mjs';

/** A thread with a program of the test's: Node.js 20 runs no TypeScript. */
async function threadWith(program: string, given: unknown) {
  const folder = mkdtempSync(join(tmpdir(), 'thread-test-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  const source = fileURLToPath(new URL('../../platform/processes/thread.ts', import.meta.url));
  writeFileSync(join(folder, 'thread.mjs'), await bundleScript(source));
  const script = join(folder, 'program.mjs');
  writeFileSync(script, `import { serveThread } from './thread.mjs';\n${program}`);
  return startThread(script, ['--word'], given);
}

test('a thread answers of what it was given, with the words that it was started with', async () => {
  const thread = await threadWith(
    `serveThread((given) => async (content) => [given, content, process.argv.slice(2)]);`,
    { a: 1 },
  );
  expect(await Promise.all([thread.ask('x'), thread.ask({ y: 2 })])).toEqual([
    [{ a: 1 }, 'x', ['--word']],
    [{ a: 1 }, { y: 2 }, ['--word']],
  ]);
  await thread.end();
});

test("an error comes with the fields of a system's error", async () => {
  const thread = await threadWith(
    `serveThread(() => () => Promise.reject(Object.assign(new Error('in use'), { code: 'EADDRINUSE', port: 80 })));`,
    undefined,
  );
  const error: unknown = await thread.ask('x').catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(Error);
  expect(error).toMatchObject({ message: 'in use', code: 'EADDRINUSE', port: 80 });
  await thread.end();
});

test('who waits for a thread that is ended, even one that never has its turn again, is told', async () => {
  const thread = await threadWith(`serveThread(() => async () => { for (;;); });`, undefined);
  const asked = expect(thread.ask('x')).rejects.toThrow('the thread has ended');
  await thread.end();
  await asked;
  await expect(thread.ask('y')).rejects.toThrow('the thread has ended');
});
