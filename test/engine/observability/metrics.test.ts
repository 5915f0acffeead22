import { expect, test } from 'vitest';
import { startTestAgent } from '../agent/running-agent.ts';
import { startFakeAgent } from '../master/fake-agent.ts';
import { eventually, startLeader } from '../master/master-for-test.ts';
import { commandTask, fetchJson, fetchRaw, scalar, subscribe } from '../scheduler-client.ts';

/* Names of /metrics/snapshot of a real master and agent (1.12); values are what happens here. */

const percentiles = ['', '/count', '/max', '/min', '/p50', '/p90', '/p95', '/p99', '/p999', '/p9999'];

test('a master has the metrics of what there is', async () => {
  const { url } = await startLeader({ systemMetrics: () => ({ 'system/cpus_total': 2 }) });
  const agent = await startFakeAgent(url);
  const framework = await subscribe(url, { principal: 'me', role: 'dev' });
  const [offer] = await framework.takeOffers();
  const wrong = commandTask('wrong', agent.agentId, { resources: [scalar('cpus', 100)] });
  await framework.launch([offer?.id.value ?? ''], [commandTask('t1', agent.agentId), wrong]);
  await agent.report(framework.frameworkId, 't1', 'TASK_FAILED', { reason: 'REASON_CONTAINER_LAUNCH_FAILED' });
  await framework.takeUpdate('t1');
  const read = () => fetchJson(`${url}/metrics/snapshot?timeout=1secs`);
  // Of one run there is no statistic.
  await eventually(async () => (await read())['allocator/mesos/allocation_runs'] > 1);
  const metrics = await read();
  const own = `master/frameworks/test/${framework.frameworkId}`;
  expect(metrics).toMatchObject({
    'master/task_error/source_master/reason_task_invalid': 1,
    'master/task_failed/source_executor/reason_container_launch_failed': 1,
    'master/tasks_error': 1,
    'registrar/log/ensemble_size': 1,
    'registrar/queued_operations': 0,
    'system/cpus_total': 2,
    'frameworks/me/messages_received': 0,
    'frameworks/me/messages_processed': 0,
    [`${own}/events/inverse_offers`]: 0,
    [`${own}/events/rescind_inverse_offer`]: 0,
    [`${own}/operations/launch`]: 1,
    [`${own}/operations/launch_group`]: 0,
    [`${own}/operations/reserve`]: 0,
    [`${own}/tasks/active/task_unknown`]: 0,
  });
  const { 'allocator/mesos/allocation_runs': runs } = metrics as Readonly<Record<string, number>>;
  for (const each of percentiles) {
    expect(metrics).toHaveProperty([`allocator/mesos/allocation_run_ms${each}`]);
    expect(metrics).toHaveProperty([`allocator/mesos/allocation_run_latency_ms${each}`]);
  }
  expect(metrics['allocator/mesos/allocation_run_ms/count']).toBe(runs);
});

test('an agent has the metrics of what there is', async () => {
  const { agent } = await startTestAgent();
  const metrics = await fetchJson(`${agent.url}/metrics/snapshot`);
  const revocable = ['cpus', 'disk', 'gpus', 'mem'].flatMap((name) =>
    ['percent', 'total', 'used'].map((figure) => [`slave/${name}_revocable_${figure}`, 0] as const),
  );
  expect(metrics).toMatchObject({
    ...Object.fromEntries(revocable),
    'slave/container_launch_errors': 0,
    'slave/executors_preempted': 0,
    'slave/tasks_gone': 0,
  });
});

test.each([
  ['1secs', 200],
  ['x', 400],
])('a snapshot within %s is answered %i', async (timeout, status) => {
  const urls = [(await startLeader()).url, (await startTestAgent()).agent.url];
  for (const url of urls) {
    const answer = await fetchRaw(`${url}/metrics/snapshot?timeout=${timeout}`);
    expect(answer.status).toBe(status);
    if (status === 400) expect(answer.body).toBe("Invalid timeout 'x': Failed to convert '' to number.\n");
  }
});

test('the build has its date', async () => {
  const urls = [(await startLeader()).url, (await startTestAgent()).agent.url];
  for (const url of urls) {
    const { build_date: date, build_time: time } = await fetchJson(`${url}/version`);
    expect(time).toBeGreaterThan(Date.UTC(2025) / 1000);
    expect(new Date(`${String(date).replace(' ', 'T')}Z`).getTime()).toBe(time * 1000);
  }
});
