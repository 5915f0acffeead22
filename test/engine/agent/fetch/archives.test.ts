import { spawnSync } from 'node:child_process';
import { existsSync, lstatSync, mkdirSync, readFileSync, readlinkSync, statSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../running-agent.ts';
import { tar, zip, type TarEntry, type ZipEntry } from './archives.ts';
import { fetchAlone } from './fetch-task.ts';
import { startFileServer } from './file-server.ts';

/** Fetches one file that a server has. */
async function fetchFile(name: string, content: Buffer, uri: object = {}, options = {}) {
  const server = await startFileServer({ [`/${name}`]: content });
  return fetchAlone([{ value: `${server.url}/${name}`, ...uri }], 'true', options);
}

const usual: readonly TarEntry[] = [
  { path: 'app/', type: '5', mode: 0o755 },
  { path: 'app/run.sh', content: '#!/bin/sh\n', mode: 0o755 },
  { path: 'app/set-uid', content: 'x', mode: 0o6755 },
  { path: 'app/current', type: '2', link: 'run.sh' },
  { path: 'app/same', type: '1', link: 'app/run.sh' },
  { path: '/absolute/file', content: 'below' },
  { path: 'big', content: Buffer.alloc(300_000, 'x') },
];

const compressed = (program: string, content: Buffer) => spawnSync(program, ['-c'], { input: content }).stdout;

test.each([
  ['app.tar', (content: Buffer) => content],
  ['app.tgz', gzipSync],
  ['app.tar.gz', gzipSync],
  ['app.tar.bz2', (content: Buffer) => compressed('bzip2', content)],
  ['app.txz', (content: Buffer) => compressed('xz', content)],
])('%s is unpacked beside itself, with permissions but no set-uid', async (name, pack) => {
  const { status, sandbox, read } = await fetchFile(name, pack(tar(usual)));
  expect(status.state, existsSync(`${sandbox}/stderr`) ? read('stderr') : '').toBe('TASK_FINISHED');
  expect(existsSync(`${sandbox}/${name}`)).toBe(true);
  expect(statSync(`${sandbox}/app/run.sh`).mode & 0o7777).toBe(0o755);
  expect(statSync(`${sandbox}/app/set-uid`).mode & 0o7000).toBe(0);
  expect(readlinkSync(`${sandbox}/app/current`)).toBe('run.sh');
  expect(statSync(`${sandbox}/app/same`).ino).toBe(statSync(`${sandbox}/app/run.sh`).ino);
  expect(read('absolute/file')).toBe('below');
  expect(statSync(`${sandbox}/big`).size).toBe(300_000);
});

test('a tar archive that GNU tar made has its long names', async () => {
  const folder = temporaryFolder();
  const long = `${'long/'.repeat(40)}${'n'.repeat(150)}`;
  mkdirSync(`${folder}/${'long/'.repeat(40)}`, { recursive: true });
  writeFileSync(`${folder}/${long}`, 'content');
  const { stdout } = spawnSync('tar', ['-C', folder, '-cz', '--format=gnu', '.'], { maxBuffer: 1e8 });
  const { status, read } = await fetchFile('gnu.tgz', stdout);
  expect([status.state, read(long)]).toEqual(['TASK_FINISHED', 'content']);
});

test('a zip archive is unpacked with permissions and links', async () => {
  const content = zip([
    { path: 'app/', mode: 0o040_755 },
    { path: 'app/run.sh', mode: 0o106_755, content: 'run' },
    { path: 'app/current', mode: 0o120_777, content: 'run.sh' },
    { path: 'dos.txt', mode: 0, content: 'no mode' },
  ]);
  const { status, sandbox, read } = await fetchFile('app.zip', content);
  expect(status.state, read('stderr')).toBe('TASK_FINISHED');
  expect(statSync(`${sandbox}/app/run.sh`).mode & 0o7777).toBe(0o755);
  expect(readlinkSync(`${sandbox}/app/current`)).toBe('run.sh');
  expect([read('app/current'), read('dos.txt')]).toEqual(['run', 'no mode']);
});

test('a gz file is unpacked beside itself', async () => {
  const { read } = await fetchFile('words.txt.gz', gzipSync('words'));
  expect(read('words.txt')).toBe('words');
  expect(read('stderr')).toMatch(/fetcher\.cpp:132\] Extracted '.*\/words\.txt\.gz' into '/);
});

test.each([{ extract: false }, { executable: true }])('with %j an archive is only copied', async (uri) => {
  const { status, sandbox } = await fetchFile('app.tar', tar(usual), uri);
  expect(status.state).toBe('TASK_FINISHED');
  expect([existsSync(`${sandbox}/app.tar`), existsSync(`${sandbox}/app`)]).toEqual([true, false]);
});

test('what is no archive by its name is copied, with a warning', async () => {
  const { status, read } = await fetchFile('app.bin', tar(usual));
  expect(status.state).toBe('TASK_FINISHED');
  expect(read('stderr')).toContain('fetcher.cpp:332] Copying instead of extracting resource from URI');
});

const outside = temporaryPath();
function temporaryPath() {
  return `/tmp/fetch-test-outside-${process.pid}`;
}

const hostileTars: readonly (readonly [what: string, entries: readonly TarEntry[], reason: string])[] = [
  ['a name with ..', [{ path: '../slip', content: 'x' }], "Path contains '..'"],
  ['a folder with ..', [{ path: 'a/../../slip/', type: '5' }], "Path contains '..'"],
  [
    'a file through a link',
    [
      { path: 'out', type: '2', link: '/tmp' },
      { path: `out/${outside.slice(5)}`, content: 'x' },
    ],
    'Cannot extract through symlink',
  ],
  [
    'a folder through a chain of links',
    [
      { path: 'here', type: '2', link: '.' },
      { path: 'up', type: '2', link: 'here/../..' },
      { path: 'up/slip/', type: '5' },
    ],
    'Cannot extract through symlink',
  ],
  ['a hard link with ..', [{ path: 'x', type: '1', link: '../../slip' }], "Path contains '..'"],
  [
    'a hard link through a link',
    [
      { path: 'etc', type: '2', link: '/etc' },
      { path: 'x', type: '1', link: 'etc/passwd' },
    ],
    'Cannot extract through symlink',
  ],
  ['a hard link to a file outside', [{ path: 'x', type: '1', link: '/etc/passwd' }], 'is no regular file'],
  ['a device', [{ path: 'null', type: '3' }], 'is a device or a fifo'],
  ['a fifo', [{ path: 'pipe', type: '6' }], 'is a device or a fifo'],
  ['a sparse file', [{ path: 'sparse', type: 'S', content: 'x' }], 'of a type that is not unpacked'],
  ['a link in place of stderr', [{ path: './stderr', type: '2', link: outside }], 'must not be a link'],
  ['a link in place of what stdout was', [{ path: 'stdout.1', type: '2', link: outside }], 'must not be a link'],
];

test.each(hostileTars)('a tar archive with %s is refused', async (_, entries, reason) => {
  const { status, sandbox, read } = await fetchFile('evil.tar.gz', gzipSync(tar(entries)));
  expect(status).toMatchObject({ state: 'TASK_FAILED', reason: 'REASON_CONTAINER_LAUNCH_FAILED' });
  expect(read('stderr')).toMatch(/EXIT with status 1: .*: Failed to extract archive '/);
  expect(read('stderr')).toContain(reason);
  expect([existsSync(`${sandbox}/../slip`), existsSync(`${sandbox}/../../slip`), existsSync(outside)]).toEqual([
    false,
    false,
    false,
  ]);
});

test('a file that comes after a link of its name replaces the link', async () => {
  const victim = `${temporaryFolder()}/victim`;
  writeFileSync(victim, 'untouched');
  const entries: readonly TarEntry[] = [
    { path: 'x', type: '2', link: victim },
    { path: 'x', content: 'overwritten' },
  ];
  const { status, sandbox, read } = await fetchFile('twice.tar', tar(entries));
  expect([status.state, read('x'), readFileSync(victim, 'utf8')]).toEqual([
    'TASK_FINISHED',
    'overwritten',
    'untouched',
  ]);
  expect(lstatSync(`${sandbox}/x`).isFile()).toBe(true);
});

test('a later URI does not write through a link that an archive made', async () => {
  const victim = temporaryFolder();
  const server = await startFileServer({
    '/a.tar': tar([{ path: 'out', type: '2', link: victim }]),
    '/x': 'content',
    '/out': 'a file',
  });
  const archive = { value: `${server.url}/a.tar` };
  const through = await fetchAlone([archive, { value: `${server.url}/x`, output_file: 'out/x' }]);
  expect(through.status.state).toBe('TASK_FAILED');
  expect(existsSync(`${victim}/x`)).toBe(false);
  const inPlace = await fetchAlone([archive, { value: `${server.url}/out` }]);
  expect([inPlace.status.state, inPlace.read('out')]).toEqual(['TASK_FINISHED', 'a file']);
});

const hostileZips: readonly (readonly [what: string, entries: readonly ZipEntry[], reason: string])[] = [
  ['a name with ..', [{ path: '../slip', content: 'x' }], 'invalid relative path'],
  ['a name with .. after a backslash', [{ path: 'a\\..\\..\\slip', content: 'x' }], 'invalid relative path'],
  ['an absolute name', [{ path: outside, content: 'x' }], 'absolute path'],
  [
    'a file through a link',
    [
      { path: 'out', mode: 0o120_777, content: '/tmp' },
      { path: `out/${outside.slice(5)}`, content: 'x' },
    ],
    'Cannot extract through symlink',
  ],
  ['a device', [{ path: 'null', mode: 0o020_666 }], 'is a device or a fifo'],
  ['a link in place of stderr', [{ path: 'stderr', mode: 0o120_777, content: outside }], 'must not be a link'],
];

test.each(hostileZips)('a zip archive with %s is refused', async (_, entries, reason) => {
  const { status, sandbox, read } = await fetchFile('evil.zip', zip(entries));
  expect(status.state).toBe('TASK_FAILED');
  expect(read('stderr')).toContain(reason);
  expect([existsSync(`${sandbox}/../slip`), existsSync(outside)]).toEqual([false, false]);
});

test.each([
  ['bomb.tar.gz', gzipSync(tar([{ path: 'zeros', content: Buffer.alloc(3 * 1024 ** 2) }]))],
  ['bomb.tar.xz', compressed('xz', tar([{ path: 'zeros', content: Buffer.alloc(3 * 1024 ** 2) }]))],
  ['bomb.zip', zip([{ path: 'zeros', content: Buffer.alloc(3 * 1024 ** 2) }])],
  ['zeros.gz', gzipSync(Buffer.alloc(3 * 1024 ** 2))],
])('%s is broken off at the limit', async (name, content) => {
  const limits = { maxBytes: 1024 ** 2, maxEntries: 10, reserveBytes: 0 };
  const { status, sandbox, read } = await fetchFile(name, content, {}, { fetch: { limits } });
  expect(status.state).toBe('TASK_FAILED');
  expect(read('stderr')).toContain('Maximum file size exceeded: a task may fetch 1 MB');
  expect(statSync(`${sandbox}/zeros`).size).toBeLessThanOrEqual(1024 ** 2);
});

test('an archive of more entries than the limit is broken off', async () => {
  const entries = Array.from({ length: 20 }, (_, index) => ({ path: `folder${index}/`, type: '5' }) as const);
  const limits = { maxBytes: 1024 ** 2, maxEntries: 10, reserveBytes: 0 };
  const { sandbox, read } = await fetchFile('many.tar', tar(entries), {}, { fetch: { limits } });
  expect(read('stderr')).toContain('more than 10 entries');
  expect(existsSync(`${sandbox}/folder10`)).toBe(false);
});

test.each([
  ['damaged.tar.gz', gzipSync(tar(usual)).subarray(0, 200), 'unexpected end of file'],
  ['cut-in-a-header.tar', tar(usual).subarray(0, 3000), 'Truncated tar archive'],
  ['cut-in-a-file.tar', tar(usual).subarray(0, 100_352), 'Truncated input'],
  ['none.tar', Buffer.from('this is no archive'), 'Unrecognized archive format'],
  ['none.zip', Buffer.from('PK\u0003\u0004 this is no archive'), 'End of central directory record'],
  ['none.gz', Buffer.from('this is no archive'), 'incorrect header check'],
  ['none.tar.bz2', Buffer.from('BZh91AY this is no archive'), "'bzip2' ended with status"],
])('%s fails, and says why', async (name, content, reason) => {
  const { status, read } = await fetchFile(name, content);
  expect(status.state).toBe('TASK_FAILED');
  expect(read('stderr')).toContain(reason);
});
