import fc from 'fast-check';
import { expect, test } from 'vitest';
import { AppRepository } from '../../../../engine/marathon/apps/app-repository.ts';
import { completeApp } from '../../../../engine/marathon/apps/complete-app.ts';
import type { Group } from '../../../../engine/marathon/apps/groups.ts';
import { isInGroup } from '../../../../engine/marathon/apps/path-id.ts';
import { ServicePorts, servicePortsOf } from '../../../../engine/marathon/apps/service-ports.ts';
import { dependencyClasses } from '../../../../engine/marathon/deployments/dependency-classes.ts';
import { stepsFor } from '../../../../engine/marathon/deployments/deployment.ts';
import { planChange } from '../../../../engine/marathon/deployments/plan-change.ts';
import type { App } from '../../../../protocol/marathon.ts';
import type { Json } from '../../../../protocol/mesos.ts';
import { trials } from '../../../support/trials.ts';

/* What was looked for among all apps, for each app, gives what it gave. */

const numRuns = trials('PROPERTY_RUNS', { usual: 150, thorough: 500 });
const version = '2026-01-01T00:00:00.000Z';
const appOf = (id: string, more: Readonly<Record<string, Json>> = {}): App => ({
  ...completeApp({ id, cmd: 'x', cpus: 0.1, mem: 1, ...more }),
  version,
  versionInfo: { lastScalingAt: version, lastConfigChangeAt: version },
});

const anyId = fc
  .array(fc.constantFrom('a', 'b', 'a-b', 'c.d'), { minLength: 1, maxLength: 3 })
  .map((parts) => `/${parts.join('/')}`);

/** Undefined: there is a circle. */
function formerClasses(apps: readonly App[], groups: readonly Group[]): readonly (readonly string[])[] | undefined {
  const dependsOn = (app: App, other: App) =>
    app.id !== other.id && (app.dependencies ?? []).some((needed) => isInGroup(other.id, needed));
  // Here an app may depend on itself: that is a circle in Marathon, too.
  const isMadeTo = (app: App, other: App) =>
    groups.some(
      ({ id, dependencies }) => isInGroup(app.id, id) && dependencies.some((each) => isInGroup(other.id, each)),
    );
  const needsOf = (app: App) => apps.filter((other) => dependsOn(app, other) || isMadeTo(app, other));
  const waiting = new Map(apps.map((app) => [app.id, new Set(needsOf(app).map((other) => other.id))]));
  const classes: (readonly string[])[] = [];
  while (waiting.size > 0) {
    const ready = [...waiting].filter(([, needs]) => needs.size === 0).map(([id]) => id);
    if (ready.length === 0) return undefined;
    classes.push(ready);
    for (const id of ready) waiting.delete(id);
    for (const needs of waiting.values()) for (const id of ready) needs.delete(id);
  }
  return classes;
}

test('apps are in the classes that peeling off what depends on nothing gives, and circles are found', () => {
  const definition = fc.record({ id: anyId, dependencies: fc.array(anyId, { maxLength: 2 }) });
  const distinct = fc.uniqueArray(fc.record({ id: anyId, dependencies: fc.array(anyId, { maxLength: 2 }) }), {
    selector: ({ id }) => id,
    maxLength: 3,
  });
  const outcomes = { classes: 0, circles: 0, inOrder: 0 };
  fc.assert(
    fc.property(fc.array(definition, { maxLength: 8 }), distinct, (definitions, groups) => {
      const apps = definitions.map(({ id, dependencies }) => appOf(id, { dependencies }));
      const expected = formerClasses(apps, groups);
      expect(dependencyClasses(apps, groups)).toEqual(expected);
      outcomes[expected === undefined ? 'circles' : 'classes'] += 1;
      if (JSON.stringify(expected) !== JSON.stringify(formerClasses(apps, []))) outcomes.inOrder += 1;
    }),
    { numRuns },
  );
  expect(Math.min(...Object.values(outcomes))).toBeGreaterThan(0);
});

/** The port that each port gets, as it was looked for among all apps each time. */
function formerPorts(app: App, others: readonly App[], first: number, last: number): readonly number[] | undefined {
  const asked = new Set(servicePortsOf(app).filter((port) => port !== 0));
  const before = others.filter((each) => each.id === app.id).flatMap(servicePortsOf);
  const own = before.filter((port) => !asked.has(port) && port >= first && port <= last);
  const used = new Set([...others.flatMap(servicePortsOf), ...asked]);
  const result: number[] = [];
  for (const port of servicePortsOf(app)) {
    const kept = port === 0 ? own.shift() : port;
    const unused = Array.from({ length: last - first + 1 }, (_, index) => first + index).find(
      (each) => !used.has(each),
    );
    const given = kept ?? unused;
    if (given === undefined) return undefined;
    used.add(given);
    result.push(given);
  }
  return result;
}

test('service ports are those that looking at all apps each time gave', () => {
  const port = fc.oneof(fc.constant(0), fc.constant(0), fc.integer({ min: 1, max: 12 }));
  const definition = fc.record({ id: anyId, ports: fc.array(port, { maxLength: 3 }) });
  const portsOf = (ports: readonly number[]) => ({ portDefinitions: ports.map((each) => ({ port: each })) });
  const there = fc.array(fc.record({ id: anyId, ports: fc.array(fc.integer({ min: 1, max: 12 }), { maxLength: 2 }) }));
  fc.assert(
    fc.property(there, fc.array(definition, { maxLength: 8 }), (present, asked) => {
      const apps = [...new Map(present.map(({ id, ports }) => [id, appOf(id, portsOf(ports))])).values()];
      const others = [...apps];
      const servicePorts = new ServicePorts(apps, { first: 3, last: 10 });
      for (const { id, ports } of asked) {
        const app = appOf(id, portsOf(ports));
        const expected = formerPorts(app, others, 3, 10);
        if (expected === undefined) {
          expect(() => servicePorts.assign(app)).toThrow('already in use');
          return;
        }
        const assigned = servicePorts.assign(app);
        expect(servicePortsOf(assigned)).toEqual(expected);
        others.push(assigned);
      }
    }),
    { numRuns },
  );
});

