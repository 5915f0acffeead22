import { expect, test } from 'vitest';
import { TaskTable } from '../../../engine/agent/tasks/task-table.ts';
import { commandTask } from './running-agent.ts';

test.each(['DEFAULT', 'CUSTOM'] as const)(
  'a framework is what was said of it with the last task of a %s executor',
  (type) => {
    const table = new TaskTable('/var/lib/mesos', () => undefined);
    const before = { user: '', name: 'before' };
    const executor = table.addExecutor('fw', before, 'S0', { type, executor_id: { value: 'e' } }, 'c');
    table.addToExecutor(executor, before, commandTask('a', 'true'), 'g');
    table.addToExecutor(executor, { user: '', name: 'after' }, commandTask('b', 'true'), 'g');
    expect(table.infoOf('fw')).toMatchObject({ name: 'after' });
  },
);
