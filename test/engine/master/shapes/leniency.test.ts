import { beforeEach, describe, expect, test } from 'vitest';
import { callBodies, notConverted, portsOf, refusedFields, small, takenFields } from '../../leniency-cases.ts';
import {
  commandTask,
  fetchRaw,
  ports,
  scalar,
  subscribe,
  type Loose,
  type SchedulerClient,
} from '../../scheduler-client.ts';
import { startFakeAgent, type FakeAgent } from '../fake-agent.ts';
import { startLeader } from '../master-for-test.ts';

/* What a real master (1.12) answered to the same JSON. */

let url: string;
beforeEach(async () => {
  url = (await startLeader()).url;
});

describe('a task that is launched', () => {
  let framework: SchedulerClient;
  let agent: FakeAgent;
  const launch = async (fields: object) => {
    agent = await startFakeAgent(url);
    framework = await subscribe(url);
    const offer = await framework.takeOffer();
    return framework.launch([offer.id.value], [commandTask('t', agent.agentId, fields)]);
  };
  const launched = async (): Promise<Loose> => (await agent.take('RUN_TASK')).run_task.task;

  test.each<[string, object, object]>([
    ...takenFields,
    ['null deep inside', { command: { value: 'true', environment: null } }, { command: { value: 'true' } }],
    ['one item for a list', { resources: scalar('cpus', 0.1) }, {}],
    ['strings for numbers', { resources: [...small, portsOf('31005', '31005')] }, {}],
    ['integers with a point', { command: { value: 'x' }, resources: [...small, portsOf(31_005.0, 31_005)] }, {}],
    ['bytes without padding', { data: 'aGk' }, { data: 'aGk' }],
  ])('may have %s', async (_, fields, expected) => {
    expect((await launch(fields)).status).toBe(202);
    const task = await launched();
    expect(task).toMatchObject({ name: 't', ...expected });
    expect(JSON.stringify(task)).not.toContain('null');
    expect(task.resources[0]).toMatchObject({ name: 'cpus', scalar: { value: 0.1 } });
    if (task.resources.length > 2) expect(task.resources[2]).toMatchObject(ports([31_005, 31_005]));
  });

  test('keeps none of the fields that Mesos does not have', async () => {
    const fields = { command: { value: 'true', foo: { bar: [1] } }, no_such_field: 1 };
    expect((await launch({ ...fields, task_id: { value: 't', x: null, y: 1 } })).status).toBe(202);
    const task = await launched();
    expect(task).toMatchObject({ task_id: { value: 't' }, command: { value: 'true' } });
    expect([task.no_such_field, task.command.foo, task.task_id.y]).toEqual([undefined, undefined, undefined]);
  });

  test.each(refusedFields)('may not have %s', async (_, fields, text) => {
    expect(await launch(fields)).toMatchObject({ status: 400, body: notConverted(text) });
  });

  test('uses no resources when they are null', async () => {
    await launch({ resources: null });
    expect(await framework.takeUpdate('t')).toMatchObject({ state: 'TASK_ERROR', message: 'Task uses no resources' });
  });
});

test('an operation of an unknown type is ignored beside a launch', async () => {
  const agent = await startFakeAgent(url);
  const framework = await subscribe(url);
  const offer = await framework.takeOffer();
  const operations = [{ type: 'FOO' }, { type: 'LAUNCH', launch: { task_infos: [commandTask('t', agent.agentId)] } }];
  const accept = { offer_ids: [offer.id], operations, filters: { refuse_seconds: '0.1' } };
  expect((await framework.call('ACCEPT', { accept })).status).toBe(202);
  expect((await agent.take('RUN_TASK')).run_task.task.task_id.value).toBe('t');
});

describe('an operator call', () => {
  test.each(callBodies)('%j is answered %i', async (body, status, text) => {
    const headers = { 'Content-Type': 'application/json' };
    expect(await fetchRaw(`${url}/api/v1`, { method: 'POST', body, headers })).toMatchObject({ status, body: text });
  });
});
