import { describe, expect, test } from 'vitest';
import { PictureBoard } from '../../pages/server/picture-board.ts';
import { isUnderWay, readApp, readDeployment, readPod, readWaiting } from '../../pages/server/read-marathon.ts';
import { tellEvent } from '../../pages/server/watch-marathon.ts';

const steps = (...entries: readonly (readonly [string, number, number])[]) =>
  entries.map(([reason, declined, processed]) => ({ reason, declined, processed }));

describe('the queue of Marathon', () => {
  const queued = (id: string, timeLeftSeconds: number, summary: object = {}) => ({
    ...{ app: { id, cpus: 64 }, count: 2, delay: { timeLeftSeconds, overdue: timeLeftSeconds === 0 } },
    processedOffersSummary: summary,
  });
  const unknown = () => undefined;

  test('says what the last offers lacked, in the order in which Marathon looks', () => {
    const rejectSummaryLastOffers = steps(
      ['UnfulfilledRole', 0, 30],
      ['InsufficientCpus', 27, 30],
      ['InsufficientMemory', 3, 3],
    );
    const [[id, waiting] = []] = readWaiting({ queue: [queued('/x', 0, { rejectSummaryLastOffers })] }, 0, unknown);
    expect(id).toBe('/x');
    expect(waiting).toEqual({
      count: 2,
      lacks: steps(['InsufficientCpus', 27, 30], ['InsufficientMemory', 3, 3]),
      why: expect.stringMatching(/27 agents: less than 64 cpus free/) as unknown,
    });
  });

  test('has delays whose end stays where it is while seconds are counted down', () => {
    const read = (seconds: number, now: number, until?: number) =>
      readWaiting({ queue: [queued('/x', seconds)] }, now, () =>
        until === undefined ? undefined : { count: 1, lacks: [], until },
      ).get('/x')?.until;
    expect(read(10, 1000)).toBe(11_000);
    expect(read(8, 3900, 11_000)).toBe(11_000);
    expect(read(20, 3900, 11_000)).toBe(23_900);
    expect(read(0, 11_000, 11_000)).toBeUndefined();
  });

  test('may be one of an older Marathon, or not there', () => {
    expect(readWaiting({ queue: [{ app: { id: '/x' }, count: 1 }] }, 0, unknown).get('/x')).toEqual({
      ...{ count: 1, lacks: [] },
    });
    expect(readWaiting({ queue: [queued('/x', 0), { count: 0, pod: { id: '/y' } }] }, 0, unknown).has('/y')).toBe(
      false,
    );
    expect(readWaiting(undefined, 0, unknown).size).toBe(0);
  });
});

test('a deployment is known with its actions, and when it was begun', () => {
  const deployment = {
    ...{ id: 'one', version: '2026-01-02T03:04:05.006Z', affectedApps: ['/a'], affectedPods: ['/p'] },
    ...{ currentStep: 1, totalSteps: 2, currentActions: [{ action: 'ScalePod', pod: '/p' }] },
  };
  expect(readDeployment(deployment)).toEqual([
    'one',
    {
      ...{ apps: ['/a', '/p'], step: 1, steps: 2, actions: ['ScalePod /p'] },
      since: Date.parse('2026-01-02T03:04:05.006Z'),
    },
  ]);
});

test('a pod is deployed by what names it', () => {
  const status = { id: '/p', spec: { scaling: { instances: 2 } }, instances: [{ status: 'STABLE' }] };
  const [, row] = readPod(status, new Map(), [
    { id: 'one', affectedPods: ['/p'] },
    { id: 'two', affectedPods: [] },
  ]);
  expect(row).toMatchObject({ instances: 2, running: 1, deployments: ['one'] });
});

describe('what Marathon tells', () => {
  const told = (name: string, event: object) => {
    const board = new PictureBoard({ now: () => 1, gatherMs: 1000 });
    tellEvent(board, { name, data: JSON.stringify(event) });
    return [...board.rows('events').values()].map(({ kind, about, detail }) => [kind, about, detail]);
  };

  test('names the apps of a deployment that was done before anybody had read of it', () => {
    const steps = [
      { actions: [{ action: 'StartApplication', app: '/shop/db' }] },
      {
        actions: [
          { action: 'ScaleApplication', app: '/shop/db' },
          { action: 'StartPod', pod: '/shop/web' },
        ],
      },
    ];
    expect(told('deployment_success', { id: 'a-uuid', plan: { id: 'a-uuid', steps } })).toEqual([
      ['deployment-done', '/shop/db, /shop/web', undefined],
    ]);
    expect(told('deployment_success', { id: 'a-uuid' })).toEqual([['deployment-done', 'a-uuid', undefined]]);
  });

  test('names the app of an instance whose health is another', () => {
    const event = { appId: '/web', instanceId: 'web.instance-1', alive: false };
    expect(told('health_status_changed_event', event)).toEqual([['health', '/web', 'unhealthy']]);
    const { appId: _app, ...unnamed } = event;
    expect(told('health_status_changed_event', unnamed)).toEqual([['health', 'web.instance-1', 'unhealthy']]);
  });
});

describe('of Marathon something is under way', () => {
  const all = { instances: 2, tasksRunning: 2, tasksStaged: 0, tasksHealthy: 2, healthChecks: [{}] };
  const deployment = readDeployment({ id: 'd' });
  const isSo = (app: object, deployments = new Map<string, (typeof deployment)[1]>(), queue: object[] = []) =>
    isUnderWay(
      new Map([
        readApp(
          { id: '/x', ...all, ...app },
          readWaiting({ queue }, 0, () => undefined),
        ),
      ]),
      deployments,
    );

  test.each([
    ['an app is deployed', isSo({}, new Map([deployment]))],
    ['an app waits', isSo({}, undefined, [{ app: { id: '/x' }, count: 1 }])],
    ['tasks are staged', isSo({ tasksStaged: 1 })],
    ['an app has fewer tasks than it should', isSo({ tasksRunning: 1 })],
    ['tasks are not healthy yet', isSo({ tasksHealthy: 1 })],
  ])('when %s', (_, isUnder) => {
    expect(isUnder).toBe(true);
  });

  test('else not, also when an app has no health checks', () => {
    expect([isSo({}), isSo({ tasksHealthy: 0, healthChecks: [] })]).toEqual([false, false]);
  });
});
