import { createHash } from 'node:crypto';
import type { ProcessRow } from '../../../platform/processes/process-table.ts';
import type { Processes } from '../../../platform/processes/processes.ts';
import type { Sandboxes } from '../../../platform/files/sandboxes.ts';
import { markName } from '../executors/command-executor.ts';

/** What is kept of a task's process, so that it is found again when the agent was killed. */
interface ProcessRecord {
  readonly id: number;
  readonly startTime: string;
  readonly directory: string;
}

/** A sandbox is the folder of a container (src/slave/paths.hpp, getExecutorRunPath). */
const containerIdIn = (directory: string) => directory.slice(directory.lastIndexOf('/') + 1);

const recordsFolder = (workDir: string) => `${workDir}/meta/processes`;

/** Of files about it. Those below another container have names that need not be theirs alone. */
export const recordName = (directory: string): string =>
  directory.includes('/containers/') ? createHash('sha256').update(directory).digest('hex') : containerIdIn(directory);

const recordFile = (workDir: string, directory: string) => `${recordsFolder(workDir)}/${recordName(directory)}.json`;

/** Where it is written how a process ended that outlives its agent. */
export const endFile = (workDir: string, directory: string): string =>
  `${recordsFolder(workDir)}/${recordName(directory)}.end`;

export const makeRecordsFolder = (workDir: string, sandboxes: Sandboxes): Promise<void> =>
  sandboxes.makeFolder(recordsFolder(workDir));

/** What is kept of the process of a task. */
export const readProcess = async (
  workDir: string,
  directory: string,
  sandboxes: Sandboxes,
): Promise<ProcessRecord | undefined> => parseRecord(await sandboxes.readRecord(recordFile(workDir, directory)));

/** Sandboxes of what outlives its agent, and whose process is recorded; others cannot be gone on with. */
export async function survivingSandboxes(workDir: string, sandboxes: Sandboxes): Promise<ReadonlySet<string>> {
  const names = new Set(await sandboxes.names(recordsFolder(workDir)));
  const recorded = (await readRecords(workDir, sandboxes)).map(({ directory }) => directory);
  return new Set(recorded.filter((directory) => names.has(`${recordName(directory)}.end`)));
}

/** Keeps track of a process, if it is one; resolves with a function that forgets it. Never rejects. */
export async function recordProcess(
  workDir: string,
  directory: string,
  id: number | undefined,
  { processes, sandboxes, log }: OrphanWorld & { readonly log: (line: string) => void },
): Promise<() => Promise<void>> {
  if (id === undefined) return () => Promise.resolve();
  const file = recordFile(workDir, directory);
  const forget = async () => {
    await Promise.all([file, endFile(workDir, directory)].map((each) => sandboxes.remove(each)));
  };
  try {
    const row = await processes.describe(id);
    if (row === undefined) return forget;
    const record: ProcessRecord = { id, startTime: row.startTime, directory };
    await sandboxes.writeRecord(file, JSON.stringify(record));
  } catch (error) {
    log(`The record of process ${id} was not written: ${error instanceof Error ? error.message : String(error)}`);
  }
  return forget;
}

/** The same of a task. */
export const recordRunning = (
  { directory }: { readonly directory: string },
  { processId }: { readonly processId?: number },
  { workDir, world }: { readonly workDir: string; readonly world: Parameters<typeof recordProcess>[3] },
): Promise<() => Promise<void>> => recordProcess(workDir, directory, processId, world);

export interface OrphanWorld {
  readonly processes: Processes;
  readonly sandboxes: Sandboxes;
}

/** What a process is of. */
export interface OfProcess {
  readonly containerId: string;
  readonly directory: string;
}

/** How long processes may take to end by themselves. */
const defaultGraceMs = 300;
const pollMs = 20;

/**
 * Ends what is left of the tasks of an agent that was killed; to be called when no agent uses the folder. A process is
 * ended only when it is known to be a task's: by its id and start time in the agent's records, or by the variable in
 * its environment that names its sandbox (on Linux; it also finds those that left their process group).
 * @param workDir as in AgentOptions; it need not exist
 * @param isKept tells which tasks somebody goes on with
 * @returns the number of tasks that had processes
 */
export async function endOrphans(
  workDir: string,
  world: OrphanWorld,
  isKept?: (of: OfProcess) => boolean,
): Promise<number> {
  return endOrphansOf([workDir], world, isKept);
}

