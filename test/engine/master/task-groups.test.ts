import { beforeEach, describe, expect, test } from 'vitest';
import { startFakeAgent, type FakeAgent } from './fake-agent.ts';
import { eventually, startLeader } from './master-for-test.ts';
import { commandTask, fetchJson, scalar, subscribe, type SchedulerClient } from '../scheduler-client.ts';

const resources = [scalar('cpus', 0.1), scalar('mem', 32)];
const executor = { type: 'DEFAULT', executor_id: { value: 'e' }, resources };

let master: string;
let framework: SchedulerClient;
let agent: FakeAgent;
beforeEach(async () => {
  ({ url: master } = await startLeader());
  agent = await startFakeAgent(master);
  framework = await subscribe(master);
});

const launch = async (given: object, tasks: readonly object[] = [commandTask('t', agent.agentId)]) => {
  const operation = { type: 'LAUNCH_GROUP', launch_group: { executor: given, task_group: { tasks } } };
  const offer_ids = [(await framework.takeOffer()).id];
  return framework.call('ACCEPT', { accept: { offer_ids, operations: [operation], filters: { refuse_seconds: 0 } } });
};
const used = async () => (await fetchJson(`${master}/state`)).slaves[0].used_resources as { readonly cpus: number };

test('a group comes to its agent with its executor, which every task of it names', async () => {
  await launch(executor, [commandTask('a', agent.agentId), commandTask('b', agent.agentId)]);
  const { run_task_group: group } = await agent.take('RUN_TASK_GROUP');
  const allocated = resources.map((each) => ({ ...each, allocation_info: { role: '*' } }));
  const info = { ...executor, framework_id: { value: framework.frameworkId }, resources: allocated };
  expect(group).toMatchObject({ framework_id: info.framework_id, executor: info, launch_executor: true });
  expect(group.tasks).toMatchObject([
    { task_id: { value: 'a' }, executor: info, resources: allocated },
    { task_id: { value: 'b' }, executor: info },
  ]);
  await launch(executor);
  expect((await agent.take('RUN_TASK_GROUP')).run_task_group).toMatchObject({ launch_executor: false });
  expect(await used()).toMatchObject({ cpus: 0.4, mem: 128 });
});

test('a group without tasks starts nothing', async () => {
  await launch(executor, []);
  await launch(executor);
  expect((await agent.take('RUN_TASK_GROUP')).run_task_group.tasks).toHaveLength(1);
  expect(await used()).toMatchObject({ cpus: 0.2 });
});

const task = (fields: object) => [commandTask('t', agent.agentId, fields)];

describe('a group is refused', () => {
  const executors: readonly (readonly [fields: object, message: string])[] = [
    [{ command: { value: 'true' } }, "'ExecutorInfo.command' must not be set for 'DEFAULT' executor"],
    [{ type: 'CUSTOM' }, "'ExecutorInfo.command' must be set for 'CUSTOM' executor"],
    [{ type: undefined }, "'ExecutorInfo.type' must be set"],
    [{ type: 'UNKNOWN' }, 'Unknown executor type'],
    [{ resources: [] }, "Executor 'e' uses less CPUs (None) than the minimum required (0.01)"],
    [
      { resources: [scalar('cpus', 0.1), scalar('mem', 8)] },
      "Executor 'e' uses less memory (8MB) than the minimum required (32MB)",
    ],
    [{ executor_id: { value: 'a/b' } }, "'a/b' contains invalid characters"],
    [
      { container: { type: 'DOCKER', docker: { image: 'x' } } },
      "'ExecutorInfo.container.type' must be 'MESOS' for 'DEFAULT' executor",
    ],
    [
      { container: { type: 'MESOS', network_infos: [{ name: 'net' }] } },
      "Executor's `ContainerInfo` is invalid: 'network_infos' is not honoured by this cluster",
    ],
    [{ shutdown_grace_period: { nanoseconds: -1 } }, "ExecutorInfo's 'shutdown_grace_period' must be non-negative"],
  ];
  test.each(executors)('with an executor with %j', async (fields, message) => {
    await launch({ ...executor, ...fields });
    expect(await framework.takeUpdate('t')).toMatchObject({
      ...{ state: 'TASK_ERROR', source: 'SOURCE_MASTER', reason: 'REASON_TASK_GROUP_INVALID', message },
    });
  });

  test('for the framework of its executor', async () => {
    await launch({ ...executor, framework_id: { value: 'other' } });
    const message = `ExecutorInfo has an invalid FrameworkID (Actual: other vs Expected: ${framework.frameworkId})`;
    expect(await framework.takeUpdate('t')).toMatchObject({ message });
  });

  test('for one of its tasks, as a whole', async () => {
    const docker = { container: { type: 'DOCKER', docker: { image: 'alpine' } } };
    await launch(executor, [...task(docker), commandTask('u', agent.agentId)]);
    const message = "Task 't' is invalid: Docker ContainerInfo is not supported on the task";
    const why = { state: 'TASK_ERROR', reason: 'REASON_TASK_GROUP_INVALID', message };
    for (const id of ['t', 'u']) expect(await framework.takeUpdate(id)).toMatchObject(why);
    expect(await used()).toMatchObject({ cpus: 0 });
  });

  const tasks: readonly (readonly [fields: object, message: RegExp])[] = [
    [{ container: { type: 'MESOS', network_infos: [{ name: 'n' }] } }, /'network_infos.name' is not honoured/],
    [{ container: { type: 'MESOS', network_infos: [{}] } }, /^Task 't' is invalid: NetworkInfos must not be set/],
    [{ resources: [scalar('cpus', 9)] }, /^Total resources .* required by task group and its executor are more than/],
    [{ resources: [] }, /^Task 't' is invalid: Task uses no resources$/],
    [shared({ path: '/v' }, 'data'), /'source.sandbox_path.path' is an absolute path$/],
    [shared({ path: '../v' }, 'data'), /'..' leads out of the sandbox$/],
    [shared({ path: 'v' }, 'a/../../x'), /'..' leads out of the sandbox$/],
    [shared({ path: 'v' }, '/data'), /'container_path' must be relative: without an image/],
  ];
  test.each(tasks)('with a task with %j', async (fields, message) => {
    await launch(executor, task(fields));
    expect((await framework.takeUpdate('t')).message).toMatch(message);
  });

  test('when two of its tasks have one id', async () => {
    await launch(executor, [commandTask('t', agent.agentId), commandTask('t', agent.agentId)]);
    expect(await framework.takeUpdate('t')).toMatchObject({ message: "Task 't' is invalid: Task has duplicate ID: t" });
  });

  test('when its executor runs there as another', async () => {
    await launch(executor);
    await agent.take('RUN_TASK_GROUP');
    await launch({ ...executor, name: 'other' }, [commandTask('u', agent.agentId)]);
    const { message } = await framework.takeUpdate('u');
    expect(message).toMatch(
      /^ExecutorInfo is not compatible with existing ExecutorInfo with same ExecutorID.\n-{60}\n/,
    );
    expect(message).toContain('"name": "other"');
  });

  test('with an id of its operation', async () => {
    const launch_group = { executor, task_group: { tasks: task({}) } };
    const operation = { type: 'LAUNCH_GROUP', id: { value: 'op' }, launch_group };
    const offer_ids = [(await framework.takeOffer()).id];
    await framework.call('ACCEPT', { accept: { offer_ids, operations: [operation] } });
    expect(await framework.takeUpdate('t')).toMatchObject({
      message: 'The `id` field cannot be set on LAUNCH_GROUP operations',
    });
  });
});

