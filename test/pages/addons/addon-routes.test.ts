import { expect, onTestFinished, test } from 'vitest';
import { jsonAnswer, type HttpAnswer } from '../../../engine/http/http-answer.ts';
import { listen } from '../../../engine/http/http-server.ts';
import { router } from '../../../engine/http/router.ts';
import { addonRoutes } from '../../../pages/server/addons/addon-routes.ts';
import { servePage } from '../../../pages/server/serve-page.ts';

/** An add-on that answers what a test says, and notes what it is asked; and a page of a lab that has it. */
async function labWith(answer: (path: string) => HttpAnswer) {
  const asked: string[] = [];
  const addon = await listen({
    ...{ host: '127.0.0.1', port: 0, log: () => undefined },
    handler: ({ path, query }) => {
      asked.push(`${path}${query.size === 0 ? '' : `?${query.toString()}`}`);
      return answer(path);
    },
  });
  onTestFinished(() => addon.close());
  return { asked, addon, ...(await pageOf(() => addon.url)) };
}

async function pageOf(addonUrl?: () => string | undefined) {
  const page = await servePage({
    ...{ name: 'lab', masters: () => [], marathons: () => [], agentUrl: () => '', now: () => 1000 },
    ...(addonUrl === undefined ? {} : { addonUrl }),
    ...{ port: 0, log: () => undefined },
  });
  onTestFinished(() => page.close());
  const read = async (path: string) => {
    const answer = await fetch(`${new URL(page.url).origin}${path}`);
    expect([answer.status, answer.headers.get('cache-control')]).toEqual([200, 'no-store']);
    return await answer.json();
  };
  return { read };
}

const hour = {
  ...{ now: 2000, everyMs: 12_000, times: [1, 2] },
  figures: { instances: [1, null], requests: [null, 2.5] },
  leaderChanges: [{ at: 2, from: 'a:1', to: '' }],
};

test('the page has the last hour of a cluster and of an app from the exporter', async () => {
  const { read, asked } = await labWith(() => jsonAnswer(200, hour));
  expect(await read('/page/hour')).toEqual(hour);
  expect(await read('/page/hour?app=/shop/%26x%3D1')).toEqual(hour);
  expect(asked).toEqual(['/v1/hour', `/v1/hour?app=${encodeURIComponent('/shop/&x=1')}`]);
});

test('an agent is asked for by its id, and the exporter by host and port', async () => {
  const { asked, addon } = await labWith(() => jsonAnswer(200, hour));
  const agents = new Map([
    ['S1', { host: 'agent1', port: 5051 }],
    ['S2', { host: 'fd00::2', port: 5052 }],
  ]);
  const page = await listen({
    ...{ host: '127.0.0.1', port: 0, log: () => undefined },
    handler: router(addonRoutes({ agent: (id) => agents.get(id) }, () => addon.url)),
  });
  onTestFinished(() => page.close());
  for (const id of agents.keys()) {
    expect(await (await fetch(`${page.url}/page/hour?agent=${id}`)).json()).toEqual(hour);
  }
  expect(asked.map((path) => decodeURIComponent(path))).toEqual([
    '/v1/hour?agent=agent1:5051',
    '/v1/hour?agent=[fd00::2]:5052',
  ]);
});

test('pages that ask at the same time cost the exporter one question', async () => {
  const { read, asked } = await labWith(() => jsonAnswer(200, hour));
  await Promise.all([read('/page/hour'), read('/page/hour'), read('/page/hour')]);
  expect(asked).toEqual(['/v1/hour']);
});

test('of an agent that nobody knows, and without the add-on, it says so', async () => {
  const { read, asked } = await labWith(() => jsonAnswer(200, hour));
  expect(await read('/page/hour?agent=gone')).toEqual({ trouble: 'no agent gone is in the cluster (any more)' });
  expect(asked).toEqual([]);
  for (const page of [await pageOf(() => undefined), await pageOf()]) {
    expect(await page.read('/page/hour')).toEqual({ trouble: 'the lab has no add-on metrics' });
    expect(await page.read('/page/decisions')).toEqual({ trouble: 'the lab has no add-on autoscaler' });
  }
});

