import { beforeEach, describe, expect, test } from 'vitest';
import {
  commandTask,
  fetchRaw,
  ports,
  scalar,
  subscribe,
  type Loose,
  type SchedulerClient,
} from '../scheduler-client.ts';
import { startFakeAgent, type FakeAgent } from './fake-agent.ts';
import { startLeader } from './master-for-test.ts';

/* What a real master (1.12) answered to the same JSON. */

const small = [scalar('cpus', 0.1), scalar('mem', 32)];
const portsOf = (begin: unknown, end: unknown) => ({
  name: 'ports',
  type: 'RANGES',
  ranges: { range: [{ begin, end }] },
});
const conversion = (text: string) => `Failed to convert JSON into Call protobuf: ${text}`;

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
    ['null for a message', { executor: null }, {}],
    ['null for other fields', { labels: null, container: null, data: null }, {}],
    ['null in a list', { resources: [...small, null] }, {}],
    ['null deep inside', { command: { value: 'true', environment: null } }, { command: { value: 'true' } }],
    ['one item for a list', { resources: scalar('cpus', 0.1) }, {}],
    ['strings for numbers', { resources: [...small, portsOf('31005', '31005')] }, {}],
    ['integers with a point', { command: { value: 'x' }, resources: [...small, portsOf(31_005.0, 31_005)] }, {}],
    ['a string for a double', { resources: [{ ...scalar('cpus', 0), scalar: { value: '0.1' } }, small[1]] }, {}],
    ['a string for a bool', { command: { value: 'true', shell: 'true' } }, { command: { value: 'true', shell: true } }],
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

  const at = 'accept.operations[0].launch.task_infos[0]';
  test.each<[string, object, string]>([
    ['null for a required field', { name: null }, `Missing required fields: ${at}.name`],
    [
      'another spelling of it',
      { task_id: undefined, taskId: { value: 't' } },
      `Missing required fields: ${at}.task_id`,
    ],
    ['a number for a string', { name: 5 }, "Not expecting a JSON number for field 'name'"],
    ['a bool for a string', { name: true }, "Not expecting a JSON boolean for field 'name'"],
    ['a list for a message', { command: [{ value: 'true' }] }, "Not expecting a JSON array for field 'command'"],
    ['a string for a message', { task_id: 'x' }, "Not expecting a JSON string for field 'task_id'"],
    ['a number for a bool', { command: { value: 'x', shell: 1 } }, "Not expecting a JSON number for field 'shell'"],
    [
      'a word for a bool',
      { command: { value: 'x', shell: 'yes' } },
      "Failed to parse 'yes' as a JSON boolean for field 'shell': syntax error at line 1 near: yes",
    ],
    [
      'a word for a double',
      { resources: [{ ...scalar('cpus', 0), scalar: { value: 'abc' } }] },
      "Failed to parse 'abc' as a JSON number for field 'value': syntax error at line 1 near: abc",
    ],
    [
      'a number for an enum',
      { resources: [{ name: 'cpus', type: 0 }] },
      "Not expecting a JSON number for field 'type'",
    ],
    ['an enum in lower case', { resources: [{ name: 'cpus', type: 'scalar' }] }, "Failed to find enum for 'scalar'"],
    ['an unknown required enum', { container: { type: 'NOPE' } }, "Failed to find enum for 'NOPE'"],
    ['what is not base64', { data: '%%' }, "Failed to base64 decode bytes field 'data': Invalid character '%'"],
  ])('may not have %s', async (_, fields, text) => {
    expect(await launch(fields)).toMatchObject({ status: 400, body: conversion(text) });
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
  const noType = "Failed to validate master::Call: Expecting 'type' to be present";
  const syntax = (text: string) => `Failed to parse body into JSON: ${text}`;
  test.each<[string, number, string]>([
    ['{"type":"GET_HEALTH","nope":1}', 200, '{"type":"GET_HEALTH","get_health":{"healthy":true}}'],
    ['{"type":"GET_HEALTH"}\n', 200, '{"type":"GET_HEALTH","get_health":{"healthy":true}}'],
    [String.raw`{"type":"GET_\u0048EALTH"}`, 200, '{"type":"GET_HEALTH","get_health":{"healthy":true}}'],
    ['{"type":"get_health"}', 400, noType],
    ['{"type":"NOPE"}', 400, noType],
    ['{"type":null}', 400, noType],
    ['{}', 400, noType],
    ['{"type":1}', 400, conversion("Not expecting a JSON number for field 'type'")],
    ['[]', 400, conversion('Expecting a JSON object')],
    ['"GET_HEALTH"', 400, conversion('Expecting a JSON object')],
    ['null', 400, conversion('Expecting a JSON object')],
    ['', 400, syntax('syntax error at line 1 near: ')],
    ['   ', 400, syntax('syntax error at line 1 near: ')],
    ['{"type":"GET_HEALTH"} x', 400, syntax('Parsed JSON included non-whitespace trailing characters:  x')],
    ['{type:"GET_HEALTH"}', 400, syntax('syntax error at line 1 near: type:"GET_HEALTH"}')],
    ["{'type':'GET_HEALTH'}", 400, syntax("syntax error at line 1 near: 'type':'GET_HEALTH'}")],
    ['{"type":"GET_HEALTH",}', 400, syntax('syntax error at line 1 near: }')],
    ['{"type":"GET_HEALTH" /* c */}', 400, syntax('syntax error at line 1 near: /* c */}')],
  ])('%j is answered %i', async (body, status, text) => {
    const headers = { 'Content-Type': 'application/json' };
    expect(await fetchRaw(`${url}/api/v1`, { method: 'POST', body, headers })).toMatchObject({ status, body: text });
  });
});
