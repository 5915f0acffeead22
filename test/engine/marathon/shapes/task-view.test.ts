import { expect, test } from 'vitest';
import { wholeOf } from '../../../../engine/http/json-parts.ts';
import { tasksView } from '../../../../engine/marathon/api/task-view.ts';
import type { Leader } from '../../../../engine/marathon/leadership/leader.ts';
import type { Instance } from '../../../../engine/marathon/scheduling/instances.ts';
import type { App, Health } from '../../../../protocol/marathon.ts';

const instance = {
  ...{ id: 'a.instance-1', taskId: 'a.instance-1._app.1', appId: '/a', version: 'v1', agentId: 'S0', host: 'h' },
  ...{ attributes: {}, hostPorts: [31_000], ipAddresses: [], condition: 'Running', state: 'TASK_RUNNING' },
  ...{ goal: 'Running', stagedAt: 0 },
} as unknown as Instance;

const appWith = (port: number, more: object = {}) =>
  ({ id: '/a', portDefinitions: [{ port }], ...more }) as unknown as App;

function leaderWith(versions: readonly App[], results: readonly Health[] = []): Leader {
  const apps = { get: () => versions.at(-1), version: () => versions[0] };
  return { shared: { apps }, health: { results: () => results } } as unknown as Leader;
}

const shown = (leader: Leader, instances = [instance]) => wholeOf(tasksView(leader, instances));

test('a task that has not changed shows the ports of a new definition of its app', () => {
  const first = appWith(10_000);
  expect(shown(leaderWith([first]))).toMatchObject([{ id: instance.taskId, servicePorts: [10_000] }]);
  expect(shown(leaderWith([first, appWith(10_001)]))).toMatchObject([{ servicePorts: [10_001] }]);
});

test('a task that has changed is shown as it is', () => {
  const leader = leaderWith([appWith(10_000)]);
  shown(leader);
  expect(shown(leader, [{ ...instance, state: 'TASK_KILLING' }])).toMatchObject([{ state: 'TASK_KILLING' }]);
});

test('a task with health checks shows what they have found since', () => {
  const versions = [appWith(10_000, { healthChecks: [{ protocol: 'TCP' }] })];
  const result = (alive: boolean): Health => ({ instanceId: instance.id, alive, consecutiveFailures: 0 });
  expect(shown(leaderWith(versions))).not.toHaveProperty('0.healthCheckResults');
  expect(shown(leaderWith(versions, [result(true)]))).toMatchObject([{ healthCheckResults: [{ alive: true }] }]);
  expect(shown(leaderWith(versions, [result(false)]))).toMatchObject([{ healthCheckResults: [{ alive: false }] }]);
});