/** The same for several agents, with one look at the machine. */
export async function endOrphansOf(
  workDirs: readonly string[],
  world: OrphanWorld,
  isKept: (of: OfProcess) => boolean = () => false,
  graceMs = defaultGraceMs,
): Promise<number> {
  const { processes, sandboxes } = world;
  const isOrphan = ({ directory }: { readonly directory: string }) =>
    !isKept({ containerId: containerIdIn(directory), directory });
  const recorded = await Promise.all(workDirs.map(async (workDir) => readRecords(workDir, sandboxes)));
  const rows = new Map((await processes.list()).map((row) => [row.id, row]));
  const leaders = recorded
    .flatMap((all) => all.filter(isOrphan))
    .filter(({ id, startTime }) => {
      const row = rows.get(id);
      return row?.groupId === id && row.startTime === startTime;
    });
  const marked = (await listMarked(workDirs, [...rows.values()], processes)).filter(isOrphan);
  await end(
    leaders.map(({ id }) => id),
    marked.map(({ row }) => row),
    processes,
    graceMs,
  );
  const kept = new Set(
    recorded.flatMap((all) => all.filter((each) => !isOrphan(each)).map(({ directory }) => recordName(directory))),
  );
  for (const workDir of workDirs) {
    const folder = recordsFolder(workDir);
    const names = await sandboxes.names(folder);
    const gone = names.filter((name) => !kept.has(name.replace(/\.\w+$/, '')));
    if (gone.length === names.length) await sandboxes.remove(folder);
    else await Promise.all(gone.map((name) => sandboxes.remove(`${folder}/${name}`)));
  }
  return new Set([...leaders, ...marked].map(({ directory }) => directory)).size;
}

/**
 * Kills the processes of ended tasks that had left their process group, as far as the system shows them.
 * @param runningNow sandboxes of the tasks that run
 */
export async function endLeftovers(
  workDir: string,
  processes: Processes,
  runningNow: () => ReadonlySet<string>,
): Promise<void> {
  const marked = await listMarked([workDir], await processes.list(), processes);
  // Only now: what was started since the list was made is not in it.
  const running = runningNow();
  for (const { row, directory } of marked) {
    if (!running.has(directory)) processes.signalProcess(row.id, 'SIGKILL');
  }
}

async function listMarked(workDirs: readonly string[], rows: readonly ProcessRow[], processes: Processes) {
  const folders = workDirs.flatMap((workDir) => [`${workDir}/slaves/`, `${workDir}/containers/`]);
  const marked: { readonly row: ProcessRow; readonly directory: string }[] = [];
  for (const row of rows) {
    const directory = (await processes.environmentOf(row.id))?.[markName];
    if (directory !== undefined && folders.some((folder) => directory.startsWith(folder)))
      marked.push({ row, directory });
  }
  return marked;
}

async function end(
  groupIds: readonly number[],
  rows: readonly ProcessRow[],
  processes: Processes,
  graceMs: number,
): Promise<void> {
  let groups = groupIds;
  let others = rows;
  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    for (const id of groups) processes.signalGroup(id, signal);
    for (const { id } of others) processes.signalProcess(id, signal);
    for (let waitedMs = 0; waitedMs < graceMs; waitedMs += pollMs) {
      const now = await processes.list();
      const alive = new Set(now.map(({ groupId }) => groupId));
      groups = groups.filter((id) => alive.has(id));
      // An id may belong to somebody else by now.
      const started = new Map(now.map(({ id, startTime }) => [id, startTime]));
      others = others.filter(({ id, startTime }) => started.get(id) === startTime);
      if (groups.length + others.length === 0) return;
      await new Promise((resolve) => setTimeout(resolve, pollMs));
    }
  }
}

async function readRecords(workDir: string, sandboxes: Sandboxes): Promise<readonly ProcessRecord[]> {
  const folder = recordsFolder(workDir);
  const names = (await sandboxes.names(folder)).filter((name) => name.endsWith('.json'));
  const records = await Promise.all(
    names.map(async (name) => parseRecord(await sandboxes.readRecord(`${folder}/${name}`))),
  );
  return records.filter((record) => record !== undefined);
}

function parseRecord(text: string | undefined): ProcessRecord | undefined {
  try {
    const record = JSON.parse(text ?? '') as Partial<ProcessRecord> | null;
    const { id, startTime, directory } = record ?? {};
    if (typeof id !== 'number' || typeof startTime !== 'string' || typeof directory !== 'string') return undefined;
    return { id, startTime, directory };
  } catch {
    return undefined;
  }
}
