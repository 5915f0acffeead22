import { Agent } from 'node:http';
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { encodeMessage } from '../../../protocol/protobuf/encode-message.ts';
import { anyMessage } from '../../protocol/protobuf/any-message.ts';
import { harmlessProcesses } from '../../fuzz/harmless-processes.ts';
import { startTestAgent } from '../agent/running-agent.ts';
import { startFakeAgent } from '../master/fake-agent.ts';
import { startLeader } from '../master/master-for-test.ts';
import { commandTask, fetchJson, subscribe } from '../scheduler-client.ts';
import { bothProtobuf, post } from './bytes-over-http.ts';
import { trials } from '../../support/trials.ts';

type CallName = 'scheduler.Call' | 'master.Call' | 'agent.Call';

/** Calls with some bytes changed, some cut off, and some that are no calls at all. */
const brokenCalls = (name: CallName): fc.Arbitrary<Uint8Array> => {
  const changes = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 6 });
  // Making a message takes longer than all that is done with it here.
  const messages = fc.constantFrom(...fc.sample(anyMessage(name), { numRuns: 150, seed: 1 }));
  const changed = fc.tuple(messages, changes, fc.nat(), fc.boolean()).map(([message, all, end, isCut]) => {
    const bytes = encodeMessage(name, message);
    for (const [at, byte] of all) if (bytes.length > 0) bytes[at % bytes.length] = byte;
    return isCut ? bytes.subarray(0, end % (bytes.length + 1)) : bytes;
  });
  return fc.oneof({ weight: 3, arbitrary: changed }, { weight: 1, arbitrary: fc.uint8Array({ maxLength: 300 }) });
};

/** Sends calls one after the other on one connection, and counts what they were answered with. */
async function sendAll(url: string, name: CallName, count: number): Promise<ReadonlyMap<number, number>> {
  const connection = new Agent({ keepAlive: true, maxSockets: 1 });
  onTestFinished(() => {
    connection.destroy();
  });
  // A framework that subscribes would never have its whole answer: such a call says here that it takes none.
  const headers = { ...bothProtobuf, ...(name === 'scheduler.Call' && { Accept: 'text/html' }) };
  const statuses = new Map<number, number>();
  for (const body of fc.sample(brokenCalls(name), { numRuns: count, seed: 1 })) {
    const { status, body: text } = await post(url, { body, headers, connection });
    statuses.set(status, (statuses.get(status) ?? 0) + 1);
    if (status === 400) expect(text.length).toBeGreaterThan(0);
    if (status === 500) expect(Buffer.from(text).toString('utf8')).toMatch(/[Cc]ontainer/);
  }
  return statuses;
}

/** Half as many to operators. */
const count = trials('REQUESTS', { usual: 300, thorough: 1000 });

const refusals = new Set([400, 403, 404, 406, 415, 501]);

test('broken calls in protobuf are refused, change nothing, and leave master and agent as they were', async () => {
  const { url } = await startLeader();
  const node = await startFakeAgent(url);
  const framework = await subscribe(url);
  const state = async (): Promise<unknown> => fetchJson(`${url}/api/v1`, { body: { type: 'GET_STATE' } });
  const offer = await framework.takeOffer();
  const before = await state();

  const ofScheduler = await sendAll(`${url}/api/v1/scheduler`, 'scheduler.Call', count);
  expect([...ofScheduler.keys()].filter((status) => !refusals.has(status))).toEqual([]);
  expect(ofScheduler.get(400)).toBeGreaterThan(0.7 * count);
  const ofMaster = await sendAll(`${url}/api/v1`, 'master.Call', count / 2);
  expect([...ofMaster.keys()].filter((status) => status !== 200 && !refusals.has(status))).toEqual([]);

  expect(await state()).toEqual(before);
  const { status } = await framework.launch([offer.id.value], [commandTask('t', node.agentId)]);
  expect(status).toBe(202);
  await node.take('RUN_TASK');
}, 60_000);

test('an agent refuses broken calls, too', async () => {
  const { agent } = await startTestAgent({}, true, [], harmlessProcesses);
  const statuses = await sendAll(`${agent.url}/api/v1`, 'agent.Call', count / 2);
  // 500: of a container that is not there.
  expect([...statuses.keys()].filter((status) => ![200, 500].includes(status) && !refusals.has(status))).toEqual([]);
  expect(statuses.get(400)).toBeGreaterThan(count / 4);
}, 60_000);
