import fc from 'fast-check';
import { expect, test } from 'vitest';
import { completeApp } from '../../../../engine/marathon/apps/complete-app.ts';
import { AppRepository } from '../../../../engine/marathon/apps/app-repository.ts';
import type { SharedParts } from '../../../../engine/marathon/leadership/shared-parts.ts';
import { inMemoryDiscovery } from '../../../../engine/discovery/in-memory-discovery.ts';
import { withDefaults } from '../../../../engine/marathon/marathon-options.ts';
import { AttributeTally } from '../../../../engine/marathon/scheduling/attribute-tally.ts';
import { Instances } from '../../../../engine/marathon/scheduling/instance-index.ts';
import { isActive, isLost, isRunning, type Condition } from '../../../../engine/marathon/scheduling/instances.ts';
import { LaunchDelays } from '../../../../engine/marathon/scheduling/launch-delays.ts';
import { LaunchQueue } from '../../../../engine/marathon/scheduling/launch-queue.ts';
import { meetsConstraint } from '../../../../engine/marathon/scheduling/meets-constraint.ts';
import { MinHeap } from '../../../../engine/framework/min-heap.ts';
import { OfferHandler } from '../../../../engine/marathon/scheduling/offer-handler.ts';
import { tasksIn, type SchedulerCall } from '../../../../engine/framework/scheduler-api/scheduler-call.ts';
import { newTimestamps } from '../../../../engine/marathon/timestamps.ts';
import type { App } from '../../../../protocol/marathon.ts';
import type { Json, Offer } from '../../../../protocol/mesos.ts';
import { formerChoices, formerlyMet } from './former-choices.ts';
import { waitFor } from '../marathon-for-test.ts';
import { trials } from '../../../support/trials.ts';

const numRuns = trials('PROPERTY_RUNS', { usual: 100, thorough: 300 });
const version = '2026-01-01T00:00:00.000Z';
const small = (max: number) => fc.integer({ min: 0, max });

const racks = fc.constantFrom('a', 'b', 'c', 'd');
const constraint = fc.oneof(
  fc.constant(['hostname', 'UNIQUE']),
  fc.constant(['rack', 'UNIQUE']),
  fc.constant(['rack', 'CLUSTER']),
  racks.map((rack) => ['rack', 'CLUSTER', rack]),
  racks.map((rack) => ['rack', 'IS', rack]),
  small(3).map((max) => ['rack', 'MAX_PER', String(max)]),
  small(2).map((max) => ['hostname', 'MAX_PER', String(max)]),
  fc.constant(['rack', 'LIKE', '[ab]']),
  fc.constant(['rack', 'UNLIKE', 'a|c']),
  fc.constant(['rack', 'GROUP_BY']),
  small(5).map((expected) => ['rack', 'GROUP_BY', String(expected)]),
  fc.constant(['hostname', 'GROUP_BY']),
  fc.constant(['zone', 'GROUP_BY']),
);

const appOf = (id: string, more: Readonly<Record<string, Json>>): App => ({
  ...completeApp({ id, cmd: 'x', mem: 1, portDefinitions: [], ...more }),
  version,
  versionInfo: { lastScalingAt: version, lastConfigChangeAt: version },
});

const wantedApps = fc
  .array(
    fc.record({
      count: fc.integer({ min: 1, max: 12 }),
      cpus: fc.constantFrom(0.1, 1, 2),
      constraints: fc.oneof(fc.constant([]), fc.array(constraint, { minLength: 1, maxLength: 2 })),
    }),
    { minLength: 1, maxLength: 3 },
  )
  .map((apps) =>
    apps.map(({ count, ...more }, index) => ({ count, app: appOf(`/a${index}`, { instances: count, ...more }) })),
  );

/** Some agents have several offers, some no rack. */
const agent = small(7);
const rackOf = (index: number) => ['a', 'a', 'b', 'b', 'c', 'd', undefined, 'a'][index];
const attributesOf = (index: number) => {
  const rack = rackOf(index);
  return { ...(rack === undefined ? {} : { rack }), hostname: `agent${index}`, '@hostname': `agent${index}` };
};

const openOffers = fc
  .array(fc.record({ agent, cpus: fc.constantFrom(0, 0.5, 2, 4, 100) }), { minLength: 1, maxLength: 14 })
  .map((offers) => offers.map(offerOf));

