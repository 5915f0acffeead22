import { describe, expect, test } from 'vitest';
import { fetchJson, fetchRaw, subscribe, type Loose } from '../engine/scheduler-client.ts';
import { clusterForTests } from './cluster.ts';
import { withRunningTask } from './running-task.ts';

const cluster = clusterForTests();
const get = async (path: string): Promise<Loose> => fetchJson(cluster().master + path);

describe('what is read of a master [docs/endpoints/master; recorded: a running master]', () => {
  test('/health is empty', async () => {
    for (const path of ['/health', '/master/health']) {
      expect(await fetchRaw(cluster().master + path)).toMatchObject({ status: 200, body: '' });
    }
  });

  test('/version says which it is', async () => {
    const version = await get('/version');
    expect(version.version).toMatch(/^\d+\.\d+\.\d+/);
    expect(typeof version.build_date).toBe('string');
    expect(typeof version.build_time).toBe('number');
  });

  test('/state has the master, its agents and its frameworks', async () => {
    const state = await get('/state');
    expect(Object.keys(state as object)).toEqual(
      expect.arrayContaining([
        ...['version', 'build_date', 'start_time', 'elected_time', 'id', 'pid', 'hostname', 'activated_slaves'],
        ...['deactivated_slaves', 'leader', 'leader_info', 'flags', 'slaves', 'frameworks', 'completed_frameworks'],
        ...['orphan_tasks', 'unregistered_frameworks', 'recovered_slaves', 'capabilities'],
      ]),
    );
    expect(state.pid).toMatch(/^master@.+:\d+$/);
    const slaves = state.slaves as readonly Loose[];
    expect(slaves.find(({ id }) => id === cluster().agentId)).toMatchObject({
      active: true,
      deactivated: false,
      resources: { cpus: expect.any(Number) as number, mem: expect.any(Number) as number },
    });
  });

  test('/state-summary, /slaves and /roles tell of the same agent', async () => {
    const { slaves, frameworks } = await get('/state-summary');
    const summary = (slaves as readonly Loose[]).find(({ id }) => id === cluster().agentId);
    expect(summary).toMatchObject({
      TASK_RUNNING: expect.any(Number) as number,
      framework_ids: expect.any(Array) as [],
    });
    expect(Array.isArray(frameworks)).toBe(true);
    const one = await get(`/slaves?slave_id=${cluster().agentId}`);
    expect(one.slaves).toMatchObject([{ id: cluster().agentId }]);
    expect(one.slaves[0]).toHaveProperty('used_resources_full');
    expect(await get('/roles')).toHaveProperty('roles');
  });

  test('/flags and /metrics/snapshot are objects of names', async () => {
    expect(await get('/flags')).toHaveProperty('flags');
    const metrics = await get('/metrics/snapshot');
    expect(metrics['master/elected']).toBe(1);
    expect(metrics['master/slaves_active']).toBeGreaterThan(0);
    for (const name of ['master/cpus_total', 'master/mem_used', 'master/tasks_running', 'master/uptime_secs']) {
      expect(typeof metrics[name], name).toBe('number');
    }
  });

  test('/redirect leads to the leader', async () => {
    for (const path of ['/redirect', '/master/redirect']) {
      const { status, headers } = await fetchRaw(cluster().master + path);
      expect(status).toBe(307);
      expect(headers.location).toMatch(new RegExp(`^//.+:${cluster().masterPort}$`));
    }
  });

  test('a task that runs is in /tasks and /frameworks', async () => {
    await withRunningTask(cluster(), 'master-read', async ({ framework, agentId }) => {
      const task = { id: 'master-read', state: 'TASK_RUNNING', slave_id: agentId, framework_id: framework.frameworkId };
      expect((await get(`/tasks?framework_id=${framework.frameworkId}`)).tasks).toMatchObject([task]);
      const { frameworks } = await get(`/frameworks?framework_id=${framework.frameworkId}`);
      expect(frameworks).toMatchObject([{ id: framework.frameworkId, active: true, tasks: [task] }]);
    });
  });
});

describe('/teardown [recorded: operator-files-and-teardown]', () => {
  const post = (path: string, body: string) =>
    fetchRaw(cluster().master + path, {
      method: 'POST',
      body,
      headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
    });

  test('ends a framework, once', async () => {
    const framework = await subscribe(cluster().master, { name: 'torn-form' });
    expect(await post('/master/teardown', `frameworkId=${framework.frameworkId}`)).toMatchObject({
      status: 200,
      body: '',
    });
    await framework.ended;
    const again = await post('/teardown', `frameworkId=${framework.frameworkId}`);
    expect(again).toMatchObject({ status: 400, body: 'No framework found with specified ID' });
  });

  test('wants an id, and POST', async () => {
    expect(await post('/master/teardown', '')).toMatchObject({
      status: 400,
      body: "Missing 'frameworkId' query parameter in the request body",
    });
    expect(await fetchRaw(`${cluster().master}/master/teardown`)).toMatchObject({
      status: 405,
      body: "405 Method Not Allowed. Expecting one of { 'POST' }, but received 'GET'.",
    });
  });
});
