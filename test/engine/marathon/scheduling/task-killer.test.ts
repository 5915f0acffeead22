import { expect, test } from 'vitest';
import type { SharedParts } from '../../../../engine/marathon/leadership/shared-parts.ts';
import { Instances } from '../../../../engine/marathon/scheduling/instance-index.ts';
import type { Instance } from '../../../../engine/marathon/scheduling/instances.ts';
import { TaskKiller } from '../../../../engine/marathon/scheduling/task-killer.ts';

const version = '2026-01-01T00:00:00.000Z';
const instance: Instance = {
  ...{ id: 'a.instance-1', taskId: 'a.instance-1._app.1', appId: '/a', version, agentId: 'S0', host: 'agent0' },
  ...{ attributes: {}, hostPorts: [], ipAddresses: [], stagedAt: 0 },
  ...{ condition: 'Running', state: 'TASK_RUNNING', goal: 'Running' },
};

test('a kill that waits behind thousands of others is not repeated before the master has it', async () => {
  let now = 0;
  const taken: ((isTaken: boolean) => void)[] = [];
  const instances = new Instances([instance]);
  const killer = new TaskKiller({
    ...{ instances, log: () => undefined, clock: () => now, settings: { killRetryMs: 1000 } },
    call: () => new Promise<boolean>((resolve) => taken.push(resolve)),
  } as unknown as SharedParts);
  killer.kill(instance, 'test');
  now = 60_000;
  killer.retry();
  expect(taken).toHaveLength(1);
  taken[0]?.(true);
  await new Promise(setImmediate);
  now += 999;
  killer.retry();
  expect(taken).toHaveLength(1);
  now += 1;
  killer.retry();
  expect(taken).toHaveLength(2);
  // One that the master did not take is repeated as well.
  taken[1]?.(false);
  await new Promise(setImmediate);
  now += 1000;
  killer.retry();
  expect(taken).toHaveLength(3);
});
