import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { nodeFileSystem } from '../../../platform/files/node-file-system.ts';
import { serveLabPage, type MakePage } from '../../../runtimes/embedded/lab-page.ts';
import { readPageUrl } from '../../../runtimes/embedded/page-url.ts';
import { runFolder } from '../../../runtimes/embedded/run-folder.ts';

/** The page of a lab in a folder of its own, of which it is told how it is made and ended. */
async function serve(makePage: MakePage) {
  const directory = mkdtempSync(join(tmpdir(), 'lab-page-test-'));
  mkdirSync(runFolder(directory).path, { recursive: true });
  // What a process left that was killed: readable by all.
  writeFileSync(runFolder(directory).page, 'http://127.0.0.1:1/#token=old\n');
  const end = await serveLabPage(directory, { files: nodeFileSystem, makePage, log: () => undefined });
  onTestFinished(async () => {
    await end();
    rmSync(directory, { recursive: true });
  });
  return { end, url: new URL(readPageUrl(nodeFileSystem, directory) ?? ''), file: runFolder(directory).page };
}

const answer = (body: string) => () => ({ status: 200, body });

it('makes the page of a lab once, when somebody opens it, and ends it with the lab', async () => {
  const made: string[] = [];
  let stops = 0;
  const { url, end } = await serve(({ token }) => {
    made.push(token);
    return Promise.resolve({ handler: answer('the page'), stop: () => (stops += 1) });
  });
  expect(made).toEqual([]);
  expect(await (await fetch(url)).text()).toBe('the page');
  await fetch(url);
  expect(made).toEqual([url.hash.slice('#token='.length)]);
  await end();
  expect(stops).toBe(1);
  await expect(fetch(url)).rejects.toThrow('fetch failed');
});

it('leaves the URL with the token to the owner of the lab alone', async () => {
  const { file, url } = await serve(() => Promise.reject(new Error('never asked for')));
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(url.hash).toMatch(/^#token=[\w-]{32}$/);
});

it('tries again when its code could not be loaded', async () => {
  let tries = 0;
  const { url } = await serve(() => {
    tries += 1;
    return tries === 1
      ? Promise.reject(new Error('no such file'))
      : Promise.resolve({ handler: answer('the page'), stop: () => undefined });
  });
  expect((await fetch(url)).status).toBe(500);
  expect((await fetch(url)).status).toBe(200);
});
