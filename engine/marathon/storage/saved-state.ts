import { isJsonObject } from '../../../protocol/json.ts';
import type { App } from '../../../protocol/marathon.ts';
import type { OnVersions } from '../apps/app-repository.ts';
import type { Deployment } from '../deployments/deployment.ts';
import type { Instance } from '../scheduling/instances.ts';
import type { StateStore } from './state-store.ts';

/** What survives a restart. */
export interface SavedState {
  readonly frameworkId?: string;
  /** Newest version last. */
  readonly apps: readonly { readonly versions: readonly App[] }[];
  readonly instances: readonly Instance[];
  readonly deployments: readonly Deployment[];
  /** Of the next version of an app. */
  readonly nextOrder: number;
}

/** A version of an app. The order says which is the newest: clocks go back, orders do not. */
export interface SavedApp {
  readonly order: number;
  readonly app: App;
}

/** What a deployment is, and by another record how far it is: only that changes. */
export type SavedPlan = Omit<Deployment, keyof SavedProgress>;
export type SavedProgress = Pick<Deployment, 'current' | 'awaitHealth'>;

/** Keys of records: what something is, and which one. */
export const recordKeys = {
  framework: 'framework',
  app: (id: string, version: string) => `app ${id} ${version}`,
  instance: (taskId: string) => `instance ${taskId}`,
  plan: (deploymentId: string) => `plan ${deploymentId}`,
  progress: (deploymentId: string) => `progress ${deploymentId}`,
};

/** The state that records make up; a record of another kind is a later version's. */
export function stateOf(records: ReadonlyMap<string, unknown>): SavedState {
  const frameworkId = records.get(recordKeys.framework);
  const apps: SavedApp[] = [];
  const instances: Instance[] = [];
  const plans: SavedPlan[] = [];
  for (const [key, value] of records) {
    if (key.startsWith('app ')) apps.push(value as SavedApp);
    else if (key.startsWith('instance ')) instances.push(value as Instance);
    else if (key.startsWith('plan ')) plans.push(value as SavedPlan);
  }
  apps.sort((a, b) => a.order - b.order);
  const versions = new Map<string, App[]>();
  for (const { app } of apps) {
    const others = versions.get(app.id);
    if (others === undefined) versions.set(app.id, [app]);
    else others.push(app);
  }
  return {
    ...(typeof frameworkId === 'string' ? { frameworkId } : {}),
    apps: [...versions.values()].map((each) => ({ versions: each })),
    instances,
    deployments: plans.map((plan) => ({ ...plan, ...progressOf(records, plan) })),
    nextOrder: (apps.at(-1)?.order ?? -1) + 1,
  };
}

/** A deployment that has entered no step yet is before the first. */
const progressOf = (records: ReadonlyMap<string, unknown>, { id }: SavedPlan): SavedProgress =>
  (records.get(recordKeys.progress(id)) as SavedProgress | undefined) ?? { current: 0, awaitHealth: [] };

/** Saves versions of apps as they come and go. @param nextOrder of the next one */
export function savedApps(store: Pick<StateStore, 'put' | 'remove'>, nextOrder: number): OnVersions {
  let order = nextOrder;
  return (versions, before) => {
    const kept = new Set(versions.map(({ version }) => version));
    for (const { id, version } of before) if (!kept.has(version)) store.remove(recordKeys.app(id, version));
    for (const app of versions) {
      if (before.includes(app)) continue;
      store.put(recordKeys.app(app.id, app.version), { order, app } satisfies SavedApp);
      order += 1;
    }
  };
}

/**
 * The records of a state that was saved as a whole, before there were records.
 * @throws when it is not of that form
 */
export function recordsOfWhole(saved: unknown): Map<string, unknown> {
  const given = saved as Partial<SavedState>;
  if (!isJsonObject(saved) || saved['format'] !== 1) throw new Error('the saved state is not one of this version');
  const records = new Map<string, unknown>();
  if (given.frameworkId !== undefined) records.set(recordKeys.framework, given.frameworkId);
  let order = 0;
  for (const app of (given.apps ?? []).flatMap(({ versions }) => versions)) {
    records.set(recordKeys.app(app.id, app.version), { order, app } satisfies SavedApp);
    order += 1;
  }
  for (const instance of given.instances ?? []) records.set(recordKeys.instance(instance.taskId), instance);
  for (const { current, awaitHealth, ...plan } of given.deployments ?? []) {
    records.set(recordKeys.plan(plan.id), plan satisfies SavedPlan);
    records.set(recordKeys.progress(plan.id), { current, awaitHealth } satisfies SavedProgress);
  }
  return records;
}
