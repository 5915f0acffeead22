import { isJsonObject } from '../../../protocol/json.ts';
import type { Json } from '../../../protocol/mesos.ts';
import type { RecordStore } from '../../framework/storage/record-store.ts';
import type { Records } from '../../framework/storage/state-store.ts';
import type { SavedJob } from '../jobs/job-book.ts';
import type { JobHistory } from '../runs/history.ts';
import type { Run } from '../runs/run.ts';
import type { SharedParts } from '../runs/shared-parts.ts';

/** What survives a restart. */
export interface SavedState {
  readonly frameworkId?: string;
  readonly jobs: readonly SavedJob[];
  readonly runs: readonly Run[];
  readonly histories: readonly JobHistory[];
}

/** The keys of records. */
export const recordKey = {
  framework: 'framework',
  job: (name: string) => `job:${name}`,
  run: (taskId: string) => `run:${taskId}`,
  history: (name: string) => `history:${name}`,
};

/** Who leads. */
interface Leader {
  readonly frameworkId: string | undefined;
  readonly shared: Pick<SharedParts, 'book' | 'runs' | 'history'>;
}

/** What a leading Chronos has, as records. It is looked at only when they are read. */
export function recordsOf(leader: Leader): Records {
  const readers: Readonly<Record<string, (id: string) => unknown>> = {
    job: (name) => leader.shared.book.saved(name),
    run: (taskId) => leader.shared.runs.get(taskId),
    history: (name) => (leader.shared.history.has(name) ? leader.shared.history.get(name) : undefined),
  };
  return {
    *keys() {
      yield recordKey.framework;
      for (const name of leader.shared.book.names()) yield recordKey.job(name);
      for (const taskId of leader.shared.runs.taskIds()) yield recordKey.run(taskId);
      for (const name of leader.shared.history.names()) yield recordKey.history(name);
    },
    read: (key) => {
      if (key === recordKey.framework) return leader.frameworkId;
      const kind = kindOf(key);
      return readers[kind]?.(key.slice(kind.length + 1));
    },
  };
}

const kindOf = (key: string) => key.slice(0, key.indexOf(':'));

/** @throws when the store cannot be read, or holds what this version cannot understand */
export async function loadState(store: RecordStore): Promise<SavedState> {
  const records = new Map<string, Json>();
  for (const batch of await store.load()) {
    if (!isJsonObject(batch)) throw notOfThisVersion();
    for (const [key, record] of Object.entries(batch)) {
      if (record === null) records.delete(key);
      else records.set(key, record);
    }
  }
  const found: Record<string, unknown[]> = { job: [], run: [], history: [] };
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
  return {
    ...(frameworkId === undefined ? {} : { frameworkId }),
    ...({ jobs: found['job'], runs: found['run'], histories: found['history'] } as Omit<SavedState, 'frameworkId'>),
  };
}

const notOfThisVersion = () => new Error('the saved state is not one of this version');
