import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { readFile } from '../../../engine/files/file-calls.ts';
import { filesRoutes } from '../../../engine/files/files-api.ts';
import { jsonAnswer } from '../../../engine/http/http-answer.ts';
import { listen } from '../../../engine/http/http-server.ts';
import { route, router } from '../../../engine/http/router.ts';
import { TaskFiles } from '../../../pages/server/task-files.ts';
import type { AgentRow } from '../../../pages/picture/tables.ts';
import type { JsonObject } from '../../../protocol/json.ts';
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
  const options = { sandboxes: nodeSandboxes, attached, log: () => undefined };
  const handler = router([
    route('GET', '/slave(1)/state', () => jsonAnswer(200, { frameworks: [{ executors: [executor] }] })),
    route('POST', '/slave(1)/api/v1', async (request) =>
      jsonAnswer(200, await readFile(options, (await request.json()) as JsonObject)),
    ),
    ...filesRoutes(options),
  ]);
  const server = await listen({ host: '127.0.0.1', port: 0, handler, log: () => undefined });
  onTestFinished(() => server.close());
  const { signal } = new AbortController();
  const agent: AgentRow = {
    ...{ host: 'a', port: 1, attributes: {}, tasks: 1, state: 'active' },
    ...{ total: { cpus: 1, mem: 1, disk: 1 }, used: { cpus: 1, mem: 1, disk: 1 } },
  };
  const files = new TaskFiles({ task: () => task, agent: () => agent, leader: '' }, () => server.url);
  const place = { task: 't' };
  /** As a page reads a file that it follows, part by part. */
  const readAll = async (name: string) => {
    const parts: Buffer[] = [];
    for (let offset = 0; ;) {
      const { data } = await files.read(place, name, offset, signal);
      const bytes = Buffer.from(data, 'base64');
      if (bytes.length === 0) return Buffer.concat(parts);
      parts.push(bytes);
      offset += bytes.length;
    }
  };
  return { folder, files, place, readAll, signal };
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
  // Not as they are: nobody reads such a difference.
  expect((await readAll('stdout')).equals(bytes)).toBe(true);
});

test('files of any name can be read by it', async () => {
  const { folder, files, place, readAll, signal } = await sandbox();
  const names = ['<img src=x onerror=alert(1)>', '__proto__', 'a?b#c%2e&d', '\u202Etxt.exe', 'line\nbreak', '...'];
  for (const name of names) writeFileSync(join(folder, name), name);
  expect((await files.list(place, '', signal)).map(({ name }) => name).sort()).toEqual([...names].sort());
  for (const name of names) expect((await readAll(name)).toString()).toBe(name);
});

test('a file of any name is kept by it, and is never shown', async () => {
  const { folder, files, place, signal } = await sandbox();
  const name = '<b>"ü\r\nX-Evil: 1.html';
  writeFileSync(join(folder, name), '<script>alert(1)</script>');
  const { headers } = await files.download(place, name, signal);
  expect(headers).toMatchObject({
    'Content-Type': 'application/octet-stream',
    'Content-Disposition':
      'attachment; filename="_b_____X-Evil__1.html"; filename*=UTF-8\'\'%3Cb%3E%22%C3%BC%0D%0AX-Evil%3A%201.html',
  });
});
