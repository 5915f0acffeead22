import { once } from 'node:events';
import { expect, onTestFinished, test } from 'vitest';
import { protobufCodec } from '../../../protocol/protobuf/codec.ts';
import { RecordIoDecoder } from '../../../protocol/record-io.ts';
import { small, startExecutorCluster } from '../agent/executors/executor-cluster.ts';
import { waitFor } from '../agent/running-agent.ts';
import { bothProtobuf, openAnswer, post } from './bytes-over-http.ts';

test('an executor that speaks protobuf runs a task', async () => {
  const cluster = await startExecutorCluster();
  const offer = await cluster.framework.takeOffer();
  const executor = { executor_id: { value: 'e' }, command: { value: 'sleep 1000' }, resources: small };
  const info = {
    name: 't',
    task_id: { value: 't' },
    agent_id: offer.agent_id,
    resources: small,
    executor,
    data: 'aGk=',
  };
  await cluster.accept(offer, { type: 'LAUNCH', launch: { task_infos: [info] } });
  const names = { executor_id: { value: 'e' }, framework_id: { value: cluster.framework.frameworkId } };
  const url = `${cluster.agentUrl()}/api/v1/executor`;
  const encoded = (call: object) => ({
    body: protobufCodec.encode('executor.Call', { ...names, ...call }),
    headers: bothProtobuf,
  });
  await waitFor(async () => {
    expect((await cluster.agentState()).frameworks).toHaveLength(1);
  });
  const stream = await openAnswer(url, encoded({ type: 'SUBSCRIBE', subscribe: {} }));
  onTestFinished(() => {
    stream.destroy();
  });
  expect(stream.headers['content-type']).toBe('application/x-protobuf');
  const decoder = new RecordIoDecoder();
  const events: unknown[] = [];
  stream.on('error', () => undefined);
  stream.on('data', (bytes: Buffer) => {
    for (const record of decoder.pushBytes(bytes)) events.push(protobufCodec.decode('executor.Event', record));
  });
  await once(stream, 'data');
  await waitFor(() => {
    expect(events).toMatchObject([
      { type: 'SUBSCRIBED', subscribed: { agent_info: { hostname: 'agent1' } } },
      { type: 'LAUNCH', launch: { task: { task_id: { value: 't' }, data: 'aGk=' } } },
    ]);
  });
  const uuid = Buffer.alloc(16, 7).toString('base64');
  const status = { task_id: { value: 't' }, state: 'TASK_RUNNING', source: 'SOURCE_EXECUTOR', uuid, data: 'eW8=' };
  expect(await post(url, encoded({ type: 'UPDATE', update: { status } }))).toMatchObject({ status: 202 });
  expect(await cluster.statusOf('t', 'TASK_RUNNING')).toMatchObject({ uuid, data: 'eW8=' });
  await waitFor(() => {
    expect(events[2]).toEqual({ type: 'ACKNOWLEDGED', acknowledged: { task_id: { value: 't' }, uuid } });
  });
});
