import { describe, expect, test } from 'vitest';
import { stateOf } from '../../pages/app/marathon/app-state.ts';
import { definitionIn, settingsOf, sortedJsonOf } from '../../pages/app/marathon/definition.ts';
import { shareDone, stepsOf } from '../../pages/app/marathon/deployment-steps.ts';
import { groupsOf, treeRows } from '../../pages/app/marathon/groups.ts';
import { lineDiff } from '../../pages/app/marathon/line-diff.ts';
import type { AppRow } from '../../pages/picture/tables.ts';

const app = (changes: Partial<AppRow> = {}): AppRow => ({
  ...{ isPod: false, instances: 2, running: 2, staged: 0, healthy: 0, unhealthy: 0, cpus: 0.5, mem: 10 },
  ...{ what: '', version: '', isSuspended: false, hasChecks: false, deployments: [] },
  ...changes,
});

test.each([
  ['running', {}],
  ['waiting', { running: 1 }],
  ['waiting', { running: 1, deployments: ['one'], waiting: { count: 1, lacks: [] } }],
  ['delayed', { running: 1, waiting: { count: 1, lacks: [], until: 5 } }],
  ['deploying', { deployments: ['one'] }],
  ['suspended', { instances: 0, running: 0, isSuspended: true }],
  ['unhealthy', { unhealthy: 1 }],
] as const)('an app is %s: %j', (state, changes) => {
  expect(stateOf(app(changes))).toBe(state);
});

describe('groups', () => {
  const apps = new Map([
    ['/shop/web', app({ healthy: 1, unhealthy: 1 })],
    ['/shop/db/main', app({ instances: 1, running: 0 })],
    ['/other', app()],
  ]);
  const groups = groupsOf(apps, ['/', '/shop/', '/empty/below/']);

  test('have what is below them, however deep', () => {
    expect(groups.get('/')?.sums).toMatchObject({ apps: 3, instances: 5, running: 4, healthy: 1, unhealthy: 1 });
    const { apps: count, cpus, states } = groups.get('/shop/')?.sums ?? {};
    expect([count, cpus]).toEqual([2, 1.5]);
    expect(Object.fromEntries(states ?? [])).toEqual({ unhealthy: 1, waiting: 1 });
    expect(groups.get('/empty/')).toMatchObject({ groups: ['/empty/below/'], apps: [], sums: { apps: 0 } });
  });

  test('are a tree, of which only what is open is seen', () => {
    const ids = (isOpen: (id: string) => boolean, root = '/') =>
      treeRows(groups, apps, root, isOpen).map(({ id, depth }) => `${depth} ${id}`);
    expect(ids((id) => id !== '/empty/')).toEqual([
      ...['0 /empty/', '0 /shop/', '1 /shop/db/', '2 /shop/db/main', '1 /shop/web', '0 /other'],
    ]);
    expect(ids(() => false)).toEqual(['0 /empty/', '0 /shop/', '0 /other']);
    expect(ids(() => false, '/shop/')).toEqual(['0 /shop/db/', '0 /shop/web']);
  });

  test('of 2,000 apps are summed up in a moment', () => {
    const many = new Map(Array.from({ length: 2000 }, (_, n) => [`/g${n % 50}/h${n % 7}/a${n}`, app()] as const));
    const all = groupsOf(many);
    expect(all.get('/')?.sums.apps).toBe(2000);
    expect(treeRows(all, many, '/', () => true)).toHaveLength(2000 + 50 + 350);
  });
});

describe('a definition', () => {
  const answer = {
    app: {
      ...{ id: '/x', cpus: 0.1, cmd: 'true', env: {}, labels: { a: 'b' }, constraints: [['hostname', 'UNIQUE']] },
      healthChecks: [{ protocol: 'TCP' }, { protocol: 'HTTP', path: '/' }],
      ...{ version: 'v', versionInfo: {}, tasks: [], tasksRunning: 1 },
    },
  };

  test('is what was sent, without what Marathon adds', () => {
    expect(Object.keys(definitionIn(answer))).toEqual([
      ...['id', 'cpus', 'cmd', 'env', 'labels', 'constraints', 'healthChecks'],
    ]);
  });

  test('is read as a table, in which nothing says nothing', () => {
    expect(settingsOf(definitionIn(answer))).toEqual([
      { name: 'id', lines: ['/x'] },
      { name: 'cmd', lines: ['true'] },
      { name: 'cpus', lines: ['0.1'] },
      { name: 'labels', lines: ['a: b'] },
      { name: 'constraints', lines: ['hostname UNIQUE'] },
      { name: 'healthChecks', lines: ['1. protocol: TCP', '2. protocol: HTTP', '2. path: /'] },
    ]);
  });

  test('differs from another one only by what it says', () => {
    const [before, after] = [sortedJsonOf({ b: 1, a: 2 }), sortedJsonOf({ a: 3, b: 1 })];
    expect(lineDiff(before, after).map(({ kind, text }) => `${kind} ${text.trim()}`)).toEqual([
      ...['same {', 'removed "a": 2,', 'added "a": 3,', 'same "b": 1', 'same }'],
    ]);
  });
});

describe('a deployment', () => {
  const deployment = {
    steps: [
      { actions: [{ action: 'StartApplication', app: '/a' }] },
      { actions: [{ action: 'ScaleApplication', app: '/a' }] },
      { actions: [{ action: 'RestartPod', pod: '/p' }] },
    ],
    currentActions: [
      {
        ...{ action: 'ScaleApplication', app: '/a' },
        readinessCheckResults: [
          { name: 'ready', taskId: 't1', ready: false, lastResponse: { status: 503 } },
          { name: 'ready', taskId: 't2', ready: true },
        ],
      },
    ],
    ...{ currentStep: 2, totalSteps: 3 },
  };

  test('has steps that are done, the one of now with what is not ready, and those to come', () => {
    expect(stepsOf(deployment)).toEqual([
      { state: 'done', actions: [{ action: 'StartApplication', id: '/a', notReady: [] }] },
      { state: 'now', actions: [{ action: 'ScaleApplication', id: '/a', notReady: ['ready t1: 503'] }] },
      { state: 'later', actions: [{ action: 'RestartPod', id: '/p', notReady: [] }] },
    ]);
    expect(stepsOf(undefined)).toEqual([]);
  });

  test('is as far as its steps, and in the last one its instances', () => {
    const row = { apps: ['/a'], step: 2, steps: 2, actions: ['ScaleApplication /a'], since: 0 };
    expect(shareDone(row, new Map([['/a', app({ running: 1 })]]))).toBe(0.75);
    expect(shareDone(row, new Map([['/a', app({ hasChecks: true })]]))).toBe(0.5);
    expect(shareDone({ ...row, actions: ['RestartApplication /a'] }, new Map([['/a', app()]]))).toBe(0.5);
  });
});
