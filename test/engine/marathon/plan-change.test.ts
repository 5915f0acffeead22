import fc from 'fast-check';
import { expect, test } from 'vitest';
import { AppRepository } from '../../../engine/marathon/apps/app-repository.ts';
import { completeApp } from '../../../engine/marathon/apps/complete-app.ts';
import { groupsAround, type Group } from '../../../engine/marathon/apps/groups.ts';
import { isInGroup } from '../../../engine/marathon/apps/path-id.ts';
import { planChange, type Wanted } from '../../../engine/marathon/deployments/plan-change.ts';
import type { RecordStore } from '../../../engine/framework/storage/record-store.ts';
import { loadState, recordsOf } from '../../../engine/marathon/storage/saved-state.ts';
import type { App } from '../../../protocol/marathon.ts';
import type { Json } from '../../../protocol/mesos.ts';
import { trials } from '../../support/trials.ts';

const numRuns = trials('PROPERTY_RUNS', { usual: 150, thorough: 500 });

const versionOf = (turn: number) => new Date(turn * 1000).toISOString();
const appOf = (id: string, turn: number): App => ({
  ...completeApp({ id, cmd: `echo ${turn}`, cpus: 0.1, mem: 1 }),
  version: versionOf(turn),
  versionInfo: { lastScalingAt: versionOf(turn), lastConfigChangeAt: versionOf(turn) },
});
const groupOf = (id: string): Group => ({ id, dependencies: [] });

const anyId = fc.array(fc.constantFrom('a', 'b'), { minLength: 1, maxLength: 3 }).map((parts) => `/${parts.join('/')}`);
const things = fc.array(fc.record({ id: anyId, isThere: fc.boolean() }), { maxLength: 3 });
const request = fc.record({ apps: things, groups: things });

const storeOf = (batch: object): RecordStore => ({
  load: () => Promise.resolve([JSON.parse(JSON.stringify(batch)) as Json]),
  append: () => Promise.resolve(false),
  rewrite: () => Promise.resolve(),
});

interface Model {
  readonly apps: ReadonlySet<string>;
  readonly groups: ReadonlySet<string>;
}

/** What a request makes, looked at as a whole; undefined: it breaks a rule. */
function changed(model: Model, { apps, groups }: typeof request extends fc.Arbitrary<infer Value> ? Value : never) {
  const hasTwins = (list: typeof apps) => new Set(list.map(({ id }) => id)).size < list.length;
  if (hasTwins(apps) || hasTwins(groups)) return undefined;
  const after = new Set(model.apps);
  for (const { id, isThere } of apps) after[isThere ? 'add' : 'delete'](id);
  const listed = groups.filter(({ isThere }) => isThere).map(({ id }) => id);
  const needed = new Set(['/', ...[...after, ...listed].flatMap(groupsAround), ...listed]);
  if ([...after].some((id) => needed.has(id))) return undefined;
  const going = new Set(groups.flatMap(({ id, isThere }) => (isThere ? [] : id)));
  const kept = [...model.groups].filter((id) => ![...after].some((app) => isInGroup(id, app)) && !going.has(id));
  return { apps: after, groups: new Set([...needed, ...kept, ...kept.flatMap(groupsAround)]) };
}

test('a change gives all apps and groups that it asks for, or breaks a rule; each version can be had again', async () => {
  const outcomes = { plans: 0, problems: 0, looks: 0 };
  await fc.assert(
    fc.asyncProperty(fc.array(request, { maxLength: 30 }), async (requests) => {
      const records = new Map<string, unknown>();
      const changedKeys = new Set<string>();
      const repository = new AppRepository([], {}, (key) => changedKeys.add(key));
      const { keys, read } = recordsOf({
        ...{ frameworkId: undefined, deployments: { ids: () => [], get: () => undefined } },
        shared: { apps: repository, instances: { taskIds: () => [], get: () => undefined } },
      });
      let model: Model = { apps: new Set(), groups: new Set(['/']) };
      const trees = new Map<string, unknown>();
      const idsOf = (list: Iterable<{ readonly id: string }>) => [...list].map(({ id }) => id).sort();
      requests.forEach((each, turn) => {
        const wanted: Wanted = {
          apps: each.apps.map(({ id, isThere }) => ({ id, ...(isThere ? { after: appOf(id, turn) } : {}) })),
          groups: each.groups.map(({ id, isThere }) => ({ id, ...(isThere ? { after: groupOf(id) } : {}) })),
        };
        const plan = planChange(repository, wanted);
        const expected = changed(model, each);
        expect('problems' in plan).toBe(expected === undefined);
        if ('problems' in plan || expected === undefined) {
          outcomes.problems += 1;
          return;
        }
        outcomes.plans += 1;
        repository.apply(plan.changes, plan.groups, versionOf(turn));
        for (const key of changedKeys) records.set(key, read(key) ?? null);
        changedKeys.clear();
        model = expected;
        expect(idsOf(repository.list())).toEqual([...expected.apps].sort());
        expect(idsOf(repository.groups())).toEqual([...expected.groups].sort());
        trees.set(versionOf(turn), { apps: repository.list(), groups: idsOf(repository.groups()) });
      });
      const whole = Object.fromEntries(Array.from(keys(), (key) => [key, read(key) ?? null]));
      for (const batch of [whole, Object.fromEntries(records)]) {
        const state = await loadState(storeOf(batch));
        const later = new AppRepository(state.apps, state);
        expect([idsOf(later.list()), idsOf(later.groups())]).toEqual([
          [...model.apps].sort(),
          [...model.groups].sort(),
        ]);
        for (const { version, apps, groups } of later.history()) {
          outcomes.looks += 1;
          const sorted = [...apps.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
          expect({ apps: sorted, groups: idsOf(groups.values()) }).toEqual(trees.get(version));
        }
      }
    }),
    { numRuns },
  );
  expect(Math.min(...Object.values(outcomes))).toBeGreaterThan(numRuns);
});

test('nothing is planned twice, and what is planned leaves the repository as it is', () => {
  const repository = new AppRepository([{ versions: [appOf('/g/a', 1)] }]);
  const wanted: Wanted = { apps: [{ id: '/g/a' }, { id: '/h/b', after: appOf('/h/b', 2) }] };
  const plan = planChange(repository, wanted);
  expect(plan).toEqual(planChange(repository, wanted));
  expect(plan).toMatchObject({
    changes: [
      { id: '/g/a', before: { id: '/g/a' } },
      { id: '/h/b', after: { id: '/h/b' } },
    ],
    groups: [{ id: '/h', after: { id: '/h', dependencies: [] } }],
    steps: [{}, {}, {}],
  });
  expect(repository.list().map(({ id }) => id)).toEqual(['/g/a']);
});

test('a version is not shown as if an app had not been there whose definition is no longer known', () => {
  const [first, second] = [appOf('/a', 1), appOf('/a', 2)];
  const history = [
    { version: versionOf(1), apps: [{ id: '/a' }], groups: [] },
    { version: versionOf(2), apps: [{ id: '/a', version: first.version }], groups: [] },
  ];
  const repository = new AppRepository([{ versions: [second] }], { history });
  expect([...repository.history()].map(({ version }) => version)).toEqual([versionOf(2)]);
});
