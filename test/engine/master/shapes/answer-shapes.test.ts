import { expect, test } from 'vitest';
import { commandTask, fetchJson, fetchRaw, scalar, subscribe } from '../../scheduler-client.ts';
import { startFakeAgent } from '../fake-agent.ts';
import { eventually, startLeader } from '../master-for-test.ts';
import { callShapes, endpointShapes } from './mesos-shapes.ts';

type Shape = string | readonly Shape[] | { readonly [name: string]: Shape };

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isList = (shape: Shape | undefined): shape is readonly Shape[] => Array.isArray(shape);

/** What two items of a list have together, in the order in which it was first seen. */
function merge(a: Shape | undefined, b: Shape): Shape {
  if (isList(a) && isList(b)) {
    const [[first], [second]] = [a, b];
    return second === undefined ? a : [merge(first, second)];
  }
  if (!isRecord(a) || !isRecord(b)) return a ?? b;
  const merged: Record<string, Shape> = { ...a };
  for (const [name, shape] of Object.entries(b)) merged[name] = merge(merged[name], shape);
  return merged;
}

function shapeOf(value: unknown): Shape {
  if (Array.isArray(value)) return value.length === 0 ? [] : [value.map(shapeOf).reduce(merge)];
  if (isRecord(value)) return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, shapeOf(each)]));
  return typeof value;
}

/** The scene that the shapes describe. */
async function playScene(): Promise<string> {
  const { url } = await startLeader();
  const agent = await startFakeAgent(url, { attributes: [] });
  const container = { type: 'DOCKER', docker: { image: 'nginx', network: 'HOST', privileged: false } };
  const containerStatus = {
    container_id: { value: 'c1' },
    network_infos: [{ ip_addresses: [{ protocol: 'IPv4', ip_address: '127.0.0.1' }] }],
    executor_pid: 7,
  };
  const leaving = await subscribe(url);
  const staying = await subscribe(url);
  for (const [framework, taskId, fields] of [
    [leaving, 'done', {}],
    [staying, 'web', { command: { shell: false }, container }],
  ] as const) {
    await framework.call('REVIVE');
    const { offers } = (await framework.take('OFFERS')).offers;
    await framework.launch([offers[0].id.value], [commandTask(taskId, agent.agentId, fields)], 3600);
    await framework.call('SUPPRESS');
    for (const state of ['TASK_STARTING', 'TASK_RUNNING']) {
      await agent.report(framework.frameworkId, taskId, state, { container_status: containerStatus });
      await framework.acknowledge(await framework.takeUpdate(taskId, state));
    }
  }
  const message = 'Command exited with status 0';
  await agent.report(leaving.frameworkId, 'done', 'TASK_FINISHED', { container_status: containerStatus, message });
  await leaving.takeUpdate('done', 'TASK_FINISHED');
  await leaving.call('TEARDOWN');
  await eventually(async () => (await fetchJson(`${url}/state`)).completed_frameworks.length === 1);
  return url;
}

test('endpoints answer with the fields, types and order of a real master', async () => {
  const url = await playScene();
  for (const [path, shape] of Object.entries(endpointShapes)) {
    const variants = path === '/version' ? [path, `/master${path}`] : [path, `/master${path}`, `${path}.json`];
    for (const variant of variants) {
      const answer = await fetchRaw(`${url}${variant}`);
      expect(answer.headers['content-type'], variant).toBe('application/json');
      expect(JSON.stringify(shapeOf(JSON.parse(answer.body)), null, 1), variant).toBe(JSON.stringify(shape, null, 1));
    }
  }
});

test('calls of the operator API answer with the fields, types and order of a real master', async () => {
  const url = await playScene();
  for (const [type, shape] of Object.entries(callShapes)) {
    const body = { type, ...(type === 'GET_METRICS' ? { get_metrics: {} } : {}) };
    const answer = await fetchJson(`${url}/api/v1`, { body });
    const expected = { type: 'string', [type.toLowerCase()]: shape };
    expect(JSON.stringify(shapeOf(answer), null, 1), type).toBe(JSON.stringify(expected, null, 1));
    expect(answer.type).toBe(type);
  }
});

test('a task that a removed framework had finished stays finished, with the end of the framework noted', async () => {
  const url = await playScene();
  const [task] = (await fetchJson(`${url}/state`)).completed_frameworks[0].completed_tasks;
  expect(task).toMatchObject({ id: 'done', state: 'TASK_FINISHED' });
  const states = ['TASK_STARTING', 'TASK_RUNNING', 'TASK_FINISHED', 'TASK_KILLED'];
  expect(task.statuses).toMatchObject(states.map((state) => ({ state })));
  const [taskV1] = (await fetchJson(`${url}/api/v1`, { body: { type: 'GET_TASKS' } })).get_tasks.completed_tasks;
  expect(taskV1.status_update_state).toBe('TASK_FINISHED');
  expect(taskV1.statuses[3]).toMatchObject({ reason: 'REASON_FRAMEWORK_REMOVED', source: 'SOURCE_MASTER' });
});

