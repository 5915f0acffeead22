import { expect, test } from 'vitest';
import type { AgentEvent, AgentRegistration } from '../../../protocol/agent-api.ts';
import type { TaskInfo } from '../../../protocol/mesos.ts';
import { subscribeAgent } from '../../../engine/master/agents/agents.ts';
import { toSettings } from '../../../engine/master/master-options.ts';
import type { EventStream, FrameworkRecord } from '../../../engine/master/records.ts';
import { acceptOffers } from '../../../engine/master/scheduler/accept.ts';
import { eventStream } from '../../../engine/master/scheduler/event-stream.ts';
import { subscribeFramework } from '../../../engine/master/scheduler/frameworks.ts';
import type { SchedulerEvent } from '../../../engine/master/scheduler/scheduler-event.ts';
import { reconcileAll, reconcileTasks } from '../../../engine/master/scheduler/task-calls.ts';
import { startTerm, type Term } from '../../../engine/master/term.ts';
import { commandTask, scalar } from '../scheduler-client.ts';
import { agentRegistration } from './fake-agent.ts';
import { eventually, testOptions } from './master-for-test.ts';

/** A client that reads when the test says so. */
function slowStream<Event>() {
  const events: Event[] = [];
  let isReading = true;
  let readers: (() => void)[] = [];
  const stream: EventStream<Event> = {
    id: 's',
    send: (event) => {
      events.push(event);
    },
    close: () => undefined,
    get unreadBytes() {
      return isReading ? 0 : Infinity;
    },
    drained: () =>
      isReading
        ? Promise.resolve()
        : new Promise((resolve) => {
            readers.push(resolve);
          }),
  };
  return {
    stream,
    events,
    pause: () => {
      isReading = false;
    },
    read: () => {
      isReading = true;
      for (const resolve of readers) resolve();
      readers = [];
    },
    /** Resolves when somebody waits for it to read. */
    awaited: () => eventually(() => readers.length > 0),
  };
}

function start() {
  const settings = toSettings(testOptions(), 'M', () => undefined);
  const term = startTerm(settings, { onRecovered: () => undefined, onFailed: () => undefined });
  term.registrar.masters = 1;
  const client = slowStream<SchedulerEvent>();
  const info = { user: 'root', name: 'test' };
  const framework = subscribeFramework(term, { framework_info: info }, client.stream);
  if (framework === undefined) throw new Error('refused');
  const addAgent = () =>
    subscribeAgent(term, agentRegistration() as AgentRegistration, slowStream<AgentEvent>().stream);
  return { term, client, framework, addAgent };
}

test('a framework that has to read first is offered no more, and everything when it has', async () => {
  const { term, client, framework, addAgent } = start();
  client.pause();
  addAgent();
  await client.awaited();
  addAgent();
  expect(framework.offers.size).toBe(0);
  client.read();
  await eventually(() => framework.offers.size === 2);
  term.end();
});

test('more agents than fit into one event are offered in several', async () => {
  const { term, framework, addAgent } = start();
  const batches: number[] = [];
  term.allocator.onOffers = (_, offers) => {
    batches.push(offers.length);
  };
  for (let count = 0; count < 2500; count += 1) addAgent();
  await eventually(() => framework.offers.size === 2500);
  expect(batches).toEqual([1000, 1000, 500]);
  term.end();
});

/** All of its tasks, and those that it names: a Marathon that comes back does both. */
const ways = {
  'of all its tasks': reconcileAll,
  'of the tasks that it asks about': (term: Term, framework: FrameworkRecord) =>
    reconcileTasks(
      term,
      framework,
      [...framework.tasks.keys()].map((value) => ({ task_id: { value } })),
    ),
};

test.each(Object.entries(ways))('a framework is told %s no faster than it reads', async (_, reconcile) => {
  const { term, client, framework, addAgent } = start();
  const agent = addAgent();
  await eventually(() => framework.offers.size === 1);
  const resources = [scalar('cpus', 0.001)];
  const tasks = Array.from({ length: 1500 }, (_, index) => commandTask(`t${index}`, agent?.id ?? '', { resources }));
  acceptOffers(term, framework, {
    offer_ids: [...framework.offers.keys()].map((value) => ({ value })),
    operations: [{ type: 'LAUNCH', launch: { task_infos: tasks as TaskInfo[] } }],
  });
  const told = () =>
    client.events.flatMap((event) =>
      event.type === 'UPDATE' && event.update.status.message?.endsWith('Latest task state') === true
        ? [event.update.status.task_id.value]
        : [],
    );
  client.pause();
  const whole = reconcile(term, framework);
  await client.awaited();
  expect(told()).toHaveLength(1000);
  const last = framework.tasks.get('t1499');
  if (last !== undefined) term.cluster.removeTask(last, 'completed');
  client.read();
  await whole;
  expect(new Set(told())).toEqual(new Set(tasks.slice(0, -1).map((_, index) => `t${index}`)));
  expect(told()).toHaveLength(1499);
  term.end();
});

test('events of one turn are written together, each as a chunk, and none is lost when the stream is closed at once', async () => {
  const writes: string[] = [];
  const stream = eventStream<object>('s', {
    write: (chunk) => writes.push(String(chunk)) > 0,
    end: () => {
      writes.push('end');
    },
    onClose: () => undefined,
    drained: () => Promise.resolve(),
    bufferedBytes: 0,
  });
  stream.send({ a: 1 });
  stream.send({ a: 2 });
  expect(writes).toEqual([]);
  expect(stream.unreadBytes).toBe(18);
  await new Promise(setImmediate);
  expect(writes).toEqual(['7\n{"a":1}', '7\n{"a":2}']);
  stream.send({ a: 3 });
  stream.close();
  await new Promise(setImmediate);
  expect(writes.slice(2)).toEqual(['7\n{"a":3}', 'end']);
});
