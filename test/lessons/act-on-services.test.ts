import { expect, test } from 'vitest';
import { clusterClient } from '../../checks/cluster-client.ts';
import type { ServicesTarget } from '../../checks/cluster-target.ts';
import { bringIn, load } from '../../lessons/actions/act-on-services.ts';
import { runSteps } from '../../lessons/actions/run-steps.ts';
import type { LessonWorld } from '../../lessons/lesson-world.ts';
import { lookAtMetric } from '../../lessons/looks/look-at-api.ts';
import { planCluster } from '../../planning/plan/plan-cluster.ts';
import { systemClock } from '../../platform/clock.ts';
import { startFakeServer } from '../support/fake-server.ts';

const nothing = () => Promise.reject(new Error('nothing of it is asked here'));
const { signal } = new AbortController();

interface Given extends Partial<Omit<LessonWorld, 'cluster' | 'plan'>> {
  readonly marathons?: readonly string[];
  readonly services?: ServicesTarget;
  /** URL of the exporter. */
  readonly metrics?: string;
}

function worldOf({ marathons = [], services, metrics, ...more }: Given): LessonWorld {
  const plan = planCluster({ name: 'lab' });
  const addons = metrics === undefined ? [] : [{ role: 'metrics' as const, url: metrics }];
  const target = { masters: [], marathons, zookeepers: [], hosts: {}, ...(services === undefined ? {} : { services }) };
  return {
    cluster: { client: clusterClient(), target },
    plan: { ...plan, urls: { ...plan.urls, addons } },
    ...{ explain: nothing, runProgram: nothing, bringIn: nothing, files: () => '{}', clock: systemClock },
    times: { waitMs: 1000, intervalMs: 10 },
    ...more,
  };
}

test('a new version is brought in with what the lesson says of it', async () => {
  const asked: unknown[] = [];
  const world = worldOf({
    files: (path) => `text of ${path}`,
    bringIn: (version) => {
      asked.push(version);
      return Promise.resolve({ wentBack: false, seen: '/learn/web-green: 2 of 2 running' });
    },
  });
  const wanted = { file: 'files/2.json', strategy: 'canary', share: '25%', watchFor: 3 } as const;
  expect(await bringIn(world, wanted, signal)).toEqual({ ok: true, seen: '/learn/web-green: 2 of 2 running' });
  expect(asked).toEqual([
    { file: 'files/2.json', text: 'text of files/2.json', strategy: 'canary', share: '25%', watchForSeconds: 3 },
  ]);
});

test.each([
  ['goes back against the lesson', true, undefined],
  ['stays against the lesson', false, true],
] as const)('a new version that %s is a failure, with what was seen', async (_, wentBack, goesBack) => {
  const world = worldOf({ bringIn: () => Promise.resolve({ wentBack, seen: 'what became of it' }) });
  const wanted = { file: 'files/2.json', strategy: 'blue-green', ...(goesBack ? { goesBack } : {}) } as const;
  await expect(bringIn(world, wanted, signal)).rejects.toMatchObject({
    name: 'StepFailure',
    message: 'files/2.json by blue-green: what became of it',
  });
});

/** A lab with an app whose service answers with a status, and counts what it is asked. */
async function servingLab(statusOf: () => number, times = { waitMs: 1000, intervalMs: 10 }) {
  let asked = 0;
  const balancer = await startFakeServer((_, response) => {
    asked += 1;
    response.writeHead(statusOf()).end();
  });
  const app = { id: '/learn/web', portDefinitions: [{ port: 10_003 }], tasks: [] };
  const marathon = await startFakeServer((_, response) => {
    response.setHeader('Content-Type', 'application/json').end(JSON.stringify({ app }));
  });
  const services = { host: '127.0.0.1', first: 10_003, published: Number(new URL(balancer).port) };
  const world = worldOf({ marathons: [marathon], services, times });
  return { world, url: `${balancer.replace(/\/$/, '')}/`, asked: () => asked };
}

test('load goes to the service port of the app, and is done when one was answered well', async () => {
  let status = 503;
  const { world, url } = await servingLab(() => status);
  const wanted = { app: '/learn/web', rate: 20, seconds: 1 };
  expect(await load(world, wanted, signal)).toEqual({
    ok: false,
    seen: `0 of 20 requests to ${url} were answered with 200`,
  });
  status = 200;
  expect(await load(world, wanted, signal)).toMatchObject({ ok: true });
});

test('load lasts as long as the lesson says, also where that is longer than steps are waited for', async () => {
  const { world, asked } = await servingLab(() => 200, { waitMs: 500, intervalMs: 10 });
  await runSteps(world, [{ kind: 'load', value: { app: '/learn/web', rate: 20, seconds: 1 } }], signal);
  expect(asked()).toBe(20);
});

test('load that the lesson has no time for is not done', async () => {
  const { world } = await servingLab(() => 200);
  const step = { kind: 'load', value: { app: '/learn/web', rate: 20, seconds: 60 }, withinSeconds: 1 } as const;
  await expect(runSteps(world, [step], signal)).rejects.toMatchObject({
    name: 'StepFailure',
    message: expect.stringContaining('not within 1 s'),
  });
});

test('load of a lab without a load balancer will never be answered', async () => {
  const asked = load(worldOf({}), { app: '/learn/web', rate: 1, seconds: 1 }, signal);
  await expect(asked).rejects.toMatchObject({ name: 'StepFailure', message: expect.stringContaining('load balancer') });
});

test('a metric of the exporter is the sum of all that have its labels', async () => {
  const metrics = await startFakeServer((_, response) =>
    response.end('up{agent="a",of="x"} 1\nup{agent="b",of="x"} 1\nup{agent="c"} 1\n'),
  );
  const world = worldOf({ metrics: metrics.replace(/\/$/, '') });
  expect(await lookAtMetric(world, { of: 'metrics', name: 'up{of="x"}', equals: 2 }, signal)).toEqual({
    ok: true,
    seen: 'up{of="x"} of metrics is 2',
  });
  expect(await lookAtMetric(world, { of: 'metrics', name: 'up{of="y"}', atMost: 2 }, signal)).toEqual({
    ok: false,
    seen: 'metrics has no metric up{of="y"}',
  });
});