test('an add-on that does not answer, or not as it should, is said to be so', async () => {
  const { read, addon } = await labWith((path) => jsonAnswer(path === '/v1/hour' ? 404 : 200, { answer: 'other' }));
  const address = new URL(addon.url).host;
  expect(await read('/page/hour')).toEqual({ trouble: `${address} answers 404` });
  expect(await read('/page/decisions')).toEqual({ apps: [], log: [] });
  await addon.close();
  expect(await read('/page/hour?app=/x')).toEqual({ trouble: expect.stringContaining(`${address}: `) });
});

test('what is no number is not measured, whatever an exporter says', async () => {
  const { read } = await labWith(() =>
    jsonAnswer(200, {
      times: [1, 2, 3],
      figures: { a: ['x', 1], ['__proto__']: [1, 2, 3, 4], c: 7 },
      leaderChanges: [{}],
    }),
  );
  const answer = await read('/page/hour');
  expect(answer).toEqual({
    ...{ now: 0, everyMs: 0, times: [1, 2, 3], leaderChanges: [{ at: 0, from: '', to: '' }] },
    figures: { a: [null, 1, null], ['__proto__']: [1, 2, 3], c: [null, null, null] },
  });
});

test('decisions of the autoscaler are the last one of each app, and those before, the newest first', async () => {
  const decision = {
    ...{ app: '/shop', at: '1970-01-01T00:00:01.000Z', kind: 'scale', from: 1, to: 4, reason: 'much is asked' },
    ...{ metric: 'sessions', target: 10, min: 1, max: 6, value: 40, ratio: 4 },
  };
  const { value: _, ...unmeasured } = { ...decision, kind: 'unable', to: 1 };
  const missing = { label: 'AUTOSCALE_MAX', message: 'AUTOSCALE_MAX is missing', allowed: 'a number', fix: 'Give one' };
  const problems = [missing, { ...missing, found: 'many' }];
  const { read } = await labWith(() =>
    jsonAnswer(200, {
      apps: [
        { app: '/shop', decision, steps: { up: 1, down: 2 } },
        { app: '/wrong', problems, steps: { up: 0, down: 0 } },
      ],
      log: [decision, unmeasured, { ...decision, kind: 'other' }],
    }),
  );
  const { ratio: __, ...row } = { ...decision, at: 1000 };
  const { value: ___, ...rowUnmeasured } = { ...row, kind: 'unable', to: 1 };
  expect(await read('/page/decisions')).toEqual({
    apps: [
      { app: '/shop', decision: row, problems: [], stepsUp: 1, stepsDown: 2 },
      { app: '/wrong', problems, stepsUp: 0, stepsDown: 0 },
    ],
    log: [rowUnmeasured, row],
  });
});

test('decisions of how many agents there are to be are there where that is its business', async () => {
  const decision = {
    ...{ at: '1970-01-01T00:00:01.000Z', kind: 'scale', from: 2, to: 4, reason: 'instances wait' },
    ...{ min: 1, max: 5, waiting: 7, since: '1970-01-01T00:00:01.000Z' },
  };
  const before = { ...decision, at: '1970-01-01T00:00:00.000Z', kind: 'hold', to: 2, waiting: 0 };
  const agents = { bounds: { min: 1, max: 5 }, decision, steps: { up: 1, down: 0 }, log: [before, decision] };
  const { read } = await labWith(() => jsonAnswer(200, { apps: [], log: [], agents }));
  const { since: _, ...row } = { ...decision, at: 1000 };
  expect(await read('/page/decisions')).toEqual({
    ...{ apps: [], log: [] },
    agents: { decision: row, stepsUp: 1, stepsDown: 0, log: [row, { ...row, at: 0, kind: 'hold', to: 2, waiting: 0 }] },
  });
});
