import fc from 'fast-check';
import { expect, test } from 'vitest';
import { completeApp } from '../../../engine/marathon/apps/complete-app.ts';
import { AppRepository } from '../../../engine/marathon/apps/app-repository.ts';
import type { SharedParts } from '../../../engine/marathon/leadership/shared-parts.ts';
import { Deadlines } from '../../../engine/marathon/deployments/deadlines.ts';
import { Deployments } from '../../../engine/marathon/deployments/deployments.ts';
import { planChange } from '../../../engine/marathon/deployments/plan-change.ts';
import { Reconciler } from '../../../engine/marathon/deployments/reconciler.ts';
import { RunningDeployment } from '../../../engine/marathon/deployments/running-deployment.ts';
import { Touched } from '../../../engine/marathon/deployments/touched.ts';
import { inMemoryDiscovery } from '../../../engine/discovery/in-memory-discovery.ts';
import { EventBus } from '../../../engine/marathon/event-bus.ts';
import { HealthMonitor } from '../../../engine/marathon/health/health-monitor.ts';
import { withDefaults } from '../../../engine/marathon/marathon-options.ts';
import { Instances } from '../../../engine/marathon/scheduling/instance-index.ts';
import type { Condition } from '../../../engine/marathon/scheduling/instances.ts';
import { LaunchDelays } from '../../../engine/marathon/scheduling/launch-delays.ts';
import { LaunchQueue } from '../../../engine/marathon/scheduling/launch-queue.ts';
import type { OfferHandler } from '../../../engine/marathon/scheduling/offer-handler.ts';
import { TaskKiller } from '../../../engine/marathon/scheduling/task-killer.ts';
import { newTimestamps } from '../../../engine/marathon/timestamps.ts';
import type { App } from '../../../protocol/marathon.ts';
import type { Json } from '../../../protocol/mesos.ts';
import { trials } from '../../support/trials.ts';

const numRuns = trials('PROPERTY_RUNS', { usual: 100, thorough: 300 });
const taskLaunchTimeoutMs = 300_000;

const appId = fc.constantFrom('/a', '/b', '/g/c');
const definition = fc.record({
  instances: fc.integer({ min: 0, max: 3 }),
  cmd: fc.constantFrom('one', 'two'),
  dependencies: fc.constantFrom([], ['/a'], ['/g']),
  healthChecks: fc.constantFrom([], [{ protocol: 'COMMAND', command: { value: 'true' } }]),
  upgradeStrategy: fc.constantFrom(
    { minimumHealthCapacity: 1, maximumOverCapacity: 1 },
    { minimumHealthCapacity: 0.5, maximumOverCapacity: 0 },
  ),
  unreachableStrategy: fc.constantFrom<Json>(
    'disabled',
    { inactiveAfterSeconds: 0, expungeAfterSeconds: 0 },
    { inactiveAfterSeconds: 10, expungeAfterSeconds: 60 },
  ),
});
const condition = fc.constantFrom<Condition>('Starting', 'Running', 'Running', 'Running', 'Unreachable');

const step = fc.oneof(
  fc.record({
    kind: fc.constant('deploy' as const),
    apps: fc.dictionary(appId, fc.option(definition, { freq: 8 }), { minKeys: 1, maxKeys: 3 }),
  }),
  fc.record({ kind: fc.constant('launch' as const), count: fc.integer({ min: 1, max: 8 }) }),
  fc.record({ kind: fc.constant('launch' as const), count: fc.integer({ min: 1, max: 8 }) }),
  fc.record({ kind: fc.constant('update' as const), which: fc.nat(), condition, healthy: fc.boolean() }),
  fc.record({ kind: fc.constant('update' as const), which: fc.nat(), condition, healthy: fc.boolean() }),
  fc.record({ kind: fc.constant('end' as const), which: fc.nat() }),
  fc.record({ kind: fc.constant('kill' as const), which: fc.nat() }),
  fc.record({ kind: fc.constant('cancel' as const) }),
  fc.record({ kind: fc.constant('wait' as const), seconds: fc.constantFrom(1, 15, 70, 400) }),
);
type Step = typeof step extends fc.Arbitrary<infer Each> ? Each : never;