function offerOf({ agent: index, cpus }: { readonly agent: number; readonly cpus: number }, position: number): Offer {
  const rack = rackOf(index);
  const scalar = (name: string, value: number) => ({ name, type: 'SCALAR' as const, scalar: { value }, role: '*' });
  return {
    id: { value: `O${position}` },
    framework_id: { value: 'F' },
    agent_id: { value: `S${index}` },
    hostname: `agent${index}`,
    attributes: rack === undefined ? [] : [{ name: 'rack', type: 'TEXT', text: { value: rack } }],
    resources: [scalar('cpus', cpus), scalar('mem', 1000)],
  };
}

const conditions: readonly Condition[] = ['Staging', 'Running', 'Killing', 'Unreachable', 'UnreachableInactive'];
const presentInstances = fc.array(
  fc.record({
    task: small(20),
    app: small(2),
    agent,
    condition: fc.constantFrom(...conditions),
    goal: fc.constantFrom('Running', 'Running', 'Decommissioned'),
  }),
  { maxLength: 20 },
);

const instanceOf = (each: (typeof presentInstances extends fc.Arbitrary<infer List> ? List : never)[number]) => ({
  // A task stays with its app and its agent.
  ...{ id: `t${each.task}-${each.app}-${each.agent}`, taskId: `t${each.task}-${each.app}-${each.agent}` },
  ...{ appId: `/a${each.app}`, agentId: `S${each.agent}`, host: `agent${each.agent}` },
  ...{ version, attributes: attributesOf(each.agent), hostPorts: [], ipAddresses: [], stagedAt: 0 },
  condition: each.condition,
  state: 'TASK_RUNNING' as const,
  goal: each.goal,
});

/** Milliseconds: for all of it, or each instance after another pause. */
const slices = fc.constantFrom(10_000, 0);

type Accept = Extract<SchedulerCall, { type: 'ACCEPT' }>;

test('instances go where they went when all offers were sorted for each of them', async () => {
  await fc.assert(
    fc.asyncProperty(wantedApps, openOffers, presentInstances, slices, async (wanted, offers, list, slice) => {
      const present = list.map(instanceOf);
      const calls: SchedulerCall[] = [];
      let isDone = false;
      const shared = {
        settings: withDefaults({
          ...{ host: '', port: 0, hostname: '', masters: inMemoryDiscovery(), election: inMemoryDiscovery() },
          ...{ offerBatchMs: 0, maxInstancesPerOffer: 4 },
        }),
        log: () => undefined,
        clock: () => 0,
        timestamps: newTimestamps(() => 0),
        apps: new AppRepository(wanted.map(({ app }) => ({ versions: [app] }))),
        instances: new Instances(present),
        delays: new LaunchDelays(() => 0),
        roles: { list: () => [] },
        store: { changed: () => undefined, flush: () => Promise.resolve(true) },
        call: (call: SchedulerCall) => Promise.resolve(calls.push(call) > 0),
        wake: () => {
          isDone = true;
        },
      } as unknown as SharedParts;
      const queue = new LaunchQueue(shared);
      for (const { app, count } of wanted) queue.set(app.id, count);
      new OfferHandler(shared, queue, () => 0, slice).onOffers(offers);
      await waitFor(() => {
        expect(isDone).toBe(true);
      });
      const active = [...new Map(present.map((each) => [each.taskId, each])).values()].filter(isActive);
      const expected = formerChoices(wanted, offers, active, 4).map(({ appId, offerId }) => `${appId} on ${offerId}`);
      const chosen = calls
        .filter((call): call is Accept => call.type === 'ACCEPT')
        .flatMap(({ accept }) =>
          accept.operations.flatMap(tasksIn).map(({ name }) => `/${name} on ${accept.offer_ids[0]?.value ?? ''}`),
        );
      expect(chosen.sort()).toEqual(expected.toSorted());
      for (const { app, count } of wanted) {
        expect(queue.count(app.id)).toBe(count - expected.filter((each) => each.startsWith(`${app.id} `)).length);
      }
    }),
    { numRuns },
  );
});

test('constraints are met as when all instances were looked at', () => {
  fc.assert(
    fc.property(constraint, agent, fc.array(agent, { maxLength: 12 }), (rule, own, others) => {
      const [field = ''] = rule;
      const taken = others.map(attributesOf);
      const tally = new AttributeTally([field], taken);
      expect(meetsConstraint(rule, attributesOf(own), tally)).toBe(formerlyMet(rule, attributesOf(own), taken));
    }),
    { numRuns: 10 * numRuns },
  );
});

