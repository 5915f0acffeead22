import { describe, expect, test } from 'vitest';
import { fetchJson, fetchRaw, type Loose } from '../engine/scheduler-client.ts';
import { clusterForTests } from './cluster.ts';
import { withRunningTask } from './running-task.ts';

const cluster = clusterForTests();
const post = (body: object) => fetchRaw(`${cluster().agent}/api/v1`, { body });
const answer = async (type: string, fields: object = {}): Promise<Loose> =>
  fetchJson(`${cluster().agent}/api/v1`, { body: { type, ...fields } });

describe('reads [docs/operator-http-api.md, Agent API; recorded: GET_* of a running agent]', () => {
  test.each<[string, readonly string[]]>([
    ['GET_HEALTH', ['healthy']],
    ['GET_FLAGS', ['flags']],
    ['GET_VERSION', ['version_info']],
    ['GET_LOGGING_LEVEL', ['level']],
    ['GET_AGENT', ['agent_info']],
    ['GET_STATE', ['get_executors', 'get_frameworks', 'get_tasks']],
  ])('%s has %j', async (type, fields) => {
    const { type: answered, ...rest } = await answer(type);
    expect(answered).toBe(type);
    expect(Object.keys(rest[type.toLowerCase()] as object)).toEqual(expect.arrayContaining([...fields]));
  });

  test.each(['GET_CONTAINERS', 'GET_FRAMEWORKS', 'GET_EXECUTORS', 'GET_OPERATIONS', 'GET_TASKS'])(
    '%s is answered with its name',
    async (type) => {
      expect(await answer(type)).toMatchObject({ type, [type.toLowerCase()]: {} });
    },
  );

  test('GET_METRICS has those of the agent', async () => {
    const all = { get_metrics: { timeout: { nanoseconds: 5_000_000_000 } } };
    const metrics = (await answer('GET_METRICS', all)).get_metrics.metrics as readonly Loose[];
    expect(metrics.find(({ name }) => name === 'slave/registered')).toMatchObject({ value: 1 });
  });

  test('a task that runs has its executor, container and framework', async () => {
    await withRunningTask(cluster(), 'agent-read', async ({ framework }) => {
      const id = { value: 'agent-read' };
      const { launched_tasks: tasks } = (await answer('GET_TASKS')).get_tasks;
      expect(tasks).toContainEqual(
        expect.objectContaining({ task_id: id, framework_id: { value: framework.frameworkId }, state: 'TASK_RUNNING' }),
      );
      const { executors } = (await answer('GET_EXECUTORS')).get_executors;
      const ids = (executors as readonly Loose[]).map(({ executor_info: info }): unknown => info.executor_id.value);
      expect(ids).toContain('agent-read');
      const { containers } = (await answer('GET_CONTAINERS')).get_containers;
      expect(containers).toContainEqual(expect.objectContaining({ executor_id: id }));
      const { frameworks } = (await answer('GET_FRAMEWORKS')).get_frameworks;
      const frameworkIds = (frameworks as readonly Loose[]).map(({ framework_info: info }): unknown => info.id.value);
      expect(frameworkIds).toContain(framework.frameworkId);
    });
  });
});

describe('calls that are refused [recorded: leniency, the same on the agent; docs/operator-http-api.md]', () => {
  const invalid = (why: string) => `Failed to validate agent::Call: ${why}`;
  test.each<[object, string]>([
    [{}, invalid("Expecting 'type' to be present")],
    [{ type: 'NOPE' }, invalid("Expecting 'type' to be present")],
    [{ type: 'GET_METRICS' }, invalid("Expecting 'get_metrics' to be present")],
  ])('%j', async (body, text) => {
    expect(await post(body)).toMatchObject({ status: 400, body: text });
  });
});
