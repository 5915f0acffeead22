import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { filesRoutes } from '../../../engine/files/files-api.ts';
import { jsonAnswer } from '../../../engine/http/http-answer.ts';
import { listen } from '../../../engine/http/http-server.ts';
import { route, router } from '../../../engine/http/router.ts';
import { TaskFiles } from '../../../pages/server/task-files.ts';
import { nodeSandboxes } from '../../../platform/files/sandboxes.ts';
import { temporaryFolder } from '../../engine/agent/running-agent.ts';

const task = {
  ...{ name: 't', framework: 'f', agent: 'a', state: 'TASK_RUNNING' },
  ...{ cpus: 1, mem: 1, since: 0 },
};

/** The sandbox of a task on an agent's own `/files`. */
async function sandbox() {
  const folder = temporaryFolder();
  const attached = new Map([['/sandbox', folder]]);
  const executor = { id: 't', directory: '/sandbox' };
  const handler = router([
    route('GET', '/state', () => jsonAnswer(200, { frameworks: [{ executors: [executor] }] })),
    ...filesRoutes({ sandboxes: nodeSandboxes, attached, log: () => undefined }),
  ]);
  const server = await listen({ host: '127.0.0.1', port: 0, handler, log: () => undefined });
  onTestFinished(() => server.close());
  const { signal } = new AbortController();
  const files = new TaskFiles({ task: () => task, agentOf: () => ({ host: 'a', port: 1 }) }, () => server.url);
  /** As a page reads a file that it follows, part by part. */
  const readAll = async (name: string) => {
    const parts: string[] = [];
    for (let offset = 0; ;) {
      const { data, next } = await files.read('t', name, offset, signal);
      if (next === offset) return parts;
      parts.push(data);
      offset = next;
    }
  };
  return { folder, files, readAll, signal };
}

const kibibytes = 64 * 1024;

test.each([
  ['bytes that are no text', Buffer.alloc(3 * kibibytes + 5, Buffer.from([0x61, 0xff]))],
  ['NULs', Buffer.alloc(2 * kibibytes, 0)],
  ['characters that are cut at the ends of parts', Buffer.from(`x${'€😀'.repeat(30_000)}`)],
  ['escapes of a terminal', Buffer.from('\u001B[31mred\u001B[0m\u001B]0;title\u0007\r\n')],
  ['the character that stands for what is no text', Buffer.from('\uFFFD'.repeat(kibibytes))],
])('of a file of %s nothing is left out and nothing told twice', async (_, bytes) => {
  const { folder, readAll } = await sandbox();
  writeFileSync(join(folder, 'stdout'), bytes);
  const text = (await readAll('stdout')).join('');
  // Not as one assertion: nobody reads such a difference.
  expect(text.length).toBe(bytes.toString('utf8').length);
  expect(text === bytes.toString('utf8')).toBe(true);
});

test('files of any name can be read by it', async () => {
  const { folder, files, readAll, signal } = await sandbox();
  const names = ['<img src=x onerror=alert(1)>', '__proto__', 'a?b#c%2e&d', '\u202Etxt.exe', 'line\nbreak', '...'];
  for (const name of names) writeFileSync(join(folder, name), name);
  expect((await files.list('t', '', signal)).map(({ name }) => name).sort()).toEqual([...names].sort());
  for (const name of names) expect(await readAll(name)).toEqual([name]);
});
