import { expect, test } from 'vitest';
import type { Message } from '../../pages/picture/tables.ts';
import { applyMessage, emptyPicture } from '../../pages/picture/picture.ts';
import { MasterBook } from '../../pages/server/master-book.ts';
import { mostTasks, PictureBoard } from '../../pages/server/picture-board.ts';

const scalar = (name: string, value: number) => ({ name, type: 'SCALAR', scalar: { value } });

const agent = (id: string) => ({
  agent_info: {
    id: { value: id },
    hostname: `${id}.lab`,
    port: 5051,
    attributes: [{ name: 'rack', type: 'TEXT', text: { value: 'r1' } }],
  },
  active: true,
  total_resources: [scalar('cpus', 4), scalar('mem', 1024), scalar('cpus', 1)],
});

const task = (id: string, state = 'TASK_RUNNING') => ({
  name: 'web.shop',
  task_id: { value: id },
  framework_id: { value: 'f' },
  agent_id: { value: 'a' },
  state,
  resources: [scalar('cpus', 0.1), scalar('mem', 32)],
  statuses: [{ state, timestamp: 1.5, message: 'so it is' }],
});

const updated = (id: string, state: string, more: object = {}) => ({
  type: 'TASK_UPDATED',
  task_updated: {
    framework_id: { value: 'f' },
    state,
    status: { task_id: { value: id }, state, timestamp: 2, ...more },
  },
});

const subscribed = (tasks: readonly object[] = []) => ({
  type: 'SUBSCRIBED',
  subscribed: {
    get_state: {
      get_agents: { agents: [agent('a')] },
      get_frameworks: {
        frameworks: [
          { framework_info: { id: { value: 'f' }, name: 'marathon', user: 'root' }, active: true, connected: true },
        ],
      },
      get_tasks: { tasks },
    },
  },
});

/** A book, and what a page that listens to it knows. */
function open() {
  const board = new PictureBoard({ now: () => 1000, gatherMs: 0 });
  const book = new MasterBook(board);
  const picture = () => {
    let known = emptyPicture;
    let last: Message | undefined;
    board.listen((message) => {
      last = message;
      known = applyMessage(known, message);
    })();
    return { ...known, taskCount: last?.taskCount };
  };
  return { board, book, picture };
}

test('agents have what they have in all, and use what their tasks do that have not ended', () => {
  const { book, picture } = open();
  book.begin(subscribed([task('1'), task('2', 'TASK_FINISHED')]));
  expect(picture().agents.get('a')).toEqual({
    ...{ host: 'a.lab', port: 5051, attributes: { rack: 'r1' }, state: 'active', tasks: 1 },
    total: { cpus: 5, mem: 1024, disk: 0 },
    used: { cpus: 0.1, mem: 32, disk: 0 },
  });
  book.take({ type: 'TASK_ADDED', task_added: { task: task('3', 'TASK_STAGING') } });
  expect(picture().agents.get('a')).toMatchObject({ tasks: 2, used: { cpus: 0.2, mem: 64 } });
  expect([picture().frameworks.get('f')?.tasks, picture().taskCount]).toEqual([2, 2]);
  book.take(updated('1', 'TASK_FAILED', { message: 'exit 1' }));
  book.take(updated('3', 'TASK_RUNNING', { healthy: false }));
  const { agents, tasks, events } = picture();
  expect(agents.get('a')).toMatchObject({ tasks: 1, used: { cpus: 0.1, mem: 32 } });
  expect(tasks.get('1')).toMatchObject({ state: 'TASK_FAILED', why: 'exit 1', since: 2000 });
  expect(tasks.get('3')).toMatchObject({ state: 'TASK_RUNNING', isHealthy: false });
  expect([...events.values()].map(({ detail }) => detail)).toEqual(['TASK_FAILED: exit 1', 'TASK_RUNNING']);
});

test('a master that leads now tells everything anew: what another one knew is gone', () => {
  const { book, picture } = open();
  book.begin(subscribed([task('1')]));
  book.begin(subscribed([task('2')]));
  expect([[...picture().tasks.keys()], picture().agents.get('a')?.tasks]).toEqual([['2'], 1]);
});

test('an agent that is gone is told of, and what is not known is no fault', () => {
  const { book, picture } = open();
  book.begin(subscribed());
  book.take({ type: 'AGENT_REMOVED', agent_removed: { agent_id: { value: 'a' } } });
  book.take({ type: 'AGENT_REMOVED', agent_removed: { agent_id: { value: 'nobody' } } });
  book.take(updated('nothing', 'TASK_LOST'));
  book.take({ type: 'SOMETHING_NEW' });
  expect(picture().agents.size).toBe(0);
  expect([...picture().events.values()]).toEqual([{ at: 1000, kind: 'agent-gone', about: 'a.lab' }]);
});

