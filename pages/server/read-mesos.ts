import { listAt, numberAt, textAt, valueAt } from '../../protocol/json.ts';
import type { TaskMoment } from '../picture/details.ts';
import type { AgentRow, Amounts, FrameworkRow, TaskRow } from '../picture/tables.ts';
import { readMoment } from './mesos/read-agent.ts';

/* What a master says in the v1 operator API (mesos.proto, master.proto), as rows. */

const noAmounts: Amounts = { cpus: 0, mem: 0, disk: 0 };

/** @param resources of the v1 API; those of one name are added up */
function amountsOf(resources: readonly unknown[]): Amounts {
  const sum = (name: string) =>
    resources
      .filter((each) => textAt(each, 'name') === name)
      .reduce<number>((all, each) => all + (numberAt(each, 'scalar', 'value') ?? 0), 0);
  return { cpus: rounded(sum('cpus')), mem: sum('mem'), disk: sum('disk') };
}

/** Mesos counts thousandths of a processor. */
const rounded = (cpus: number) => Math.round(cpus * 1000) / 1000;

export const plus = (one: Amounts, other: Amounts, times: 1 | -1 = 1): Amounts => ({
  cpus: rounded(one.cpus + times * other.cpus),
  mem: one.mem + times * other.mem,
  disk: one.disk + times * other.disk,
});

/** What an attribute is, as text. */
function attributeText(attribute: unknown): string {
  const scalar = numberAt(attribute, 'scalar', 'value');
  if (scalar !== undefined) return String(scalar);
  const ranges = listAt(attribute, 'ranges', 'range');
  const range = (each: unknown) => `${numberAt(each, 'begin') ?? 0}-${numberAt(each, 'end') ?? 0}`;
  if (ranges.length > 0) return `[${ranges.map(range).join(',')}]`;
  return textAt(attribute, 'text', 'value') ?? `{${listAt(attribute, 'set', 'item').join(',')}}`;
}

const drainStates: ReadonlyMap<string, AgentRow['state']> = new Map([
  ['DRAINING', 'draining'],
  ['DRAINED', 'drained'],
]);

/** @param agent `GetAgents.Agent`, or one of `/slaves`: both call it so */
export function stateOfAgent(agent: unknown): AgentRow['state'] {
  const drain = drainStates.get(textAt(agent, 'drain_info', 'state') ?? '');
  if (drain !== undefined) return drain;
  if (valueAt(agent, 'deactivated') === true) return 'deactivated';
  return valueAt(agent, 'active') === false ? 'inactive' : 'active';
}

/** @param agent `GetAgents.Agent`; what it uses is told by its tasks */
export function readAgent(agent: unknown): readonly [string, AgentRow] {
  const info = valueAt(agent, 'agent_info');
  const total = listAt(agent, 'total_resources');
  const process = (textAt(agent, 'pid') ?? '').split('@', 1)[0] ?? '';
  const attributes = listAt(info, 'attributes').map((each) => [textAt(each, 'name') ?? '', attributeText(each)]);
  const row: AgentRow = {
    host: textAt(info, 'hostname') ?? '',
    port: numberAt(info, 'port') ?? 5051,
    ...(/^slave\(\d+\)$/.test(process) && process !== 'slave(1)' ? { process } : {}),
    attributes: Object.fromEntries(attributes) as Readonly<Record<string, string>>,
    total: amountsOf(total.length > 0 ? total : listAt(info, 'resources')),
    used: noAmounts,
    tasks: 0,
    state: stateOfAgent(agent),
  };
  return [textAt(info, 'id', 'value') ?? '', row];
}

function stateOfFramework(framework: unknown): FrameworkRow['state'] {
  if (valueAt(framework, 'connected') === false) return 'disconnected';
  return valueAt(framework, 'active') === false ? 'inactive' : 'active';
}

/** @param framework `GetFrameworks.Framework` */
export function readFramework(framework: unknown): readonly [string, FrameworkRow] {
  const info = valueAt(framework, 'framework_info');
  const webUrl = webUrlOf(textAt(info, 'webui_url'));
  const roles = listAt(info, 'roles').filter((role) => typeof role === 'string');
  const row: FrameworkRow = {
    name: textAt(info, 'name') ?? '',
    user: textAt(info, 'user') ?? '',
    roles: roles.length > 0 ? roles : [textAt(info, 'role') ?? '*'],
    state: stateOfFramework(framework),
    ...(webUrl === undefined ? {} : { webUrl }),
    tasks: 0,
    used: noAmounts,
  };
  return [textAt(info, 'id', 'value') ?? '', row];
}

/** A framework says what it wants: only what a browser opens as a page is a link, and no `javascript:`. */
const webUrlOf = (url = '') => (/^https?:\/\//i.test(url) && URL.canParse(url) ? url : undefined);

/** A task, with what it has of its agent. */
export interface KnownTask extends TaskRow {
  readonly disk: number;
  /** The last states that it was in. */
  readonly history: readonly TaskMoment[];
}

/** More states of a task are not kept: one whose health changes all the time has very many. */
export const mostMoments = 20;

/** @param task `mesos.v1.Task` */
export function readTask(task: unknown): readonly [string, KnownTask] {
  const statuses = listAt(task, 'statuses');
  const known: KnownTask = {
    name: textAt(task, 'name') ?? '',
    framework: textAt(task, 'framework_id', 'value') ?? '',
    agent: textAt(task, 'agent_id', 'value') ?? '',
    state: textAt(task, 'state') ?? 'TASK_STAGING',
    ...amountsOf(listAt(task, 'resources')),
    ...ofStatus(statuses.at(-1)),
    history: statuses.slice(-mostMoments).map(readMoment),
  };
  return [textAt(task, 'task_id', 'value') ?? '', known];
}

/** What the latest status of a task says beside its state. */
export function ofStatus(status: unknown): Pick<TaskRow, 'isHealthy' | 'why' | 'since'> {
  const isHealthy = valueAt(status, 'healthy');
  const why = textAt(status, 'message');
  return {
    ...(typeof isHealthy === 'boolean' ? { isHealthy } : {}),
    ...(why === undefined || why === '' ? {} : { why }),
    since: Math.round((numberAt(status, 'timestamp') ?? 0) * 1000),
  };
}

/** Of the first event of the stream: everything there is. */
export function readState(subscribed: unknown) {
  const state = valueAt(subscribed, 'subscribed', 'get_state');
  return {
    frameworks: new Map([
      ...listAt(state, 'get_frameworks', 'completed_frameworks').map(completed),
      ...listAt(state, 'get_frameworks', 'frameworks').map(readFramework),
    ]),
    agents: new Map([
      ...listAt(state, 'get_agents', 'recovered_agents').map(recovered),
      ...listAt(state, 'get_agents', 'agents').map(readAgent),
    ]),
    tasks: new Map([
      ...listAt(state, 'get_tasks', 'completed_tasks').map(readTask),
      ...listAt(state, 'get_tasks', 'unreachable_tasks').map(readTask),
      ...listAt(state, 'get_tasks', 'tasks').map(readTask),
    ]),
  };
}

function completed(framework: unknown): readonly [string, FrameworkRow] {
  const [id, row] = readFramework(framework);
  return [id, { ...row, state: 'completed' }];
}

/** @param info `AgentInfo`: there is no more of an agent that has not come back to a master that leads now */
function recovered(info: unknown): readonly [string, AgentRow] {
  const [id, row] = readAgent({ agent_info: info });
  return [id, { ...row, state: 'recovered' }];
}
