import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CallLanes, laneCount } from '../../../../engine/framework/scheduler-api/call-lanes.ts';
import { tasksIn, type SchedulerCall } from '../../../../engine/framework/scheduler-api/scheduler-call.ts';
import type { TaskInfo } from '../../../../protocol/mesos.ts';
import { trials } from '../../../support/trials.ts';

const agent_id = { value: 'S0' };
const accept = (...tasks: readonly string[]): SchedulerCall => ({
  type: 'ACCEPT',
  accept: {
    offer_ids: [{ value: 'O' }],
    operations: [
      { type: 'LAUNCH', launch: { task_infos: tasks.map((value) => ({ task_id: { value } }) as TaskInfo) } },
    ],
    filters: { refuse_seconds: 0 },
  },
});
const kill = (value: string): SchedulerCall => ({ type: 'KILL', kill: { task_id: { value } } });
const acknowledge = (value: string): SchedulerCall => ({
  type: 'ACKNOWLEDGE',
  acknowledge: { agent_id, task_id: { value }, uuid: 'u' },
});
const reconcile = (...tasks: readonly string[]): SchedulerCall => ({
  type: 'RECONCILE',
  reconcile: { tasks: tasks.map((value) => ({ task_id: { value } })) },
});

/** Calls that a master has been sent, and answers when it is told to. */
class SlowMaster {
  readonly sent: SchedulerCall[] = [];
  readonly lanes = new CallLanes();
  readonly #unanswered = new Map<SchedulerCall, () => void>();

  readonly call = (call: SchedulerCall) =>
    this.lanes.run(call, () => {
      this.sent.push(call);
      return new Promise((resolve) => {
        this.#unanswered.set(call, () => {
          resolve(true);
        });
      });
    });

  get underWay(): readonly SchedulerCall[] {
    return [...this.#unanswered.keys()];
  }

  /** What follows from the answer has happened afterwards. */
  async answer(call: SchedulerCall): Promise<void> {
    this.#unanswered.get(call)?.();
    this.#unanswered.delete(call);
    await new Promise(setImmediate);
  }
}

test('a mass of kills and acknowledgements keeps no launch waiting, and none is sent before its turn', () => {
  const master = new SlowMaster();
  for (let index = 0; index < 1000; index += 1) {
    void master.call(kill(`k${index}`));
    void master.call(acknowledge(`k${index}`));
  }
  const launches = Array.from({ length: 1000 }, (_, index) => accept(`t${index}`));
  for (const launch of launches) void master.call(launch);
  expect(master.sent).toContain(launches[0]);
  // The time that a call may take begins when it is sent: those that wait are not sent yet.
  expect(master.sent).toHaveLength(laneCount);
});

test.each([
  ['KILL', kill('t')],
  ['RECONCILE', reconcile('other', 't')],
])('a %s waits for the launch of its task, that of another task does not', async (_type, call) => {
  const master = new SlowMaster();
  const launch = accept('t');
  void master.call(launch);
  void master.call(call);
  void master.call(kill('other'));
  await new Promise(setImmediate);
  expect(master.sent).toEqual([launch, kill('other')]);
  await master.answer(launch);
  expect(master.sent).toEqual([launch, kill('other'), call]);
});

test('whatever is called, all is sent once, and what has an order in that order', async () => {
  const task = fc.integer({ min: 0, max: 5 }).map(String);
  const decline: SchedulerCall = { type: 'DECLINE', decline: { offer_ids: [], filters: { refuse_seconds: 1 } } };
  const anyCall = fc.oneof(
    fc.uniqueArray(task, { minLength: 1 }).map((tasks) => accept(...tasks)),
    task.map(kill),
    task.map(acknowledge),
    fc.array(task).map((tasks) => reconcile(...tasks)),
    fc
      .constantFrom('REVIVE', 'SUPPRESS', 'DECLINE')
      .map((type): SchedulerCall => (type === 'DECLINE' ? { ...decline } : { type: type })),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(anyCall, { maxLength: 40 }), fc.infiniteStream(fc.nat()), async (calls, choices) => {
      const master = new SlowMaster();
      for (const call of calls) void master.call(call);
      await new Promise(setImmediate);
      while (master.underWay.length > 0) {
        expect(master.underWay.length).toBeLessThanOrEqual(laneCount);
        const chosen = master.underWay[(choices.next().value ?? 0) % master.underWay.length];
        if (chosen !== undefined) await master.answer(chosen);
      }
      expect(new Set(master.sent)).toEqual(new Set(calls));
      expect(master.sent).toHaveLength(calls.length);
      const isOfOffers = ({ type }: SchedulerCall) => ['ACCEPT', 'DECLINE', 'REVIVE', 'SUPPRESS'].includes(type);
      expect(master.sent.filter(isOfOffers)).toEqual(calls.filter(isOfOffers));
      calls.forEach((call, index) => {
        const tasks = tasksAfterLaunch(call);
        const launches = calls.slice(0, index).filter((each) => launchedBy(each).some((id) => tasks.includes(id)));
        // A task is launched once; where this test launches it again, the last launch counts.
        for (const id of tasks) {
          const last = launches.findLast((each) => launchedBy(each).includes(id));
          if (last !== undefined) expect(master.sent.indexOf(last)).toBeLessThan(master.sent.indexOf(call));
        }
      });
    }),
    { numRuns: trials('PROPERTY_RUNS', { usual: 50, thorough: 150 }) },
  );
});

const launchedBy = (call: SchedulerCall): readonly string[] =>
  call.type === 'ACCEPT' ? call.accept.operations.flatMap(tasksIn).map((each) => each.task_id.value) : [];

function tasksAfterLaunch(call: SchedulerCall): readonly string[] {
  if (call.type === 'KILL') return [call.kill.task_id.value];
  return call.type === 'RECONCILE' ? call.reconcile.tasks.map((each) => each.task_id.value) : [];
}
