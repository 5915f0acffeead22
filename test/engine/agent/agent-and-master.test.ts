import { expect, onTestFinished, test } from 'vitest';
import { startAgent } from '../../../engine/agent/start-agent.ts';
import { inMemoryDiscovery } from '../../../engine/discovery/in-memory-discovery.ts';
import { startMaster } from '../../../engine/master/start-master.ts';
import { RecordIoDecoder } from '../../../protocol/record-io.ts';
import { agentOptions, commandTask, getJson, parseLoosely, waitFor, world, type Loose } from './running-agent.ts';

/** A framework that speaks raw HTTP: it notes all events and acknowledges all updates. */
async function subscribe(master: string) {
  const headers = { 'Content-Type': 'application/json' };
  const call = (body: object, more: Record<string, string> = {}) =>
    fetch(`${master}/api/v1/scheduler`, {
      method: 'POST',
      headers: { ...headers, ...more },
      body: JSON.stringify(body),
    });
  const framework = { user: 'root', name: 'raw', roles: ['*'], capabilities: [{ type: 'MULTI_ROLE' }] };
  const stream = await call({ type: 'SUBSCRIBE', subscribe: { framework_info: framework } });
  const streamId = stream.headers.get('Mesos-Stream-Id') ?? '';
  const events: Loose[] = [];
  let frameworkId: Loose;
  const send = async (body: object) => {
    const answer = await call({ ...body, framework_id: frameworkId }, { 'Mesos-Stream-Id': streamId });
    expect(answer.status).toBe(202);
  };
  const take = (event: Loose) => {
    events.push(event);
    if (event.type === 'SUBSCRIBED') frameworkId = event.subscribed.framework_id;
    const { status } = event.update ?? {};
    if (status?.uuid === undefined) return;
    const { agent_id, task_id, uuid } = status;
    void send({ type: 'ACKNOWLEDGE', acknowledge: { agent_id, task_id, uuid } });
  };
  const follow = async () => {
    const decoder = new RecordIoDecoder();
    for await (const bytes of stream.body ?? [])
      decoder
        .push(bytes as Uint8Array)
        .map(parseLoosely)
        .forEach(take);
  };
  follow().catch(() => undefined);
  const updates = (taskId: string) =>
    events.flatMap(({ update }) => (update?.status.task_id.value === taskId ? [update.status.state as string] : []));
  return { events, send, updates };
}

test('with the real master: registered, offered, launched, killed', async () => {
  const discovery = inMemoryDiscovery();
  const log = () => undefined;
  const masterOptions = { host: '127.0.0.1', port: 0, hostname: 'localhost', cluster: 'test', quorum: 1, discovery };
  const master = await startMaster({ ...masterOptions, flags: {} }, { log });
  const agent = await startAgent(
    agentOptions({ candidate: { id: '', url: '', hostname: '' } }, { masters: discovery }),
    world,
  );
  onTestFinished(async () => {
    await agent.stop();
    await master.stop();
  });
  await waitFor(async () => {
    expect((await getJson(`${master.url}/slaves`)).slaves).toMatchObject([{ hostname: 'agent1', active: true }]);
  });
  const framework = await subscribe(master.url);
  let offer: Loose;
  await waitFor(() => {
    offer = framework.events.find(({ type }) => type === 'OFFERS')?.offers.offers[0];
    expect(offer).toBeDefined();
  });
  const tasks = [commandTask('runs', 'sleep 1000'), commandTask('ends', 'exit 0')];
  const taskInfos = tasks.map((task) => ({ ...task, agent_id: offer.agent_id }));
  const operations = [{ type: 'LAUNCH', launch: { task_infos: taskInfos } }];
  await framework.send({ type: 'ACCEPT', accept: { offer_ids: [offer.id], operations, filters: {} } });
  await waitFor(() => {
    expect(framework.updates('ends')).toEqual(['TASK_STARTING', 'TASK_RUNNING', 'TASK_FINISHED']);
    expect(framework.updates('runs')).toEqual(['TASK_STARTING', 'TASK_RUNNING']);
  });
  await framework.send({ type: 'KILL', kill: { task_id: { value: 'runs' } } });
  await waitFor(() => {
    expect(framework.updates('runs').at(-1)).toBe('TASK_KILLED');
  });
});
