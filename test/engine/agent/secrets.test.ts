import { readFileSync, statSync } from 'node:fs';
import { expect, test } from 'vitest';
import { launchOf } from '../../../engine/agent/executors/custom/executor-launch.ts';
import { newExecutor } from '../../../engine/agent/tasks/task-record.ts';
import type { EnvironmentVariable, Json } from '../../../protocol/mesos.ts';
import { agentOptions, commandTask, getJson, sandboxOf, startTestAgent, stateOf, world } from './running-agent.ts';

const secretOf = (value: string): Json => ({
  type: 'VALUE',
  value: { data: Buffer.from(value).toString('base64') },
});
const reference: Json = { type: 'REFERENCE', reference: { name: 'db/password' } };
const command = (value: string, ...variables: readonly EnvironmentVariable[]) => ({
  command: { value, environment: { variables } },
});
const file = (container_path: string, secret: Json) => ({
  container: {
    type: 'MESOS',
    volumes: [{ mode: 'RO', container_path, source: { type: 'SECRET', secret } }],
  } as const,
});
const unresolved = 'Failed to launch container: Collect failed: Default secret resolver cannot resolve references';

test('a secret with a value is a variable of its task, and is not shown in what the agent says of it', async () => {
  const { master, agent } = await startTestAgent();
  const variables = [
    { name: 'PW', type: 'SECRET', secret: secretOf('geheim ä') },
    { name: 'A', value: 'b' },
  ] as const;
  master.run(commandTask('t', '', command('echo $PW $A', ...variables)));
  await stateOf(master, 't', 'TASK_FINISHED');
  expect(readFileSync(`${await sandboxOf(agent.url, 't')}/stdout`, 'utf8')).toBe('geheim ä b\n');
  expect(JSON.stringify(await getJson(`${agent.url}/state`))).not.toContain('geheim');
});

test('a secret with a value is a file of the sandbox that only its owner reads', async () => {
  const { master, agent } = await startTestAgent();
  master.run(commandTask('t', 'cat path/to/password', file('path/to/password', secretOf('geheim'))));
  await stateOf(master, 't', 'TASK_FINISHED');
  const sandbox = await sandboxOf(agent.url, 't');
  expect(readFileSync(`${sandbox}/stdout`, 'utf8')).toBe('geheim');
  expect((statSync(`${sandbox}/path/to/password`).mode & 0o777).toString(8)).toBe('600');
});

test.each([
  ['a variable', command('true', { name: 'PW', type: 'SECRET', secret: reference })],
  ['a file', file('password', reference)],
])('a task with %s that refers to a store fails, as with the default resolver of a real agent', async (_, fields) => {
  const { master } = await startTestAgent();
  master.run(commandTask('t', 'true', fields));
  expect(await stateOf(master, 't', 'TASK_FAILED')).toMatchObject({
    message: unresolved,
    reason: 'REASON_CONTAINER_LAUNCH_FAILED',
    source: 'SOURCE_AGENT',
  });
});

test('an executor has the secrets of its command, too', () => {
  const agent = agentOptions({ candidate: { id: '', url: '', hostname: '' } });
  const identity = { frameworkId: 'fw', agentId: 'S0', containerId: 'c', directory: '/sandbox' };
  const start = (secret: Json) => {
    const info = { executor_id: { value: 'e' }, ...command('x', { name: 'PW', type: 'SECRET', secret }) };
    const framework = { user: '', name: '' };
    return launchOf(newExecutor({ ...identity, info }), framework, {
      ...{ agent, world, address: { host: '127.0.0.1', port: 5051 } },
    });
  };
  expect(start(secretOf('geheim')).task.command?.environment).toEqual({ variables: [{ name: 'PW', value: 'geheim' }] });
  expect(() => start(reference)).toThrow(unresolved);
});
