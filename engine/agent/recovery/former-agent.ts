import { isJsonObject, parseObject, textAt, type JsonObject } from '../../../protocol/json.ts';
import type { Sandboxes } from '../../../platform/files/sandboxes.ts';
import { isSafeId } from '../tasks/task-record.ts';
import { checkCompatible, newAgentAdvice, type AgentInfo } from './agent-info.ts';
import {
  executorsFolder,
  infoFile,
  latestLink,
  slavesFolder,
  tasksFolder,
  type ExecutorCheckpoint,
  type TaskCheckpoint,
} from './checkpoints.ts';

/** What the agents that used a folder before left in it. */
export interface FormerAgent {
  /** Of the agent that this one goes on as. */
  readonly agentId?: string;
  /** Its tasks. */
  readonly tasks: readonly TaskCheckpoint[];
  /** Those of frameworks' own. */
  readonly executors: readonly ExecutorCheckpoint[];
  /** Ids of the agents before it, which are nobody's now. */
  readonly strangers: readonly string[];
  /** Container ids (of Mesos) of all of them. */
  readonly containerIds: ReadonlySet<string>;
}

export interface FormerAgentOptions {
  readonly workDir: string;
  /** What this agent is; missing: it may be another one than it was. */
  readonly info?: AgentInfo;
  readonly isStrict: boolean;
  readonly sandboxes: Sandboxes;
  readonly log: (line: string) => void;
}

/**
 * Reads the records below workDir/meta.
 * @throws Error in Mesos's words when the agent is another one than it was, and, if strict, when a record cannot be read
 */
export async function readFormerAgent(options: FormerAgentOptions): Promise<FormerAgent> {
  const { workDir, sandboxes } = options;
  const agentId = await readAgent(options);
  const ids = (await sandboxes.names(slavesFolder(workDir))).filter((id) => id !== 'latest' && isSafeId(id));
  const tasks =
    agentId === undefined ? [] : await readRecords(tasksFolder(workDir, agentId), 'task', parseTask, options);
  const executors =
    agentId === undefined
      ? []
      : await readRecords(executorsFolder(workDir, agentId), 'executor', parseExecutor, options);
  const containerIds = new Set<string>();
  const strangers = ids.filter((id) => id !== agentId);
  for (const id of ids) {
    for (const name of await sandboxes.names(tasksFolder(workDir, id))) containerIds.add(name.replace(/\.json$/, ''));
  }
  return { ...(agentId !== undefined && { agentId }), tasks, executors, strangers, containerIds };
}

/** Removes what agents before the former one left, but for the newest of them: somebody may want its sandboxes. */
export async function removeStrangers(workDir: string, former: FormerAgent, sandboxes: Sandboxes): Promise<void> {
  for (const id of former.strangers) await sandboxes.remove(`${slavesFolder(workDir)}/${id}`);
  const ids = (await sandboxes.names(`${workDir}/slaves`)).filter((id) => id !== former.agentId);
  const times = await Promise.all(
    ids.map(async (id) => ({ id, time: (await sandboxes.modifiedAt(`${workDir}/slaves/${id}`)) ?? 0 })),
  );
  const oldest = times.sort((one, other) => one.time - other.time).slice(0, -1);
  for (const { id } of oldest) await sandboxes.remove(`${workDir}/slaves/${id}`);
}

const bootIdFile = '/proc/sys/kernel/random/boot_id';

/** The id to go on with; undefined for a new agent. */
async function readAgent({ workDir, info, isStrict, sandboxes, log }: FormerAgentOptions): Promise<string | undefined> {
  const formerBoot = await sandboxes.readRecord(`${workDir}/meta/boot_id`);
  const boot = await sandboxes.readRecord(bootIdFile);
  if (boot !== undefined && boot !== formerBoot) await sandboxes.writeRecord(`${workDir}/meta/boot_id`, boot);
  const folder = await sandboxes.realPath(latestLink(workDir));
  if (folder === undefined) return undefined;
  const agentId = folder.slice(folder.lastIndexOf('/') + 1);
  const previous = parseInfo(await sandboxes.readRecord(infoFile(workDir, agentId)));
  if (previous === undefined || !isSafeId(agentId)) {
    const message = `Failed to perform recovery: Failed to read agent info from '${infoFile(workDir, agentId)}'`;
    if (isStrict) throw new Error(`${message}\n${newAgentAdvice(workDir)}`);
    log(`${message}: registering as a new agent`);
    return undefined;
  }
  try {
    if (info !== undefined) checkCompatible(previous, info, workDir);
  } catch (error) {
    // As Mesos since 1.4: nothing of the agent outlived the reboot, so it may as well be another one.
    if (formerBoot === undefined || boot === undefined || formerBoot === boot) throw error;
    log('Agent host rebooted, and the agent changed: registering as a new agent');
    return undefined;
  }
  return agentId;
}

async function readRecords<Record extends Pick<TaskCheckpoint, 'framework'>>(
  folder: string,
  what: 'task' | 'executor',
  parse: (text: string | undefined, workDir: string) => Record | undefined,
  { workDir, isStrict, sandboxes, log }: FormerAgentOptions,
): Promise<readonly Record[]> {
  const names = (await sandboxes.names(folder)).filter((name) => name.endsWith('.json'));
  const records: Record[] = [];
  for (const name of names) {
    const record = parse(await sandboxes.readRecord(`${folder}/${name}`), workDir);
    // Mesos keeps nothing of the others: their executors ended with the agent (docs/agent-recovery.md).
    if (record !== undefined) {
      if (record.framework.checkpoint === true) records.push(record);
      continue;
    }
    const message = `Failed to perform recovery: Failed to read ${what} info from '${folder}/${name}'`;
    if (isStrict) throw new Error(`${message}\n${newAgentAdvice(workDir)}`);
    log(`${message}: the ${what} is forgotten`);
  }
  return records;
}

function parseInfo(text: string | undefined): AgentInfo | undefined {
  const info = parseObject(text);
  if (typeof info?.['hostname'] !== 'string' || typeof info['port'] !== 'number') return undefined;
  if (!Array.isArray(info['resources']) || !Array.isArray(info['attributes'])) return undefined;
  // Written by an agent, in one step.
  return info as unknown as AgentInfo;
}

/** Ids become names of folders and containers, so a record that was tampered with must not lead elsewhere. */
function isInside(record: JsonObject | undefined, workDir: string): boolean {
  const { directory, frameworkId, agentId, containerId } = record ?? {};
  if (typeof directory !== 'string') return false;
  if (!directory.startsWith(`${workDir}/slaves/`) || directory.split('/').includes('..')) return false;
  return [frameworkId, agentId, containerId].every((id) => typeof id === 'string' && isSafeId(id));
}

function parseTask(text: string | undefined, workDir: string): TaskCheckpoint | undefined {
  const task = parseObject(text);
  const lists = [task?.['statuses'], task?.['pending']].every((list) => Array.isArray(list));
  const isWhole = lists && isJsonObject(task?.['framework']) && isJsonObject(task['task']);
  if (!isWhole || typeof task['state'] !== 'string' || !isInside(task, workDir)) return undefined;
  return task as unknown as TaskCheckpoint;
}

function parseExecutor(text: string | undefined, workDir: string): ExecutorCheckpoint | undefined {
  const executor = parseObject(text);
  const isWhole =
    isJsonObject(executor?.['framework']) && typeof textAt(executor, 'info', 'executor_id', 'value') === 'string';
  return isWhole && isInside(executor, workDir) ? (executor as unknown as ExecutorCheckpoint) : undefined;
}