function shared(sandboxPath: object, container_path: string): object {
  const source = { type: 'SANDBOX_PATH', sandbox_path: { type: 'PARENT', ...sandboxPath } };
  return { container: { type: 'MESOS', volumes: [{ mode: 'RW', container_path, source }] } };
}

describe('an executor', () => {
  const name = () => ({ framework_id: { value: framework.frameworkId }, executor_id: { value: 'e' } });

  test('that has ended gives its resources back, and its framework hears of it once', async () => {
    await launch(executor);
    await agent.report(framework.frameworkId, 't', 'TASK_FINISHED');
    await framework.takeUpdate('t', 'TASK_FINISHED');
    expect(await used()).toMatchObject({ cpus: 0.1, mem: 32 });
    for (const status of [256, 0]) {
      const exited = { type: 'EXITED_EXECUTOR', exited_executor: { ...name(), status } };
      expect(await agent.post(exited)).toMatchObject({ status: 202 });
    }
    expect((await framework.take('FAILURE')).failure).toEqual({
      ...{ agent_id: { value: agent.agentId }, executor_id: { value: 'e' }, status: 256 },
    });
    expect(await used()).toMatchObject({ cpus: 0, mem: 0 });
    await framework.call('REVIVE');
    expect(framework.events.filter(({ type }) => type === 'FAILURE')).toHaveLength(1);
  });

  test('is known to a master that another one follows, with its resources', async () => {
    await launch(executor);
    const { run_task_group: group } = await agent.take('RUN_TASK_GROUP');
    const { url } = await startLeader();
    const status = { task_id: { value: 't' }, state: 'TASK_RUNNING', agent_id: { value: agent.agentId } };
    await startFakeAgent(url, {
      agent_id: { value: agent.agentId },
      tasks: [{ framework_id: group.framework_id, task: group.tasks[0], status }],
      frameworks: [{ ...group.framework, id: group.framework_id }],
      executors: [{ framework_id: group.framework_id, executor_info: group.executor }],
    });
    const { slaves, frameworks } = await fetchJson(`${url}/state`);
    expect(slaves[0].used_resources).toMatchObject({ cpus: 0.2, mem: 64 });
    expect(frameworks[0]).toMatchObject({ executors: [{ executor_id: 'e' }], tasks: [{ executor_id: 'e' }] });
  });

  test('that its agent does not have any more takes no resources', async () => {
    await launch(executor);
    agent.close();
    await eventually(async () => (await fetchJson(`${master}/state`)).slaves[0].active === false);
    await startFakeAgent(master, { agent_id: { value: agent.agentId } });
    expect(await used()).toMatchObject({ cpus: 0, mem: 0 });
  });

  test('goes with its framework', async () => {
    await launch(executor);
    await framework.call('TEARDOWN');
    await eventually(async () => (await used()).cpus === 0);
  });
});
