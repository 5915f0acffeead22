import { expect, test } from 'vitest';
import { commandTask, getJson, parseLoosely, startTestAgent, stateOf, waitFor, type Loose } from './running-agent.ts';

const operatorCall = async (url: string, call: unknown) => {
  const headers = { 'Content-Type': 'application/json' };
  const response = await fetch(`${url}/api/v1`, { method: 'POST', headers, body: JSON.stringify(call) });
  return { status: response.status, text: await response.text() };
};

test('the state names tasks, executors and resources as Mesos does', async () => {
  const { master, agent, options } = await startTestAgent();
  const resources = [
    { name: 'cpus', type: 'SCALAR', scalar: { value: 0.1 } },
    { name: 'mem', type: 'SCALAR', scalar: { value: 32 } },
    { name: 'ports', type: 'RANGES', ranges: { range: [{ begin: 31_005, end: 31_005 }] } },
  ] as const;
  master.run(commandTask('t1', 'echo a long command; sleep 1000', { resources }));
  await stateOf(master, 't1', 'TASK_RUNNING');
  const state = await getJson(`${agent.url}/slave(1)/state`);
  expect(state).toMatchObject({
    version: '1.11.0',
    id: 'fake-master-S0',
    pid: `slave(1)@127.0.0.1:${new URL(agent.url).port}`,
    hostname: 'agent1',
    resources: { cpus: 2, mem: 1024, disk: 1000, gpus: 0, ports: '[31000-32000]' },
    unreserved_resources_allocated: { cpus: 0.1, mem: 32, disk: 0, gpus: 0, ports: '[31005-31005]' },
    attributes: { rack: 'abc', level: 10 },
    master_hostname: 'localhost',
    flags: { work_dir: options.workDir, attributes: 'rack:abc;level:10' },
    completed_frameworks: [],
    frameworks: [
      {
        id: 'fw-0',
        name: 'test',
        executors: [
          {
            id: 't1',
            name: "Command Executor (Task: t1) (Command: sh -c 'echo a long ...)",
            tasks: [{ id: 't1', executor_id: '', slave_id: 'fake-master-S0', state: 'TASK_RUNNING' }],
          },
        ],
        completed_executors: [],
      },
    ],
  });
  expect(state.frameworks[0].executors[0].tasks[0].statuses).toMatchObject([
    { state: 'TASK_STARTING' },
    { state: 'TASK_RUNNING' },
  ]);
  expect(Object.values(state.flags as object).every((value) => typeof value === 'string')).toBe(true);
});

test('containers and statistics tell what a task uses', async () => {
  const { master, agent } = await startTestAgent();
  master.run(commandTask('t1', 'sleep 1000'));
  const { container_status: status } = await stateOf(master, 't1', 'TASK_RUNNING');
  const [container] = await getJson(`${agent.url}/containers`);
  const { container_id: id, executor_pid: processId } = status as { container_id: object; executor_pid: number };
  expect(container).toMatchObject({
    executor_id: 't1',
    framework_id: 'fw-0',
    source: 't1',
    status: { container_id: id, executor_pid: processId },
    statistics: { cpus_soft_limit: 0.1, mem_limit_bytes: 33_554_432 },
  });
  expect(container.statistics.mem_rss_bytes).toBeGreaterThan(0);
  expect(await getJson(`${agent.url}/monitor/statistics`)).toHaveLength(1);
  const metrics = await getJson(`${agent.url}/metrics/snapshot`);
  expect(metrics).toMatchObject({ 'slave/registered': 1, 'slave/tasks_running': 1, 'slave/cpus_used': 0.1 });
});

test('health and version answer', async () => {
  const { agent } = await startTestAgent();
  const health = await fetch(`${agent.url}/health`);
  expect([health.status, await health.text()]).toEqual([200, '']);
  expect(await getJson(`${agent.url}/version`)).toMatchObject({ version: '1.11.0' });
});

