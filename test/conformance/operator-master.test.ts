import { describe, expect, test } from 'vitest';
import { subscribe, type Loose } from '../engine/scheduler-client.ts';
import { listOf } from '../engine/marathon/shapes/loose.ts';
import { clusterForTests } from './cluster.ts';
import { operatorCalls } from './operator-calls.ts';

const cluster = clusterForTests();
const { post, answer } = operatorCalls(() => cluster().master);

describe('reads [docs/operator-http-api.md, Master API; recorded: GET_* of a running master]', () => {
  test.each<[string, readonly string[]]>([
    ['GET_HEALTH', ['healthy']],
    ['GET_FLAGS', ['flags']],
    ['GET_VERSION', ['version_info']],
    ['GET_MASTER', ['master_info', 'start_time', 'elected_time']],
    ['GET_LOGGING_LEVEL', ['level']],
    ['GET_AGENTS', ['agents']],
    ['GET_STATE', ['get_agents', 'get_executors', 'get_frameworks', 'get_tasks']],
  ])('%s has %j', async (type, fields) => {
    const { type: answered, ...rest } = await answer(type);
    expect(answered).toBe(type);
    const [[name, value] = []] = Object.entries(rest as Readonly<Record<string, object>>);
    expect(name).toBe(type.toLowerCase());
    expect(Object.keys(value ?? {})).toEqual(expect.arrayContaining([...fields]));
  });

  test.each(['GET_FRAMEWORKS', 'GET_EXECUTORS', 'GET_TASKS', 'GET_ROLES', 'GET_OPERATIONS'])(
    '%s is answered with its name',
    async (type) => {
      expect(await answer(type)).toMatchObject({ type, [type.toLowerCase()]: {} });
    },
  );

  test('flags and metrics are lists of names and values', async () => {
    for (const { name, value } of (await answer('GET_FLAGS')).get_flags.flags as readonly Loose[]) {
      expect([typeof name, typeof value]).toEqual(['string', 'string']);
    }
    const all = { get_metrics: { timeout: { nanoseconds: 5_000_000_000 } } };
    const metrics = (await answer('GET_METRICS', all)).get_metrics.metrics as readonly Loose[];
    expect(metrics.map(({ name }): unknown => name)).toEqual(
      expect.arrayContaining(['master/elected', 'master/slaves_active', 'master/uptime_secs']),
    );
    expect(metrics.find(({ name }) => name === 'master/elected')).toMatchObject({ value: 1 });
  });

  test('an agent has its address, what it has, and since when', async () => {
    const agents = (await answer('GET_AGENTS')).get_agents.agents as readonly Loose[];
    const agent = agents.find(({ agent_info: info }) => info.id.value === cluster().agentId);
    expect(agent).toMatchObject({ agent_info: cluster().agentAddress, active: true });
    expect(agent.pid).toMatch(/^slave\(1\)@.+:\d+$/);
    expect(agent.registered_time.nanoseconds).toBeGreaterThan(1e18);
    expect((agent.total_resources as readonly Loose[]).map(({ name }): unknown => name)).toEqual(
      expect.arrayContaining(['cpus', 'mem', 'disk', 'ports']),
    );
  });

  test('a framework that is subscribed is listed, and once torn down it is completed', async () => {
    const framework = await subscribe(cluster().master, { name: 'listed' });
    const ids = (list: unknown) => listOf(list).map(({ framework_info: info }): unknown => info.id.value);
    expect(ids((await answer('GET_FRAMEWORKS')).get_frameworks.frameworks)).toContain(framework.frameworkId);
    await framework.call('TEARDOWN');
    await framework.ended;
    const { frameworks, completed_frameworks: completed } = (await answer('GET_FRAMEWORKS')).get_frameworks;
    expect(ids(frameworks)).not.toContain(framework.frameworkId);
    expect(ids(completed)).toContain(framework.frameworkId);
  });
});

describe('TEARDOWN [recorded: operator-files-and-teardown]', () => {
  test('ends a framework, once', async () => {
    const framework = await subscribe(cluster().master, { name: 'torn' });
    const teardown = { framework_id: { value: framework.frameworkId } };
    expect(await post({ type: 'TEARDOWN', teardown })).toMatchObject({ status: 200, body: '' });
    await framework.ended;
    expect(await post({ type: 'TEARDOWN', teardown })).toMatchObject({
      status: 400,
      body: 'No framework found with specified ID',
    });
  });

  test('without its message is refused', async () => {
    expect(await post({ type: 'TEARDOWN' })).toMatchObject({
      status: 400,
      body: "Failed to validate master::Call: Expecting 'teardown' to be present",
    });
  });
});

test('GET_METRICS without its message is refused [docs/operator-http-api.md]', async () => {
  expect(await post({ type: 'GET_METRICS' })).toMatchObject({
    status: 400,
    body: "Failed to validate master::Call: Expecting 'get_metrics' to be present",
  });
});