test('the counts of instances are those that counting gives, whatever changes', () => {
  const change = fc.oneof(
    presentInstances.map((list) => list.map((each) => ({ kind: 'put' as const, each }))),
    presentInstances.map((list) => list.map((each) => ({ kind: 'remove' as const, each }))),
  );
  fc.assert(
    fc.property(fc.array(change, { maxLength: 8 }), (changes) => {
      const instances = new Instances([]);
      const naive = new Map<string, ReturnType<typeof instanceOf>>();
      for (const { kind, each } of changes.flat()) {
        const instance = instanceOf(each);
        if (kind === 'put') {
          instances.put(instance);
          naive.set(instance.taskId, instance);
        } else {
          instances.remove(instance.taskId);
          naive.delete(instance.taskId);
        }
      }
      const all = [...naive.values()];
      expect(instances.all()).toEqual(all);
      expect(new Set(instances.unwanted())).toEqual(new Set(all.filter(({ goal }) => goal !== 'Running')));
      for (const appId of ['/a0', '/a1', '/a2', '/none']) {
        const list = all.filter((each) => each.appId === appId);
        const { size, active, running, wanted, lost, leaving } = instances.counted(appId);
        expect(new Set(instances.ofApp(appId))).toEqual(new Set(list));
        expect({ size, active, running, wanted, lost, leaving }).toEqual({
          size: list.length,
          active: list.filter(isActive).length,
          running: list.filter((each) => isActive(each) && isRunning(each)).length,
          wanted: list.filter(({ goal }) => goal === 'Running').length,
          lost: list.filter(isLost).length,
          leaving: list.filter((each) => each.goal !== 'Running' && !isLost(each)).length,
        });
        for (let index = 0; index < 8; index += 1) {
          const here = list.filter((each) => isActive(each) && each.agentId === `S${index}`).length;
          expect(instances.activeOn(appId, `S${index}`)).toBe(here);
        }
      }
    }),
    { numRuns },
  );
});

test('a heap gives the smallest first, whatever is put in and taken out', () => {
  fc.assert(
    fc.property(fc.array(small(50)), fc.array(fc.option(small(50), { nil: undefined })), (first, steps) => {
      const heap = new MinHeap(first);
      const naive = [...first];
      for (const step of steps) {
        naive.sort((a, b) => a - b);
        expect(heap.peek()).toBe(naive[0]);
        if (step === undefined) expect(heap.pop()).toBe(naive.shift());
        else {
          heap.push(step);
          naive.push(step);
        }
      }
    }),
    { numRuns },
  );
});

test('between the slices of a long launch anything may change', async () => {
  const [app, other] = [appOf('/a0', { cpus: 0.1 }), appOf('/a1', { cpus: 0.1 })];
  const apps = new AppRepository([app, other].map((each) => ({ versions: [each] })));
  const launched: string[] = [];
  const shared = {
    settings: withDefaults({
      ...{ host: '', port: 0, hostname: '', masters: inMemoryDiscovery(), election: inMemoryDiscovery() },
      offerBatchMs: 0,
    }),
    log: () => undefined,
    clock: () => 0,
    timestamps: newTimestamps(() => 0),
    apps,
    instances: new Instances([], (instance) => {
      launched.push(`${instance?.appId ?? ''} ${instance?.version ?? ''}`);
      // While the first app is launched, it gets another version, and the second one is deleted.
      if (launched.length === 2) {
        setImmediate(() => {
          apps.put({ ...app, version: '2' });
          apps.remove('/a1');
          queue.set('/a1', 0);
        });
      }
    }),
    delays: new LaunchDelays(() => 0),
    roles: { list: () => [] },
    store: { changed: () => undefined, flush: () => Promise.resolve(true) },
    call: () => Promise.resolve(true),
    wake: () => undefined,
  } as unknown as SharedParts;
  const queue = new LaunchQueue(shared);
  queue.set('/a0', 5);
  queue.set('/a1', 5);
  new OfferHandler(shared, queue, () => 0, 0).onOffers([offerOf({ agent: 0, cpus: 100 }, 0)]);
  await waitFor(() => {
    expect(queue.count('/a0')).toBe(0);
  });
  expect(launched.slice(0, 2)).toEqual([`/a0 ${version}`, `/a0 ${version}`]);
  expect(launched.slice(-2)).toEqual(['/a0 2', '/a0 2']);
  expect(launched).toHaveLength(5);
});