test('the operator API answers in the form of Mesos', async () => {
  const { master, agent } = await startTestAgent();
  master.run(commandTask('t1', 'exit 0'));
  await stateOf(master, 't1', 'TASK_FINISHED');
  const call = async (type: string): Promise<Loose> => parseLoosely((await operatorCall(agent.url, { type })).text);
  expect(await call('GET_HEALTH')).toEqual({ type: 'GET_HEALTH', get_health: { healthy: true } });
  expect(await call('GET_AGENT')).toMatchObject({
    get_agent: { agent_info: { hostname: 'agent1', id: { value: 'fake-master-S0' } } },
  });
  expect((await call('GET_FLAGS')).get_flags.flags).toContainEqual({ name: 'hostname', value: 'agent1' });
  await waitFor(async () => {
    const { completed_tasks: tasks } = (await call('GET_TASKS')).get_tasks;
    expect(tasks).toMatchObject([
      { name: 't1', task_id: { value: 't1' }, state: 'TASK_FINISHED', status_update_state: 'TASK_FINISHED' },
    ]);
  });
  expect(Object.keys((await call('GET_STATE')).get_state as object)).toEqual([
    'get_tasks',
    'get_executors',
    'get_frameworks',
  ]);
  expect((await call('GET_CONTAINERS')).get_containers.containers).toEqual([]);
});

test('calls that are none are refused', async () => {
  const { agent } = await startTestAgent();
  const noType = "Failed to validate agent::Call: Expecting 'type' to be present";
  for (const [call, text] of [
    [{}, noType],
    [{ type: null }, noType],
    [{ type: 'nope' }, noType],
    [{ type: 'CONSTRUCTOR' }, noType],
    [null, 'Expecting a JSON object'],
    [[], 'Expecting a JSON object'],
    [{ type: 5 }, "Not expecting a JSON number for field 'type'"],
    [{ type: 'GET_METRICS' }, "Failed to validate agent::Call: Expecting 'get_metrics' to be present"],
  ] as const) {
    expect(await operatorCall(agent.url, call)).toEqual({ status: 400, text });
  }
  expect((await operatorCall(agent.url, { type: 'MARK_RESOURCE_PROVIDER_GONE' })).status).toBe(501);
  const form = await fetch(`${agent.url}/api/v1`, { method: 'POST', body: '{"type":"GET_STATE"}' });
  expect(form.status).toBe(415);
  const headers = { 'Content-Type': 'application/json', Accept: 'text/html' };
  const page = await fetch(`${agent.url}/api/v1`, { method: 'POST', headers, body: '{"type":"GET_HEALTH"}' });
  expect([page.status, await page.text()]).toEqual([
    406,
    "Expecting 'Accept' to allow application/json or application/x-protobuf or application/recordio",
  ]);
  expect((await fetch(`${agent.url}/state`, { headers: { Origin: 'http://evil.example' } })).status).toBe(403);
});

test.each(['/state', '/slave(1)/state', '/monitor/statistics', '/containers', '/files/debug', '/flags', '/version'])(
  'a page of Mesos asks for %s as a script',
  async (path) => {
    const { agent, master } = await startTestAgent();
    const { hostname } = new URL(master.candidate.url);
    const page = { 'Sec-Fetch-Site': 'cross-site', Referer: `http://${hostname}:5050/` };
    const answer = await fetch(`${agent.url}${path}?jsonp=cb`, { headers: page });
    expect(answer.headers.get('content-type')).toBe('text/javascript');
    const json = /^cb\((.*)\)$/s.exec(await answer.text())?.[1] ?? '';
    expect(typeof JSON.parse(json)).toBe('object');
  },
);

test('a path below an endpoint is the endpoint', async () => {
  const { agent } = await startTestAgent();
  const status = async (path: string) => (await fetch(`${agent.url}${path}`)).status;
  const paths = [
    '/slave(1)/state/x',
    '/state/x',
    '/slave%281%29/state',
    '/slave/state',
    '/slave(2)/state',
    '/nope',
    '/',
  ];
  expect(await Promise.all(paths.map(status))).toEqual([200, 200, 200, 404, 404, 404, 404]);
});
