import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { TaskSaves } from '../../../engine/agent/recovery/task-saves.ts';
import { TaskTable } from '../../../engine/agent/tasks/task-table.ts';
import { commandTask } from './running-agent.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function start() {
  const saved: string[] = [];
  const table = new TaskTable('/var/lib/mesos', () => undefined);
  const pending = new Map<string, number>();
  const saves = new TaskSaves({
    table,
    checkpoints: {
      save: (record, _framework, unacknowledged, isCompleted) => {
        saved.push(`${record.containerId}: ${isCompleted ? 'completed' : unacknowledged.length}`);
        return Promise.resolve();
      },
      saveExecutor: () => Promise.resolve(),
    },
    pendingOf: (_, taskId) => Array.from({ length: pending.get(taskId) ?? 0 }, () => ({}) as never),
    log: () => undefined,
  });
  const add = (id: string) => table.add('fw', { user: '', name: '' }, 'S0', commandTask(id, 'true'), id);
  return { saved, table, pending, saves, a: add('a'), b: add('b') };
}

test('a task whose updates are acknowledged one after the other is saved once, as it is then', () => {
  const { saved, table, pending, saves, a, b } = start();
  pending.set('a', 1);
  saves.saveLater(a);
  saves.saveLater(b);
  pending.set('a', 0);
  saves.saveLater(a);
  expect(saved).toEqual([]);
  vi.runAllTimers();
  expect(saved).toEqual(['a: 0', 'b: 0']);
  table.complete(a);
  saves.saveLater(a);
  vi.runAllTimers();
  expect(saved.slice(2)).toEqual(['a: completed']);
});

test('an agent that stops saves what waits, and no more after that', () => {
  const { saved, saves, a } = start();
  saves.saveLater(a);
  saves.flush();
  expect(saved).toEqual(['a: 0']);
  vi.runAllTimers();
  expect(saved).toEqual(['a: 0']);
});
