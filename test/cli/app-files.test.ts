import { describe, expect, it } from 'vitest';
import { readAppFiles } from '../../cli/apps/app-files.ts';
import { parentsFirst } from '../../cli/apps/chronos-jobs.ts';
import { nodeFileSystem } from '../../platform/files/node-file-system.ts';
import { folderWith } from './fake-context.ts';

async function read(content: unknown) {
  const cwd = folderWith({ 'file.json': JSON.stringify(content) });
  const stdin = { read: () => Promise.reject(new Error('nobody reads it')), isTerminal: false };
  const context = { files: nodeFileSystem, cwd, stdin, signal: new AbortController().signal };
  const found = await readAppFiles(context, cwd, ['file.json']);
  return found.map(({ kind, id, definition, apps }) => [kind, id, definition, apps]);
}

const a = { id: '/a', cmd: 'sleep 1' };
const answered = {
  ...a,
  version: '2026-01-01T00:00:00.000Z',
  versionInfo: {},
  tasksRunning: 1,
  tasks: [],
  deployments: [],
};

describe('a file for deploy', () => {
  it.each<[string, unknown]>([
    ['an app', a],
    ['an array', [a]],
    ['what GET /v2/apps/a answers', { app: answered }],
    ['what GET /v2/apps answers', { apps: [answered] }],
    [
      'what GET /v2/groups answers',
      { id: '/', apps: [answered], groups: [], pods: [], dependencies: [], version: 'v' },
    ],
  ])('may be %s', async (_, content) => {
    expect(await read(content)).toEqual([['app', '/a', a, ['/a']]]);
  });

  it('may be a pod, or what GET /v2/pods and ::status answer', async () => {
    const pod = { id: '/p', containers: [{ name: 'c', resources: {} }] };
    const found = [['pod', '/p', pod, ['/p']]];
    expect(await read(pod)).toEqual(found);
    expect(await read([{ ...pod, version: 'v' }])).toEqual(found);
    expect(await read({ id: '/p', status: 'STABLE', spec: pod, instances: [] })).toEqual(found);
    expect(await read({ id: '/', apps: [], groups: [], pods: [{ id: '/p', spec: pod }] })).toEqual(found);
    const inner = { ...pod, id: '/g/h/p' };
    const group = { id: '/g', groups: [{ id: '/g/h', apps: [], pods: [{ id: '/g/h/p', spec: inner }] }] };
    expect((await read(group)).map(([kind, id, , apps]) => [kind, id, apps])).toEqual([
      ['group', '/g', []],
      ['pod', '/g/h/p', ['/g/h/p']],
    ]);
  });

  it('may be a group, of which the apps are waited for by their absolute ids', async () => {
    const group = {
      id: 'shop',
      apps: [{ ...answered, id: 'web' }],
      groups: [{ id: 'data', apps: [{ id: '/shop/data/db' }] }],
    };
    const sent = { ...group, apps: [{ ...a, id: 'web' }] };
    expect(await read(group)).toEqual([['group', '/shop', sent, ['/shop/web', '/shop/data/db']]]);
  });

  it('may be the root group: what is not in it stays', async () => {
    const content = { id: '/', apps: [a], groups: [{ id: '/g', apps: [{ id: '/g/b' }], version: 'v' }] };
    expect(await read(content)).toEqual([
      ['app', '/a', a, ['/a']],
      ['group', '/g', { id: '/g', apps: [{ id: '/g/b' }] }, ['/g/b']],
    ]);
  });

  it('keeps uris of an app that has no fetch', async () => {
    expect(await read({ ...a, uris: ['x'] })).toEqual([['app', '/a', { ...a, uris: ['x'] }, ['/a']]]);
    expect(await read({ ...a, uris: ['x'], fetch: [{ uri: 'x' }] })).toEqual([
      ['app', '/a', { ...a, fetch: [{ uri: 'x' }] }, ['/a']],
    ]);
  });

  it('may be jobs of Chronos, as somebody wrote them or as it answers them', async () => {
    const [scheduled, dependent] = [
      { name: 'a', schedule: 'R/PT1H' },
      { name: 'b', parents: ['a'] },
    ];
    const found = [
      ['job', 'a', scheduled, []],
      ['job', 'b', dependent, []],
    ];
    expect(await read([scheduled, dependent])).toEqual(found);
    const answered = [scheduled, dependent].map((job) => ({ ...job, successCount: 3, lastError: '', fetch: [] }));
    expect(await read(answered)).toEqual(
      found.map(([kind, id, job, apps]) => [kind, id, { ...(job as object), fetch: [] }, apps]),
    );
    // An app may have the same name.
    expect(await read([{ id: '/a' }, { name: '/a', schedule: 'R/PT1H' }])).toHaveLength(2);
    await expect(read({ schedule: 'R/PT1H' })).rejects.toMatchObject({
      problems: [{ found: 'it is a job of Chronos without a name' }],
    });
  });

  it('has jobs behind those that they run after', () => {
    const jobs = [['c', 'b'], ['b', 'a'], ['a']].map(([name, ...parents]) => ({
      ...({ kind: 'job', file: '', apps: [] } as const),
      id: name ?? '',
      definition: { name: name ?? '', parents },
    }));
    expect(parentsFirst(jobs).map(({ id }) => id)).toEqual(['a', 'b', 'c']);
  });
});
