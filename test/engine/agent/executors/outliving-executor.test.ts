import { expect, onTestFinished, test } from 'vitest';
import type { TaskLaunch } from '../../../../engine/agent/executors/executor.ts';
import { outlivingExecutor, outlivingTasks } from '../../../../engine/agent/executors/outliving-executor.ts';
import { Life } from '../../../../engine/lives/life.ts';
import { commandTask, world } from '../running-agent.ts';

const launchOf = (containerId: string): TaskLaunch => ({
  task: commandTask(containerId, 'true'),
  ...{ containerId, directory: '/sandbox', environment: {}, isCheckpointed: true },
  signal: new AbortController().signal,
});

test('a task that an agent did not come to find waits on for the next one, with one deadline', async () => {
  const tasks = outlivingTasks(world.processes, world.sandboxes, 3_600_000);
  const running = { kill: () => undefined, ended: new Promise<never>(() => undefined) };
  const executor = outlivingExecutor({ launch: () => Promise.resolve(running) }, tasks);
  onTestFinished(() => {
    for (const deadline of tasks.deadlines.values()) clearTimeout(deadline);
  });
  const first = new Life();
  for (const id of ['a', 'b']) await first.run(() => executor.launch(launchOf(id)));
  await first.kill();
  const deadline = tasks.deadlines.get('b');
  const second = new Life();
  await second.run(() => executor.attach?.(launchOf('a')));
  expect([...tasks.deadlines.keys()]).toEqual(['b']);
  await second.kill();
  expect([...tasks.deadlines.keys()]).toEqual(['b', 'a']);
  // A second one would end it though it is found: nobody could clear the first.
  expect(deadline !== undefined && tasks.deadlines.get('b') === deadline).toBe(true);
});