test('groups are those of all apps that came, and count the apps that are there', () => {
  const change = fc.record({ id: anyId, isThere: fc.boolean() });
  fc.assert(
    fc.property(fc.array(change), fc.array(anyId), (changes, asked) => {
      const [first, ...rest] = changes;
      const repository = new AppRepository(first === undefined ? [] : [{ versions: [appOf(first.id)] }]);
      const ids = new Set(first === undefined ? [] : [first.id]);
      const known = new Set(ids);
      for (const { id, isThere } of rest) {
        if (isThere) {
          repository.put(appOf(id));
          ids.add(id);
          known.add(id);
        } else {
          repository.remove(id);
          ids.delete(id);
        }
        const sorted = [...ids].sort();
        for (const each of ['/', ...asked]) {
          const inside = (app: string) => each === '/' || app.startsWith(`${each}/`);
          expect(repository.group(each) !== undefined).toBe(each === '/' || [...known].some(inside));
          expect(repository.appCount(each)).toBe(sorted.filter(inside).length);
          expect(repository.list(each).map((app) => app.id)).toEqual(sorted.filter((app) => isInGroup(app, each)));
        }
      }
    }),
    { numRuns },
  );
});

test('service ports counted as apps come and go are those that looking at all apps gives', () => {
  const ports = fc.array(fc.integer({ min: 0, max: 8 }), { maxLength: 3 });
  const step = fc.record({ id: anyId, ports, isThere: fc.boolean() });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 12 }), fc.record({ id: anyId, ports }), (steps, asked) => {
      const repository = new AppRepository();
      for (const { id, ports: own, isThere } of steps) {
        if (isThere) repository.put(appOf(id, { portDefinitions: own.map((port) => ({ port: port + 3 })) }));
        else repository.remove(id);
      }
      const app = appOf(asked.id, { portDefinitions: asked.ports.map((port) => ({ port })) });
      const range = { first: 3, last: 30 };
      const present = { usage: repository.portUsage, app: (id: string) => repository.get(id) };
      const expected = new ServicePorts(repository.list(), range).assign(app);
      expect(servicePortsOf(new ServicePorts([], range, present).assign(app))).toEqual(servicePortsOf(expected));
    }),
    { numRuns },
  );
});

test('a change of apps that depend on nothing asks for no other app', () => {
  const untouchable = () => {
    throw new Error('all apps were looked at');
  };
  const there = appOf('/there');
  const present = {
    get: (id: string) => (id === '/there' ? there : undefined),
    list: untouchable,
    groups: untouchable,
    group: (id: string) => (id === '/' ? { id: '/', dependencies: [] } : undefined),
    appCount: (id: string) => (id === '/' ? 1 : 0),
    newGroup: (id: string) => ({ id, dependencies: [] }),
  };
  const changed = { ...there, version: '2026-02-01T00:00:00.000Z', instances: 7 };
  const plan = planChange(present, {
    apps: [
      { id: '/new/one', after: appOf('/new/one') },
      { id: '/there', after: changed },
    ],
  });
  expect(plan).toMatchObject({
    steps: [
      { actions: [{ action: 'StartApplication', app: '/new/one' }] },
      { actions: [{ app: '/new/one' }, { action: 'ScaleApplication', app: '/there' }] },
    ],
  });
});

test('the steps of a change are those that looking at all apps and groups gives', () => {
  const dependencies = fc.oneof(fc.constant<string[]>([]), fc.array(anyId, { maxLength: 2 }));
  const definition = fc.record({ id: anyId, dependencies });
  const distinct = fc.uniqueArray(definition, { selector: ({ id }) => id, maxLength: 4 });
  const outcomes = { problems: 0, steps: 0 };
  fc.assert(
    fc.property(fc.array(definition, { maxLength: 6 }), distinct, distinct, (before, groups, wanted) => {
      const repository = new AppRepository([], { groups });
      for (const { id, dependencies: own } of before) repository.put(appOf(id, { dependencies: own }));
      // What is there has no circle, and no app where a group is: it was looked at when it came.
      fc.pre(!groups.some(({ id }) => [...before, ...wanted].some((app) => app.id === id)));
      fc.pre(stepsFor([], repository.list(), repository.groups()) !== undefined);
      const apps = wanted.map(({ id, dependencies: own }) => ({
        id,
        after: { ...appOf(id, { dependencies: own }), version: '2026-02-01T00:00:00.000Z', instances: 3 },
      }));
      const plan = planChange(repository, { apps });
      const after = [
        ...repository.list().filter(({ id }) => !apps.some((each) => each.id === id)),
        ...apps.map((each) => each.after),
      ];
      if ('problems' in plan) {
        outcomes.problems += 1;
        return;
      }
      const allGroups = [
        ...repository.groups().filter(({ id }) => !plan.groups.some((each) => each.id === id)),
        ...plan.groups.flatMap((each) => each.after ?? []),
      ];
      expect(plan.steps).toEqual(stepsFor(plan.changes, after, allGroups));
      outcomes.steps += 1;
    }),
    { numRuns },
  );
  expect(Math.min(...Object.values(outcomes))).toBeGreaterThan(0);
});
