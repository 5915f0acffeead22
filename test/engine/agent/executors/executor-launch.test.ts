import { expect, test } from 'vitest';
import { graceMsOf, launchOf } from '../../../../engine/agent/executors/custom/executor-launch.ts';
import { outlivingTasks } from '../../../../engine/agent/executors/outliving-executor.ts';
import { newExecutor } from '../../../../engine/agent/tasks/task-record.ts';
import { inMemoryDiscovery } from '../../../../engine/discovery/in-memory-discovery.ts';
import { agentOptions, world } from '../running-agent.ts';

test('an executor is told the times that its agent was given', () => {
  const nobody = { candidate: { id: '', url: '', hostname: '' } };
  const agent = agentOptions(nobody, { masters: inMemoryDiscovery(), executorShutdownMs: 7000 });
  const identity = { frameworkId: 'fw', agentId: 'S0', containerId: 'c', directory: '/sandbox' };
  const record = newExecutor({ ...identity, info: { executor_id: { value: 'e' } } });
  const framework = { user: '', name: '', checkpoint: true };
  const outliving = outlivingTasks(world.processes, world.sandboxes, 90_000);
  const address = { host: '127.0.0.1', port: 5051 };
  expect(graceMsOf(record, agent)).toBe(7000);
  expect(launchOf(record, framework, { agent, world: { ...world, outliving }, address }).environment).toMatchObject({
    MESOS_EXECUTOR_SHUTDOWN_GRACE_PERIOD: '7secs',
    MESOS_RECOVERY_TIMEOUT: '90secs',
  });
});