class World {
  now = 1_800_000_000_000;
  wakes = 0;
  kills = 0;
  launches = 0;
  readonly shared: SharedParts;
  readonly parts: ConstructorParameters<typeof Reconciler>[0];
  readonly #timestamps = newTimestamps(() => this.now);

  constructor() {
    const clock = () => this.now;
    const touched = new Touched(() => {
      this.wakes += 1;
    });
    const shared = {
      settings: withDefaults({
        ...{ host: '', port: 0, hostname: '', masters: inMemoryDiscovery(), election: inMemoryDiscovery() },
        taskLaunchTimeoutMs,
      }),
      log: () => undefined,
      clock,
      timestamps: this.#timestamps,
      apps: new AppRepository(),
      instances: new Instances([], (instance, before) => {
        const changed = instance ?? before;
        if (changed !== undefined) touched.instance(changed);
      }),
      delays: new LaunchDelays(clock),
      events: new EventBus(() => ''),
      store: { changed: () => undefined },
      failures: new Map(),
      call: () => {
        this.kills += 1;
        return Promise.resolve(true);
      },
      touched,
      wake: () => undefined,
    } as unknown as SharedParts;
    this.shared = shared;
    const killer = new TaskKiller(shared);
    const health = new HealthMonitor(shared, killer, {
      probe: () => Promise.resolve(undefined),
      ask: () => Promise.resolve({ status: 200, contentType: '', body: '' }),
    });
    const offers = { adjustInterest: () => undefined, serve: () => undefined } as unknown as OfferHandler;
    this.parts = {
      ...{ shared, killer, health, offers },
      deployments: new Deployments(shared, []),
      queue: new LaunchQueue(shared),
    };
  }

  /** As often as something has changed, as a session does. */
  settle(progress: Reconciler): void {
    for (let wakes = -1; wakes !== this.wakes;) {
      wakes = this.wakes;
      progress.run();
    }
  }

  seen(): unknown {
    const { shared, queue, deployments } = this.parts;
    return {
      instances: shared.instances.all(),
      queue: queue.appIds().map((id) => [id, queue.count(id)]),
      deployments: deployments.list(),
      kills: this.kills,
    };
  }

  take(each: Step): void {
    const { shared, queue, killer, deployments } = this.parts;
    const all = shared.instances.all();
    const chosen = 'which' in each ? all[each.which % Math.max(1, all.length)] : undefined;
    if (each.kind === 'deploy') this.#deploy(each.apps);
    if (each.kind === 'wait') this.now += each.seconds * 1000;
    if (each.kind === 'cancel') deployments.cancel(deployments.list()[0]?.id ?? '');
    if (each.kind === 'launch') {
      for (const id of queue.appIds().slice(0, each.count)) {
        this.#launch(id);
        queue.take(id);
      }
    }
    if (chosen === undefined) return;
    if (each.kind === 'end') shared.instances.remove(chosen.taskId);
    if (each.kind === 'kill') killer.kill(chosen, 'asked for');
    if (each.kind === 'update') {
      const { unreachableSince: _since, ...rest } = chosen;
      shared.instances.put({
        ...rest,
        condition: each.condition,
        mesosHealthy: each.healthy,
        ...(each.condition === 'Unreachable' ? { unreachableSince: this.now } : {}),
      });
    }
  }

