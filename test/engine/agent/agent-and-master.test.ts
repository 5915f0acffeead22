import { expect, onTestFinished, test } from 'vitest';
import type { AgentOptions } from '../../../engine/agent/agent-options.ts';
import { startAgent } from '../../../engine/agent/start-agent.ts';
import { inMemoryDiscovery } from '../../../engine/discovery/in-memory-discovery.ts';
import { startMaster } from '../../../engine/master/start-master.ts';
import type { TaskInfo } from '../../../protocol/mesos.ts';
import { RecordIoDecoder } from '../../../protocol/record-io.ts';
import { fakeDocker } from './fake-docker.ts';
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
  const capabilities = [{ type: 'MULTI_ROLE' }];
  const framework = { user: 'root', name: 'raw', roles: ['*'], capabilities, checkpoint: true };
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

/** A real master, a real agent and a framework that has launched tasks. */
async function startCluster(tasks: readonly TaskInfo[], more: Partial<AgentOptions> = {}) {
  const discovery = inMemoryDiscovery();
  const log = () => undefined;
  const masterOptions = { host: '127.0.0.1', port: 0, hostname: 'localhost', cluster: 'test', quorum: 1, discovery };
  const master = await startMaster({ ...masterOptions, flags: {} }, { log });
  const options = agentOptions(
    { candidate: { id: '', url: '', hostname: '' } },
    {
      masters: discovery,
      // Longer than a busy machine needs: an update that is sent twice comes twice.
      statusRetryMs: 10_000,
      ...more,
    },
  );
  let agent = await startAgent(options, world);
  const port = Number(new URL(agent.url).port);
  onTestFinished(async () => {
    await agent.stop();
    await master.stop();
  });
  const isRegistered = async () => {
    expect((await getJson(`${master.url}/slaves`)).slaves).toMatchObject([{ hostname: 'agent1', active: true }]);
  };
  await waitFor(isRegistered);
  const framework = await subscribe(master.url);
  let offer: Loose;
  await waitFor(() => {
    offer = framework.events.find(({ type }) => type === 'OFFERS')?.offers.offers[0];
    expect(offer).toBeDefined();
  });
  const taskInfos = tasks.map((task) => ({ ...task, agent_id: offer.agent_id }));
  const operations = [{ type: 'LAUNCH', launch: { task_infos: taskInfos } }];
  await framework.send({ type: 'ACCEPT', accept: { offer_ids: [offer.id], operations, filters: {} } });
  const restartAgent = async () => {
    await agent.stop();
    await waitFor(async () => {
      expect((await getJson(`${master.url}/slaves`)).slaves).toMatchObject([{ active: false }]);
    });
    agent = await startAgent({ ...options, port }, world);
    await waitFor(isRegistered);
  };
  return { master, framework, restartAgent };
}

test('with the real master: registered, offered, launched, killed', async () => {
  const { framework } = await startCluster([commandTask('runs', 'sleep 1000'), commandTask('ends', 'exit 0')]);
  await waitFor(() => {
    expect(framework.updates('ends')).toEqual(['TASK_STARTING', 'TASK_RUNNING', 'TASK_FINISHED']);
    expect(framework.updates('runs')).toEqual(['TASK_STARTING', 'TASK_RUNNING']);
  });
  await framework.send({ type: 'KILL', kill: { task_id: { value: 'runs' } } });
  await waitFor(() => {
    expect(framework.updates('runs').at(-1)).toBe('TASK_KILLED');
  });
});

test('with the real master an agent that is started again is the same one, and its containers run on', async () => {
  const { tasks } = fakeDocker();
  const container = { type: 'DOCKER', docker: { image: 'nginx', network: 'BRIDGE' } } as const;
  const { master, framework, restartAgent } = await startCluster(
    [commandTask('web', '', { command: { shell: false }, container }), commandTask('command', 'sleep 1000')],
    { dockerTasks: tasks, recovery: 'reconnect' },
  );
  await waitFor(() => {
    expect(framework.updates('web')).toEqual(['TASK_STARTING', 'TASK_RUNNING']);
    expect(framework.updates('command')).toEqual(['TASK_STARTING', 'TASK_RUNNING']);
  });
  const before = (await getJson(`${master.url}/slaves`)).slaves[0];
  await restartAgent();
  // The command ended with its agent.
  await waitFor(() => {
    expect(framework.updates('command').at(-1)).toBe('TASK_FAILED');
  });
  expect(framework.updates('web')).toEqual(['TASK_STARTING', 'TASK_RUNNING']);
  const after = (await getJson(`${master.url}/slaves`)).slaves[0];
  expect(after).toMatchObject({ id: before.id, registered_time: before.registered_time });
  expect(after.used_resources.cpus).toBe(0.1);
  await framework.send({ type: 'KILL', kill: { task_id: { value: 'web' } } });
  await waitFor(() => {
    expect(framework.updates('web').at(-1)).toBe('TASK_KILLED');
  });
});
