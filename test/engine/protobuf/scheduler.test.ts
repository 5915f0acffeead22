import { expect, onTestFinished, test } from 'vitest';
import { startAgent } from '../../../engine/agent/start-agent.ts';
import { inMemoryDiscovery } from '../../../engine/discovery/in-memory-discovery.ts';
import { agentOptions, world } from '../agent/running-agent.ts';
import { startFakeAgent } from '../master/fake-agent.ts';
import { startLeader } from '../master/master-for-test.ts';
import { commandTask, fetchJson, subscribe } from '../scheduler-client.ts';
import {
  bytesAt,
  numberAt,
  subscribeByNumbers,
  taskStates,
  textAt,
  type DocumentedFramework,
} from './documented-framework.ts';

async function framework(url: string, name = 'numbers'): Promise<DocumentedFramework> {
  const made = await subscribeByNumbers(url, name);
  onTestFinished(made.close);
  return made;
}

const offerOf = async ({ take }: DocumentedFramework): Promise<Uint8Array> =>
  bytesAt(await take('OFFERS'), 3, 1) ?? new Uint8Array();

/** Takes updates of a task, acknowledging each, until it is in a state; returns that status. */
async function takeState(made: DocumentedFramework, taskId: string, state: number): Promise<Uint8Array> {
  for (;;) {
    const status = bytesAt(await made.take('UPDATE'), 5, 1) ?? new Uint8Array();
    expect(textAt(status, 1, 1)).toBe(taskId);
    expect((await made.acknowledge(status)).status).toBe(202);
    if (numberAt(status, 2) === state) return status;
  }
}

test('a framework that speaks protobuf alone is offered an agent, and runs tasks on it', async () => {
  const masters = inMemoryDiscovery();
  const { url } = await startLeader({ discovery: masters });
  // An update that a busy machine sends twice comes twice.
  const options = agentOptions({ candidate: { id: '', url: '', hostname: '' } }, { masters, statusRetryMs: 10_000 });
  const agent = await startAgent(options, world);
  onTestFinished(agent.stop);
  const made = await framework(url);
  expect(made.contentType).toBe('application/x-protobuf');

  const offer = await offerOf(made);
  expect(textAt(offer, 4)).toBe('agent1');
  expect(await made.launch(offer, 'ends', 'exit 0')).toMatchObject({ status: 202 });
  const finished = await takeState(made, 'ends', taskStates.TASK_FINISHED);
  expect(textAt(finished, 4)).toBe('Command exited with status 0');

  expect(await made.launch(await offerOf(made), 'stays', 'sleep 1000')).toMatchObject({ status: 202 });
  await takeState(made, 'stays', taskStates.TASK_RUNNING);
  expect((await made.kill('stays')).status).toBe(202);
  await takeState(made, 'stays', taskStates.TASK_KILLED);
});

test('frameworks of JSON and of protobuf are served at a time, each in its own form', async () => {
  const { url } = await startLeader();
  const agent = await startFakeAgent(url);
  const byNumbers = await framework(url, 'in protobuf');
  await byNumbers.launch(await offerOf(byNumbers), 'protobuf', 'true');
  // What the first one left.
  const inJson = await subscribe(url, { name: 'in JSON' });
  await inJson.launch([(await inJson.takeOffer()).id.value], [commandTask('json', agent.agentId)]);
  const runs = [await agent.take('RUN_TASK'), await agent.take('RUN_TASK')];
  for (const { run_task: run } of runs) {
    expect(run.task.command.value).toBe(run.task.name === 'json' ? 'sleep 300' : 'true');
    await agent.report(String(run.framework_id.value), String(run.task.name), 'TASK_RUNNING');
  }
  expect((await inJson.takeUpdate('json')).state).toBe('TASK_RUNNING');
  await takeState(byNumbers, 'protobuf', taskStates.TASK_RUNNING);
  const { frameworks } = (await fetchJson(`${url}/state`)) as { frameworks: readonly { name: string }[] };
  expect(frameworks.map(({ name }) => name).sort()).toEqual(['in JSON', 'in protobuf']);
});
