import { describe, expect, test } from 'vitest';
import { fetchJson, fetchRaw, type Loose } from '../engine/scheduler-client.ts';
import { eventually } from '../engine/master/master-for-test.ts';
import { clusterForTests } from './cluster.ts';
import { withRunningTask } from './running-task.ts';

const cluster = clusterForTests();
const get = async (path: string): Promise<Loose> => fetchJson(cluster().agent + path);
const raw = (path: string) => fetchRaw(cluster().agent + path);

describe('what is read of an agent [docs/endpoints/slave; recorded: a running agent]', () => {
  test('/health is empty', async () => {
    expect(await raw('/health')).toMatchObject({ status: 200, body: '' });
  });

  test('/state has the agent and what it runs', async () => {
    const state = await get('/state');
    expect(state.id).toBe(cluster().agentId);
    expect(state.pid).toMatch(/^slave\(1\)@.+:\d+$/);
    expect(Object.keys(state as object)).toEqual(
      expect.arrayContaining([
        ...['version', 'build_date', 'start_time', 'hostname', 'resources', 'reserved_resources', 'attributes'],
        ...['unreserved_resources', 'master_hostname', 'flags', 'frameworks', 'completed_frameworks'],
      ]),
    );
  });

  test('/flags, /version and /metrics/snapshot are objects', async () => {
    expect(await get('/flags')).toHaveProperty('flags');
    expect((await get('/version')).version).toMatch(/^\d+\.\d+\.\d+/);
    expect(await get('/metrics/snapshot')).toMatchObject({ 'slave/registered': 1 });
  });

  test('/containerizer/debug says what it waits for [docs/endpoints/slave/containerizer/debug.md]', async () => {
    expect(await get('/containerizer/debug')).toMatchObject({ pending: expect.any(Array) as [] });
  });

  test('a task that runs is in /containers, /monitor/statistics and /state', async () => {
    await withRunningTask(cluster(), 'seen', async ({ framework }) => {
      const container = { executor_id: 'seen', framework_id: framework.frameworkId, source: 'seen' };
      for (const path of ['/containers', '/monitor/statistics']) {
        expect(await get(path)).toContainEqual(expect.objectContaining(container));
      }
      const { frameworks } = await get('/state');
      const own = (frameworks as readonly Loose[]).find(({ id }) => id === framework.frameworkId);
      expect(own).toMatchObject({ executors: [{ id: 'seen', tasks: [{ id: 'seen', state: 'TASK_RUNNING' }] }] });
    });
  });
});

describe('/files [recorded: operator-files-and-teardown]', () => {
  test('browse, read and download what a task has written, and no more', async () => {
    const command = "mkdir d; printf '0123456789\\n' > f; sleep 300";
    const use = async ({ framework }: { readonly framework: { readonly frameworkId: string } }) => {
      const at = `/frameworks/${framework.frameworkId}/executors/files/runs/latest`;
      const browse = (path: string) => raw(`/files/browse?path=${at}${path}`);
      await eventually(async () => (await browse('')).body.includes(`${at}/f`));
      const entries = JSON.parse((await browse('')).body) as readonly Loose[];
      expect(entries.find(({ path }) => path === `${at}/f`)).toMatchObject({ nlink: 1, size: 11 });
      expect(await browse('/nope')).toMatchObject({ status: 404, body: '' });
      const read = (query: string) => get(`/files/read?path=${at}/${query}`);
      expect(await read('f&offset=0&length=5')).toEqual({ data: '01234', offset: 0 });
      expect(await read('f')).toEqual({ data: '', offset: 11 });
      expect(await read('f&offset=2')).toEqual({ data: '23456789\n', offset: 2 });
      expect(await read('f&offset=0&length=-1')).toEqual({ data: '0123456789\n', offset: 0 });
      expect(await raw(`/files/download?path=${at}/f`)).toMatchObject({ status: 200, body: '0123456789\n' });
      const refused: readonly (readonly [string, number, string])[] = [
        [`read?path=${at}/f&offset=x`, 400, "Failed to parse offset: Failed to convert 'x' to number.\n"],
        [`read?path=${at}/f&offset=0&length=x`, 400, "Failed to parse length: Failed to convert 'x' to number.\n"],
        [`read?path=${at}/nope&offset=0`, 404, ''],
        [`read?path=${at}/d&offset=0`, 400, 'Cannot read a directory.\n'],
        [`download?path=${at}/d`, 400, 'Cannot download a directory.\n'],
        ['browse?path=/etc', 404, ''],
      ];
      for (const [path, status, body] of refused) {
        expect(await raw(`/files/${path}`), path).toMatchObject({ status, body });
      }
    };
    await withRunningTask(cluster(), 'files', use, command);
  });

  test.each(['browse', 'read?offset=0', 'download'])('%s wants a path', async (path) => {
    expect(await raw(`/files/${path}`)).toMatchObject({ status: 400, body: "Expecting 'path=value' in query.\n" });
  });
});