test('too many tasks are counted and can be asked for, and are told of again when they are few', () => {
  const { book, picture } = open();
  book.begin(subscribed(Array.from({ length: mostTasks }, (_, index) => task(String(index)))));
  expect([picture().tasks.size, picture().taskCount]).toEqual([mostTasks, mostTasks]);
  book.take({ type: 'TASK_ADDED', task_added: { task: task('more') } });
  expect([picture().tasks.size, picture().taskCount]).toEqual([0, mostTasks + 1]);
  expect([...book.tasksOf({ agent: 'a' })]).toHaveLength(mostTasks + 1);
  expect([...book.tasksOf({ framework: 'other' })]).toHaveLength(0);
  book.take(updated('more', 'TASK_KILLED'));
  expect(picture().taskCount).toBe(mostTasks);
  expect(picture().tasks.get('more')).toMatchObject({ state: 'TASK_KILLED' });
});

test('of tasks that have ended the last 200 are kept', () => {
  const { book, picture } = open();
  book.begin(subscribed());
  for (let index = 0; index < 250; index += 1) {
    book.take({ type: 'TASK_ADDED', task_added: { task: task(String(index)) } });
    book.take(updated(String(index), 'TASK_FINISHED'));
  }
  const ids = [...picture().tasks.keys()];
  expect([ids.length, ids[0]]).toEqual([200, '50']);
  expect([...picture().events.values()]).toEqual([
    { at: 1000, kind: 'task-state', about: 'web.shop', detail: 'TASK_FINISHED', count: 250 },
  ]);
});

test('frameworks use what their tasks do that have not ended', () => {
  const { book, picture } = open();
  book.begin(subscribed([task('1'), task('2'), task('3', 'TASK_FINISHED')]));
  expect(picture().frameworks.get('f')).toMatchObject({ tasks: 2, used: { cpus: 0.2, mem: 64, disk: 0 } });
  book.take(updated('1', 'TASK_KILLED'));
  expect(picture().frameworks.get('f')).toMatchObject({ tasks: 1, used: { cpus: 0.1, mem: 32, disk: 0 } });
});

test('the last states of a task are known, with their reasons', () => {
  const { book, picture } = open();
  book.begin(subscribed([task('1')]));
  book.take(updated('1', 'TASK_FAILED', { message: 'exit 1', reason: 'REASON_COMMAND_EXECUTOR_FAILED' }));
  expect(book.historyOf('1')).toEqual([
    { state: 'TASK_RUNNING', at: 1500, message: 'so it is' },
    { state: 'TASK_FAILED', at: 2000, message: 'exit 1', reason: 'REASON_COMMAND_EXECUTOR_FAILED' },
  ]);
  // That is for who asks: what everybody is told is small.
  expect(picture().tasks.get('1')).not.toHaveProperty('history');
  for (let count = 0; count < 30; count += 1) book.take(updated('1', 'TASK_RUNNING', { healthy: count % 2 === 0 }));
  expect(book.historyOf('1')).toHaveLength(20);
  expect(book.historyOf('nobody')).toEqual([]);
});

test('tasks that nobody hears of are tasks, too', () => {
  const { book, picture } = open();
  const { subscribed: all } = subscribed();
  const get_tasks = { tasks: [], unreachable_tasks: [task('u', 'TASK_UNREACHABLE')] };
  book.begin({ subscribed: { get_state: { ...all.get_state, get_tasks } } });
  expect(picture().tasks.get('u')).toMatchObject({ state: 'TASK_UNREACHABLE' });
});

test('agents say whether an operator has deactivated them, or a new master has not heard of them yet', () => {
  const { book, picture } = open();
  const { subscribed: all } = subscribed();
  const get_agents = { agents: [agent('a')], recovered_agents: [agent('r').agent_info] };
  book.begin({ subscribed: { get_state: { ...all.get_state, get_agents } } });
  const states = () => [...picture().agents].map(([id, { state }]) => [id, state]);
  expect(states()).toEqual([
    ['r', 'recovered'],
    ['a', 'active'],
  ]);
  const slaves = [{ id: 'a', active: false, deactivated: true }];
  const known = { slaves, recovered_slaves: [{ id: 'r', hostname: 'r.lab' }] };
  book.takeStates(known);
  book.forgetAbsent(book.agentIds, known);
  expect(states()).toEqual([
    ['r', 'recovered'],
    ['a', 'deactivated'],
  ]);
  const later = { slaves: [{ id: 'a', active: false, deactivated: false }], recovered_slaves: [] };
  book.takeStates(later);
  book.forgetAbsent(book.agentIds, later);
  expect(states()).toEqual([['a', 'inactive']]);
  book.takeStates({ slaves: [{ id: 'a', active: false, drain_info: { state: 'DRAINING' } }] });
  expect([...book.draining()]).toEqual(['a']);
  book.takeStates({ slaves: [{ id: 'a', active: false, drain_info: { state: 'DRAINED' } }] });
  expect([[...book.draining()], states()]).toEqual([[], [['a', 'drained']]]);
});

test('an agent that the master has given up is gone, though no event says so; one that joins meanwhile is not', () => {
  const { book, picture } = open();
  book.begin(subscribed([task('1')]));
  const known = book.agentIds;
  book.take({ type: 'AGENT_ADDED', agent_added: { agent: agent('new') } });
  book.forgetAbsent(known, { slaves: [], recovered_slaves: [] });
  expect([...picture().agents.keys()]).toEqual(['new']);
  expect([...picture().events.values()]).toMatchObject([
    { kind: 'agent-added', about: 'new.lab' },
    { kind: 'agent-gone', about: 'a.lab' },
  ]);
});
