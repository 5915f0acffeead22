import type { FileSystem } from '../../platform/files/file-system.ts';
import type { ProcessIdentity } from '../../platform/processes/process-identity.ts';
import type { FormerFolder } from '../cluster-runtime.ts';
import type { Plan } from '../../planning/plan/plan.ts';
import { planOfToday } from '../lab-record.ts';
import type { EmbeddedCluster } from './embedded-cluster.ts';
import { runFolder } from './run-folder.ts';

/** What `up` leaves for the commands after it. */
export interface RunRecord {
  readonly format: 1;
  readonly process: ProcessIdentity;
  /** Absolute, without symbolic links: where the lab was when it was started. Earlier versions did not say it. */
  readonly directory?: string;
  /** Version of create-mesos-cluster that runs the lab. */
  readonly version: string;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  /** What runs, even if the spec was changed since. */
  readonly plan: Plan;
  readonly cluster: EmbeddedCluster;
  /** Fingerprint of the plan that was asked for. */
  readonly asked: string;
  /** What flags said over the spec. Earlier versions did not say it. */
  readonly settings?: readonly unknown[];
}

/** What is known of a lab's run: nothing, something unreadable, or its record. */
export type FoundRecord =
  | { readonly kind: 'none' }
  /** There is a folder, but its process did not come to write the record, or the record is damaged. */
  | { readonly kind: 'remains' }
  | { readonly kind: 'record'; readonly record: RunRecord };

/** What runs on Docker or on machines keeps its record there, too. */
const ofOtherRuntimes: ReadonlySet<string> = new Set(['docker', 'hosts']);

/** Reads the record of a lab. */
export function readRunRecord(files: FileSystem, directory: string): FoundRecord {
  const folder = runFolder(directory);
  const inside = files.list(folder.path);
  if (inside === undefined || (inside.length > 0 && inside.every((name) => ofOtherRuntimes.has(name))))
    return { kind: 'none' };
  if (files.kindOf(folder.record) !== 'file') return { kind: 'remains' };
  try {
    const record: unknown = JSON.parse(files.readText(folder.record));
    if (!isRunRecord(record)) return { kind: 'remains' };
    return { kind: 'record', record: { ...record, plan: planOfToday(record.plan) } };
  } catch {
    return { kind: 'remains' };
  }
}

/** Where the lab of a record was when it was started; undefined: it is still there. */
export function formerFolder(
  files: FileSystem,
  directory: string,
  { directory: folder }: RunRecord,
): FormerFolder | undefined {
  if (folder === undefined || folder === files.realPath(directory)) return undefined;
  return { folder, isCopy: files.kindOf(`${folder}/mesos-cluster.yaml`) !== undefined };
}

/** Writes the record so that a reader sees the old one or the new one. */
export function writeRunRecord(files: FileSystem, directory: string, record: RunRecord): void {
  const { record: path } = runFolder(directory);
  files.writeText(`${path}.next`, `${JSON.stringify(record)}\n`, false);
  files.rename(`${path}.next`, path);
}

function isRunRecord(value: unknown): value is RunRecord {
  if (typeof value !== 'object' || value === null) return false;
  const { format, process } = value as Partial<RunRecord>;
  return format === 1 && typeof process?.pid === 'number' && typeof process.started === 'string';
}
