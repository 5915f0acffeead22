import { expect, test } from 'vitest';
import { inMemoryDiscovery } from '../../../../engine/discovery/in-memory-discovery.ts';
import { AppRepository } from '../../../../engine/marathon/apps/app-repository.ts';
import { completeApp } from '../../../../engine/marathon/apps/complete-app.ts';
import type { SharedParts } from '../../../../engine/marathon/leadership/shared-parts.ts';
import { withDefaults } from '../../../../engine/marathon/marathon-options.ts';
import { tasksIn, type SchedulerCall } from '../../../../engine/framework/scheduler-api/scheduler-call.ts';
import { Instances } from '../../../../engine/marathon/scheduling/instance-index.ts';
import { LaunchDelays } from '../../../../engine/marathon/scheduling/launch-delays.ts';
import { LaunchQueue } from '../../../../engine/marathon/scheduling/launch-queue.ts';
import { OfferHandler } from '../../../../engine/marathon/scheduling/offer-handler.ts';
import { newTimestamps } from '../../../../engine/marathon/timestamps.ts';
import type { App } from '../../../../protocol/marathon.ts';
import type { Json, Offer } from '../../../../protocol/mesos.ts';
import { waitFor } from '../marathon-for-test.ts';

const version = '2026-01-01T00:00:00.000Z';

const appOf = (more: Readonly<Record<string, Json>>): App => ({
  ...completeApp({ id: '/a', cmd: 'x', cpus: 0.1, mem: 1, portDefinitions: [], ...more }),
  version,
  versionInfo: { lastScalingAt: version, lastConfigChangeAt: version },
});

const offerOf = (agent: number): Offer => ({
  id: { value: `O${agent}` },
  framework_id: { value: 'F' },
  agent_id: { value: `S${agent}` },
  hostname: `agent${agent}`,
  resources: [
    { name: 'cpus', type: 'SCALAR', scalar: { value: 4 }, role: '*' },
    { name: 'mem', type: 'SCALAR', scalar: { value: 1000 }, role: '*' },
  ],
  attributes: [],
});

type Accept = Extract<SchedulerCall, { type: 'ACCEPT' }>;

/** Launches instances of an app on so many offers, and says what went to the master. */
function launch(app: App, count: number, offers: number, sliceMs?: number, others: readonly App[] = []) {
  const accepts: Accept[] = [];
  /** Of the app, when the first offers were accepted. */
  let queuedThen: number | undefined;
  let looks = 0;
  let isDone = false;
  /** Of others, until the round was over. */
  let turns = 0;
  const instances = new Instances([]);
  const shared = {
    settings: withDefaults({
      ...{ host: '', port: 0, hostname: '', masters: inMemoryDiscovery(), election: inMemoryDiscovery() },
      offerBatchMs: 0,
    }),
    log: () => undefined,
    clock: () => 0,
    timestamps: newTimestamps(() => 0),
    apps: new AppRepository([app, ...others].map((each) => ({ versions: [each] }))),
    instances: {
      put: (instance: Parameters<Instances['put']>[0]) => {
        instances.put(instance);
      },
      activeOn: (appId: string, agentId: string) => instances.activeOn(appId, agentId),
      ofApp: (appId: string) => {
        looks += 1;
        return instances.ofApp(appId);
      },
    },
    delays: new LaunchDelays(() => 0),
    roles: { list: () => [] },
    store: { changed: () => undefined, flush: () => Promise.resolve(true) },
    call: (call: SchedulerCall) => {
      if (call.type === 'ACCEPT') {
        queuedThen ??= queue.count(app.id);
        accepts.push(call);
      }
      return Promise.resolve(true);
    },
    wake: () => {
      isDone = true;
    },
  } as unknown as SharedParts;
  const queue: LaunchQueue = new LaunchQueue(shared);
  queue.set(app.id, count);
  for (const { id } of others) queue.set(id, 1);
  const handler = new OfferHandler(shared, queue, () => 0, sliceMs);
  handler.onOffers(Array.from({ length: offers }, (_, index) => offerOf(index)));
  const takeTurn = () => {
    turns += 1;
    if (!isDone) setImmediate(takeTurn);
  };
  setTimeout(takeTurn, 0);
  const done = waitFor(() => {
    expect(isDone).toBe(true);
  });
  return done.then(() => ({ queued: queue.count(app.id), queuedThen, looks, turns, sizes: sizesOf(accepts) }));
}

const sizesOf = (accepts: readonly Accept[]) => accepts.map(({ accept }) => accept.operations.flatMap(tasksIn).length);

test('an app spreads over all offers that have come, though the first are accepted before the last are looked at', async () => {
  const { queued, queuedThen, sizes } = await launch(appOf({ instances: 1000 }), 1000, 1000);
  expect(sizes).toEqual(Array.from({ length: 1000 }, () => 1));
  expect(queued).toBe(0);
  expect(queuedThen).toBeGreaterThan(0);
  expect(queuedThen).toBeLessThan(1000);
});

test('few instances go to the first offers', async () => {
  expect((await launch(appOf({ instances: 3 }), 3, 1000)).sizes).toEqual([1, 1, 1]);
});

test('what does not fit on the first offers goes to those after them', async () => {
  const { queued, sizes } = await launch(appOf({ constraints: [['hostname', 'UNLIKE', 'agent\\d{1,2}']] }), 900, 1000);
  expect([queued, sizes.reduce((sum, size) => sum + size, 0)]).toEqual([0, 900]);
});

test('the instances of an app are looked at once for a round of offers, not for each slice of it', async () => {
  const { queued, looks } = await launch(appOf({ constraints: [['hostname', 'UNIQUE']] }), 150, 150, 0);
  expect([queued, looks]).toEqual([0, 1]);
  const same = await launch(appOf({ constraints: [['hostname', 'LIKE', 'agent.*']] }), 150, 150, 0);
  expect([same.queued, same.looks]).toEqual([0, 0]);
});

test('apps that find no room leave turns to others between them, however many they are', async () => {
  const hopeless = (id: string) => appOf({ id, cpus: 100 });
  const others = Array.from({ length: 50 }, (_, index) => hopeless(`/b${index}`));
  const { queued, turns } = await launch(hopeless('/a'), 1, 1, -1, others);
  expect(queued).toBe(1);
  expect(turns).toBeGreaterThan(others.length / 2);
});