  #deploy(wanted: Readonly<Record<string, Readonly<Record<string, Json>> | null>>): void {
    const { shared, deployments } = this.parts;
    const version = this.#timestamps.nextVersion();
    const plan = planChange(shared.apps, {
      apps: Object.entries(wanted).map(([id, more]) => ({
        id,
        ...(more === null ? {} : { after: appOf(id, more, version, shared.apps.get(id)) }),
      })),
    });
    // Dependencies may be circular.
    if (!('problems' in plan)) deployments.start(plan, version, true);
  }

  #launch(id: string): void {
    const app = this.shared.apps.get(id);
    if (app === undefined) return;
    const name = `t${(this.launches += 1)}`;
    this.shared.instances.put({
      ...{ id: name, taskId: name, appId: id, version: app.version, agentId: 'S', host: 'h' },
      ...{ attributes: {}, hostPorts: [], ipAddresses: [], condition: 'Staging', state: 'TASK_STAGING' },
      ...{ goal: 'Running', stagedAt: this.now },
    });
  }
}

function appOf(id: string, more: Readonly<Record<string, Json>>, version: string, before: App | undefined): App {
  const app = completeApp({ id, cpus: 0.1, mem: 1, ...more });
  const isSame = before !== undefined && before.cmd === app.cmd;
  const lastConfigChangeAt = isSame ? before.versionInfo.lastConfigChangeAt : version;
  return { ...app, version, versionInfo: { lastScalingAt: version, lastConfigChangeAt } };
}

test('whatever happens, looking at what has changed leaves nothing that looking at everything would do', () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 10, maxLength: 60, size: 'max' }), (steps) => {
      const world = new World();
      const progress = new Reconciler(world.parts);
      for (const each of steps) {
        world.take(each);
        world.settle(progress);
        const seen = world.seen();
        world.settle(new Reconciler(world.parts));
        expect(world.seen()).toEqual(seen);
      }
    }),
    { numRuns },
  );
});

test('an idle cluster is not looked at: nothing is worked out again until something changes', () => {
  const world = new World();
  const progress = new Reconciler(world.parts);
  world.take({ kind: 'deploy', apps: { '/a': null } });
  world.settle(progress);
  const { counted } = world.shared.instances;
  let looks = 0;
  world.shared.instances.counted = (id) => {
    looks += 1;
    return counted.call(world.shared.instances, id);
  };
  progress.run();
  expect(looks).toBe(0);
  world.shared.touched.app('/a');
  progress.run();
  expect(looks).toBeGreaterThan(0);
});

test('a step is done when all its apps are at once, not one after the other', () => {
  const actions = ['/a', '/b'].map((app) => ({ app, action: 'ScaleApplication' as const }));
  const running = new RunningDeployment({
    ...{ id: 'd', version: '', changes: [], steps: [{ actions }], current: 0, awaitHealth: ['/b'] },
  });
  expect(running.modeOf('/b')).toEqual({ kind: 'act', action: 'ScaleApplication', awaitHealth: true });
  running.check(['/a'], () => true);
  running.check(['/a'], () => false);
  running.check(['/b'], () => true);
  expect(running.isStepDone).toBe(false);
  running.check(['/a', '/other'], (id) => id === '/a');
  expect(running.isStepDone).toBe(true);
});

test('deadlines are due when a look at all of them says so', () => {
  const change = fc.record({
    task: fc.integer({ min: 0, max: 5 }).map(String),
    at: fc.option(fc.integer({ min: 0, max: 30 }), { nil: undefined }),
    pass: fc.integer({ min: 0, max: 5 }),
  });
  fc.assert(
    fc.property(fc.array(change), (changes) => {
      const deadlines = new Deadlines();
      const naive = new Map<string, number>();
      let now = 0;
      for (const { task, at, pass } of changes) {
        deadlines.set(task, at);
        if (at === undefined) naive.delete(task);
        else naive.set(task, at);
        now += pass;
        const due = [...naive].filter(([, moment]) => moment <= now).map(([each]) => each);
        expect(new Set(deadlines.takeDue(now))).toEqual(new Set(due));
        for (const each of due) naive.delete(each);
      }
    }),
    { numRuns },
  );
});
