import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { DiskWatch } from '../../../../engine/agent/disk/disk-watch.ts';
import type { RunningTask } from '../../../../engine/agent/executors/executor.ts';
import { TaskTable } from '../../../../engine/agent/tasks/task-table.ts';
import { scalar } from '../../scheduler-client.ts';
import { commandTask } from '../running-agent.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const megabyte = 1024 * 1024;
const running: RunningTask = { ended: new Promise(() => undefined), kill: () => undefined };

function aWatch(isEnforced = true) {
  const table = new TaskTable('/agent', () => undefined);
  const used: Record<string, number> = {};
  const looked: string[] = [];
  const exceeded: string[] = [];
  const log: string[] = [];
  const nameOf = (folder: string) => /executors\/([^/]+)/.exec(folder)?.[1] ?? folder;
  const watch = new DiskWatch({
    ...{ table, workDir: '/agent', watchMs: 1000, isEnforced, log: (line) => log.push(line) },
    sandboxes: {
      usedBytes: (folder) => {
        looked.push(nameOf(folder));
        const bytes = used[nameOf(folder)];
        return bytes === undefined ? Promise.reject(new Error('ENOENT')) : Promise.resolve(bytes);
      },
    },
    onExceeded: (owner, limitation) => {
      owner.limitation = limitation;
      exceeded.push(limitation.message);
    },
  });
  const add = (id: string, bytes?: number, disk = 1) => {
    const task = commandTask(id, 'sleep 1', { resources: [scalar('disk', disk)] });
    const record = table.add('fw', { user: '', name: '' }, 'S0', task, `container-${id}`);
    record.running = running;
    if (bytes !== undefined) used[id] = bytes;
    return record;
  };
  const seconds = (count: number) => vi.advanceTimersByTimeAsync(count * 1000);
  return { table, used, looked, exceeded, log, watch, add, seconds };
}

test('looks at one folder after another, each in its turn, and at new ones last', async () => {
  const { add, looked, seconds, watch, table } = aWatch();
  add('a', 0);
  add('b', 0);
  await seconds(1);
  const last = add('c', 0);
  await seconds(4);
  expect(looked).toEqual(['a', 'b', 'a', 'c', 'b']);
  table.complete(last);
  await seconds(3);
  expect(looked.slice(5)).toEqual(['a', 'b', 'a']);
  watch.stop();
  await seconds(3);
  expect(looked).toHaveLength(8);
});

test('ends only what has more than it may, and once', async () => {
  const { add, exceeded, seconds, used, watch } = aWatch();
  const record = add('a', megabyte);
  await seconds(2);
  expect(exceeded).toEqual([]);
  expect(watch.useOf(record)).toEqual([{ limitBytes: megabyte, usedBytes: megabyte }]);
  used['a'] = megabyte + 1024;
  await seconds(3);
  expect(exceeded).toEqual(['Disk usage (1025KB) exceeds quota (1MB)']);
});

test('goes on where a look fails', async () => {
  const { add, log, looked, seconds, used, exceeded } = aWatch();
  add('a');
  await seconds(2);
  expect(log).toContainEqual(
    expect.stringMatching(/^Checking disk usage at '.*' for container container-a has failed: ENOENT$/),
  );
  used['a'] = 3 * megabyte;
  await seconds(1);
  expect([looked.length, exceeded]).toEqual([3, ['Disk usage (3MB) exceeds quota (1MB)']]);
});
