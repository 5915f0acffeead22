import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { commandTask, fetchJson, fetchRaw, ports, scalar, schedulerUrl, subscribe } from '../scheduler-client.ts';
import type { TaskStatus } from '../../../protocol/mesos.ts';
import { startFakeAgent, type FakeAgent } from './fake-agent.ts';
import { eventually, startLeader } from './master-for-test.ts';
import { trials } from '../../support/trials.ts';

test('nonsense in calls is refused or without effect, and the master stays up', async () => {
  const log: string[] = [];
  const { url } = await startLeader({}, log);
  const agent = await startFakeAgent(url);
  const framework = await subscribe(url);
  const offer = (await framework.take('OFFERS')).offers.offers[0];
  const values = [null, true, -1, 1e308, '', 'x'.repeat(10_000), [], [[]], {}, { value: {} }, { __proto__: 1 }];
  const fields = ['subscribe', 'accept', 'decline', 'kill', 'acknowledge', 'reconcile', 'framework_id', 'type'];
  const types = ['SUBSCRIBE', 'ACCEPT', 'DECLINE', 'KILL', 'ACKNOWLEDGE', 'RECONCILE', 'TEARDOWN', 'UNKNOWN'];
  for (const type of types) {
    for (const value of values) {
      const body = {
        type,
        framework_id: { value: 'x' },
        ...Object.fromEntries(fields.slice(0, 6).map((f) => [f, value])),
      };
      const { status } = await fetchRaw(schedulerUrl(url), { body });
      expect(status, JSON.stringify(body)).toBe(400);
    }
  }
  for (const field of ['resources', 'task_id', 'command', 'container', 'labels', 'kill_policy', 'agent_id']) {
    for (const value of values) {
      const task = commandTask('odd', agent.agentId, { [field]: value });
      const { status } = await framework.launch([offer.id.value], [task], 0);
      expect([202, 400], `${field} ${JSON.stringify(value)}`).toContain(status);
    }
  }
  for (const resources of [[ports()], [{ name: 'ports', type: 'RANGES', ranges: {} }], [{ name: 'x', type: 'SET' }]]) {
    await framework.launch([offer.id.value], [commandTask('odd', agent.agentId, { resources })], 0);
  }
  expect((await fetchRaw(`${url}/health`)).status).toBe(200);
  expect((await fetchJson(`${url}/state`)).activated_slaves).toBe(1);
  expect(log.filter((line) => line.includes('Error'))).toEqual([]);
});

test('bodies that are too large are refused', async () => {
  const { url } = await startLeader();
  const { status } = await fetchRaw(schedulerUrl(url), { body: `"${'x'.repeat(17 * 1024 * 1024)}"` }).catch(() => ({
    status: 413,
  }));
  expect(status).toBe(413);
  expect((await fetchRaw(`${url}/health`)).status).toBe(200);
});

test('a framework that vanishes or reads nothing harms no other', async () => {
  const { url } = await startLeader({ heartbeatIntervalMs: 5 });
  const { port } = new URL(url);
  const body = JSON.stringify({ type: 'SUBSCRIBE', subscribe: { framework_info: { user: 'x', name: 'deaf' } } });
  const deaf = connect(Number(port), '127.0.0.1', () => {
    const head = 'POST /api/v1/scheduler HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n';
    deaf.write(`${head}Content-Length: ${body.length}\r\n\r\n${body}`);
  });
  deaf.pause();
  deaf.on('error', () => undefined);
  await eventually(async () => (await fetchJson(`${url}/state`)).frameworks.length === 1);
  const framework = await subscribe(url);
  await startFakeAgent(url);
  for (let count = 0; count < 5; count += 1) await framework.take('HEARTBEAT');
  deaf.resetAndDestroy();
  await eventually(async () => (await fetchJson(`${url}/state`)).frameworks.length === 1);
  await framework.take('OFFERS');
});

test('completed tasks and frameworks are bounded', async () => {
  const { url } = await startLeader({ maxCompletedFrameworks: 2, maxCompletedTasks: 3 });
  const agent = await startFakeAgent(url);
  const framework = await subscribe(url);
  const offer = (await framework.take('OFFERS')).offers.offers[0];
  const ids = ['a', 'b', 'c', 'd', 'e'];
  await framework.launch(
    [offer.id.value],
    ids.map((id) => commandTask(id, agent.agentId)),
  );
  for (const id of ids) {
    await agent.report(framework.frameworkId, id, 'TASK_FINISHED');
    await framework.acknowledge(await framework.takeUpdate(id));
  }
  const { completed_tasks: tasks } = (await fetchJson(`${url}/state`)).frameworks[0];
  expect(tasks).toMatchObject([{ id: 'c' }, { id: 'd' }, { id: 'e' }]);
  for (let count = 0; count < 4; count += 1) await (await subscribe(url)).call('TEARDOWN');
  expect((await fetchJson(`${url}/state`)).completed_frameworks).toHaveLength(2);
});

/** Each runs ten tasks. */
const agentCount = trials('AGENTS', { usual: 40, thorough: 200 });

test(`${agentCount} agents and ten tasks on each: every task runs once, ends once, and gives back what it had`, async () => {
  const { url } = await startLeader();
  const agents: FakeAgent[] = [];
  for (let group = 0; group < agentCount / 20; group += 1) {
    agents.push(...(await Promise.all(Array.from({ length: 20 }, () => startFakeAgent(url)))));
  }
  const framework = await subscribe(url);
  let done = 0;
  framework.onEvent((event) => {
    if (event.type !== 'UPDATE') return;
    const status: TaskStatus = event.update.status;
    void framework.acknowledge(status).then(() => {
      if (status.state === 'TASK_FINISHED') done += 1;
    });
  });
  for (const agent of agents) {
    agent.onEvent((event) => {
      if (event.type !== 'RUN_TASK') return;
      const taskId: string = event.run_task.task.task_id.value;
      void agent
        .report(framework.frameworkId, taskId, 'TASK_RUNNING')
        .then(() => agent.report(framework.frameworkId, taskId, 'TASK_FINISHED'));
    });
  }
  const launched = new Set<string>();
  while (launched.size < agents.length) {
    for (const offer of (await framework.take('OFFERS')).offers.offers) {
      const agentId: string = offer.agent_id.value;
      const tasks = Array.from({ length: 10 }, (_, index) =>
        commandTask(`${agentId}-${index}`, agentId, {
          resources: [scalar('cpus', 0.1), scalar('mem', 32), ports([31000 + index, 31000 + index])],
        }),
      );
      launched.add(agentId);
      await framework.launch([offer.id.value], tasks, 3600);
    }
    await framework.call('SUPPRESS');
    if (launched.size < agents.length) await framework.call('REVIVE');
  }
  await eventually(() => done === 10 * agentCount, 60_000);
  const { slaves, frameworks } = await fetchJson(`${url}/state`);
  expect(frameworks[0]).toMatchObject({ tasks: [], used_resources: { cpus: 0, mem: 0 } });
  expect(frameworks[0].completed_tasks).toHaveLength(Math.min(1000, 10 * agentCount));
  for (const { used_resources: used } of slaves) expect(used).toEqual({ disk: 0, mem: 0, gpus: 0, cpus: 0 });
  const metrics = await fetchJson(`${url}/metrics/snapshot`);
  expect(metrics).toMatchObject({ 'master/tasks_finished': 10 * agentCount, 'master/slaves_active': agentCount });
  const ran = agents.map(({ events }) => events.filter(({ type }) => type === 'RUN_TASK').length);
  expect(ran).toEqual(ran.map(() => 10));
}, 90_000);
