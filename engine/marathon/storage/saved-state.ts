import type { App } from '../../../protocol/marathon.ts';
import { isJsonObject } from '../../../protocol/json.ts';
import type { Json } from '../../../protocol/mesos.ts';
import type { AppRepository, SavedGroups } from '../apps/app-repository.ts';
import type { Deployment } from '../deployments/deployment.ts';
import type { Deployments } from '../deployments/deployments.ts';
import type { Instances } from '../scheduling/instance-index.ts';
import type { Instance } from '../scheduling/instances.ts';
import type { RecordStore } from '../../framework/storage/record-store.ts';
import { recordKey } from './record-key.ts';
import type { Records } from '../../framework/storage/state-store.ts';

/** What survives a restart. */
export interface SavedState extends SavedGroups {
  readonly frameworkId?: string;
  /** Newest version last. */
  readonly apps: readonly { readonly versions: readonly App[] }[];
  readonly instances: readonly Instance[];
  readonly deployments: readonly Deployment[];
}

/** Who leads. */
interface Leader {
  readonly frameworkId: string | undefined;
  readonly shared: {
    readonly apps: Pick<AppRepository, 'ids' | 'saved' | 'group' | 'groups' | 'change' | 'changes'>;
    readonly instances: Pick<Instances, 'taskIds' | 'get'>;
  };
  readonly deployments: Pick<Deployments, 'ids' | 'get'>;
}

/** What a leading Marathon has, as records. It is looked at only when they are read. */
export function recordsOf(leader: Leader): Records {
  const readers: Readonly<Record<string, (id: string) => unknown>> = {
    app: (id) => leader.shared.apps.saved(id),
    group: (id) => leader.shared.apps.group(id),
    change: (version) => leader.shared.apps.change(version),
    instance: (id) => leader.shared.instances.get(id),
    deployment: (id) => leader.deployments.get(id),
  };
  return {
    *keys() {
      yield recordKey.framework;
      for (const id of leader.shared.apps.ids()) yield recordKey.app(id);
      for (const { id } of leader.shared.apps.groups()) yield recordKey.group(id);
      for (const version of leader.shared.apps.changes()) yield recordKey.change(version);
      for (const id of leader.shared.instances.taskIds()) yield recordKey.instance(id);
      for (const id of leader.deployments.ids()) yield recordKey.deployment(id);
    },
    read: (key) => {
      if (key === recordKey.framework) return leader.frameworkId;
      const kind = kindOf(key);
      return readers[kind]?.(key.slice(kind.length + 1));
    },
  };
}

const kindOf = (key: string) => key.slice(0, key.indexOf(':'));

/** A batch of former versions was the whole state. */
const formerFormat = 1;

/** @throws when the store cannot be read, or holds what this version cannot understand */
export async function loadState(store: RecordStore): Promise<SavedState> {
  const records = new Map<string, Json>();
  for (const batch of await store.load()) {
    if (!isJsonObject(batch)) throw notOfThisVersion();
    if (batch['format'] !== undefined) readFormerState(batch, records);
    else readBatch(batch, records);
  }
  return stateOf(records);
}

function readBatch(batch: Readonly<Record<string, Json>>, records: Map<string, Json>): void {
  for (const [key, record] of Object.entries(batch)) {
    if (record === null) records.delete(key);
    else records.set(key, record);
  }
}

function readFormerState(batch: Readonly<Record<string, Json>>, records: Map<string, Json>): void {
  if (batch['format'] !== formerFormat) throw notOfThisVersion();
  const { frameworkId, apps = [], instances = [], deployments = [] } = batch as Partial<SavedState>;
  const set = (key: string, record: unknown) => records.set(key, record as Json);
  if (frameworkId !== undefined) set(recordKey.framework, frameworkId);
  for (const app of apps) set(recordKey.app(app.versions[0]?.id ?? ''), app);
  for (const instance of instances) set(recordKey.instance(instance.taskId), instance);
  for (const deployment of deployments) set(recordKey.deployment(deployment.id), deployment);
}

function stateOf(records: ReadonlyMap<string, Json>): SavedState {
  const found: Record<string, unknown[]> = { app: [], group: [], change: [], instance: [], deployment: [] };
  let frameworkId: string | undefined;
  for (const [key, record] of records) {
    if (key === recordKey.framework) {
      if (typeof record === 'string') frameworkId = record;
      continue;
    }
    const ofKind = found[kindOf(key)];
    if (ofKind === undefined) throw notOfThisVersion();
    ofKind.push(record);
  }
  const { app: apps, group: groups, change: history, instance: instances, deployment: deployments } = found;
  return {
    ...(frameworkId === undefined ? {} : { frameworkId }),
    ...({ apps, groups, history, instances, deployments } as SavedState),
  };
}

const notOfThisVersion = () => new Error('the saved state is not one of this version');