test('labels, discovery, attributes and further fields of a task and a framework are shown as Mesos shows them', async () => {
  const { url } = await startLeader();
  const agent = await startFakeAgent(url, {
    attributes: [
      { name: 'rack', type: 'TEXT', text: { value: 'abc' } },
      { name: 'level', type: 'SCALAR', scalar: { value: 10 } },
    ],
  });
  const labels = { labels: [{ key: 'a', value: 'b' }] };
  const discovery = { visibility: 'FRAMEWORK', name: 'web', ports: { ports: [{ number: 31000, protocol: 'tcp' }] } };
  const framework = await subscribe(url, {
    name: 'marathon',
    webui_url: 'http://x:8080',
    hostname: 'x',
    checkpoint: true,
  });
  const { offers } = (await framework.take('OFFERS')).offers;
  await framework.launch([offers[0].id.value], [commandTask('t', agent.agentId, { labels, discovery })]);
  const { frameworks, slaves } = await fetchJson(`${url}/state`);
  expect(slaves[0].attributes).toEqual({ rack: 'abc', level: 10 });
  expect(frameworks[0]).toMatchObject({ webui_url: 'http://x:8080', hostname: 'x', checkpoint: true });
  expect(frameworks[0].tasks[0]).toMatchObject({ labels: labels.labels, discovery });
  const v1 = await fetchJson(`${url}/api/v1`, { body: { type: 'GET_TASKS' } });
  expect(v1.get_tasks.tasks[0]).toMatchObject({ labels, discovery });
});

test('tasks can be counted out, ordered and looked up; agents and frameworks, too', async () => {
  const { url } = await startLeader();
  const agent = await startFakeAgent(url);
  const framework = await subscribe(url);
  const { offers } = (await framework.take('OFFERS')).offers;
  const names = ['a', 'b', 'c'];
  await framework.launch(
    [offers[0].id.value],
    names.map((name) => commandTask(name, agent.agentId, { resources: [scalar('cpus', 0.1)] })),
  );
  for (const [index, name] of names.entries()) {
    await agent.report(framework.frameworkId, name, 'TASK_RUNNING', { timestamp: 1000 + index });
    await framework.takeUpdate(name);
  }
  const ids = async (query: string) => {
    const { tasks } = (await fetchJson(`${url}/tasks?${query}`)) as { tasks: readonly { id: string }[] };
    return tasks.map(({ id }) => id).join('');
  };
  expect(await ids('')).toBe('cba');
  expect(await ids('order=asc')).toBe('abc');
  expect(await ids('limit=1&offset=1')).toBe('b');
  expect(await ids('limit=many')).toBe('cba');
  expect(await ids('order=asc&limit=-1')).toBe('abc');
  expect(await ids('offset=2&limit=-1')).toBe('');
  expect(await ids('offset=-1')).toBe('');
  expect(await ids('task_id=b')).toBe('b');
  expect(await ids('framework_id=x')).toBe('');
  expect((await fetchJson(`${url}/slaves?slave_id=x`)).slaves).toEqual([]);
  expect((await fetchJson(`${url}/frameworks?framework_id=${framework.frameworkId}`)).frameworks).toHaveLength(1);
});

test('calls that there are not are refused as a real master does', async () => {
  const { url } = await startLeader();
  const ask = async (body: unknown, headers = {}) => fetchRaw(`${url}/api/v1`, { body, headers });
  const noType = "Failed to validate master::Call: Expecting 'type' to be present";
  expect(await ask({ type: 'NOPE' })).toMatchObject({ status: 400, body: noType });
  expect(await ask({ type: 'constructor' })).toMatchObject({ status: 400, body: noType });
  expect(await ask({})).toMatchObject({ status: 400, body: noType });
  expect(await ask({ type: 'GET_METRICS' })).toMatchObject({
    status: 400,
    body: "Failed to validate master::Call: Expecting 'get_metrics' to be present",
  });
  expect((await ask({ type: 'UNKNOWN' })).status).toBe(501);
  expect((await ask({ type: 'GET_STATE' }, { Accept: 'text/html' })).status).toBe(406);
  expect((await ask('{')).status).toBe(400);
  expect((await fetchRaw(`${url}/api/v1`)).status).toBe(405);
  expect((await fetchRaw(`${url}/nothing`)).status).toBe(404);
});
