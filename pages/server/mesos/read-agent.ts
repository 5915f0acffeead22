import { listAt, numberAt, textAt, valueAt } from '../../../protocol/json.ts';
import type { AgentDetails, ExecutorDetails, TaskDetails, TaskMoment, UsageDetails } from '../../picture/details.ts';
import { fromNanoseconds, fromSeconds, given, hasLog, readLabels, readTexts, textsAt } from './read-details.ts';
import { readAmounts, readResources } from './read-resources.ts';

/** What is asked of an agent; of itself it may say nothing. */
interface AgentAnswers {
  /** The master's `/slaves?slave_id=ID` */
  readonly slaves: unknown;
  /** The agent's `/state` */
  readonly state: unknown;
  readonly why: string | undefined;
  /** The master's `/maintenance/schedule` and `/maintenance/status` */
  readonly schedule: unknown;
  readonly status: unknown;
}

/** @returns undefined where the master knows no such agent */
export function readAgentDetails(id: string, answers: AgentAnswers): AgentDetails | undefined {
  const { slaves, state, why, schedule, status } = answers;
  const agent = listAt(slaves, 'slaves').find((each) => textAt(each, 'id') === id);
  if (agent === undefined) return undefined;
  const pid = textAt(agent, 'pid') ?? '';
  const reserved = valueAt(agent, 'reserved_resources_full');
  const lists = Object.values(typeof reserved === 'object' && reserved !== null ? reserved : {}) as readonly unknown[];
  const total = [...listAt(agent, 'unreserved_resources_full'), ...lists.flatMap((list) => listAt(list))];
  return {
    version: textAt(agent, 'version') ?? '',
    pid,
    capabilities: textsAt(agent, 'capabilities'),
    ...given('registeredAt', fromSeconds(numberAt(agent, 'registered_time'))),
    ...given('reregisteredAt', fromSeconds(numberAt(agent, 'reregistered_time'))),
    total: readResources(total),
    used: readResources(listAt(agent, 'used_resources_full')),
    offered: readResources(listAt(agent, 'offered_resources_full')),
    ...given('drain', readDrain(agent)),
    ...given('maintenance', readMaintenance(textAt(agent, 'hostname') ?? '', ipOf(pid), schedule, status)),
    ...(state === undefined ? given('why', why) : { own: readOwn(state) }),
  };
}

/** `slave(1)@127.0.0.1:5051` */
const ipOf = (pid: string) => pid.slice(pid.indexOf('@') + 1, pid.lastIndexOf(':')).replaceAll(/[[\]]/g, '');

function readDrain(agent: unknown): AgentDetails['drain'] {
  const state = textAt(agent, 'drain_info', 'state');
  if (state === undefined) return undefined;
  const grace = numberAt(agent, 'drain_info', 'config', 'max_grace_period', 'nanoseconds');
  return {
    state,
    ...given('startedAt', fromSeconds(numberAt(agent, 'estimated_drain_start_time_seconds'))),
    ...given('grace', grace === undefined ? undefined : grace / 1e9),
    marksGone: valueAt(agent, 'drain_info', 'config', 'mark_gone') === true,
  };
}

function readMaintenance(host: string, ip: string, schedule: unknown, status: unknown): AgentDetails['maintenance'] {
  const isIt = (machine: unknown) => {
    const [itsHost, itsIp] = [textAt(machine, 'hostname') ?? '', textAt(machine, 'ip') ?? ''];
    return (itsHost === '' || itsHost.toLowerCase() === host.toLowerCase()) && (itsIp === '' || itsIp === ip);
  };
  const isDown = listAt(status, 'down_machines').some(isIt);
  const isDraining = listAt(status, 'draining_machines').some((each) => isIt(valueAt(each, 'id')));
  const window = listAt(schedule, 'windows').find((each) => listAt(each, 'machine_ids').some(isIt));
  if (window === undefined && !isDown && !isDraining) return undefined;
  const duration = numberAt(window, 'unavailability', 'duration', 'nanoseconds');
  return {
    mode: isDown ? 'down' : isDraining ? 'draining' : 'scheduled',
    ...given('startsAt', fromNanoseconds(valueAt(window, 'unavailability', 'start'))),
    ...given('duration', duration === undefined ? undefined : duration / 1e9),
  };
}

function readOwn(state: unknown): NonNullable<AgentDetails['own']> {
  const flags = readTexts(valueAt(state, 'flags'));
  return {
    ...given('startedAt', fromSeconds(numberAt(state, 'start_time'))),
    hasLog: hasLog(flags),
    flags,
    executors: [
      ...listAt(state, 'frameworks').flatMap(readExecutors),
      ...listAt(state, 'completed_frameworks').flatMap(readExecutors),
    ],
  };
}

function readExecutors(framework: unknown): readonly ExecutorDetails[] {
  const read = (executor: unknown, isCompleted: boolean): ExecutorDetails => ({
    id: textAt(executor, 'id') ?? '',
    name: textAt(executor, 'name') ?? '',
    framework: textAt(framework, 'id') ?? '',
    frameworkName: textAt(framework, 'name') ?? '',
    container: textAt(executor, 'container') ?? '',
    ...given('type', textAt(executor, 'type')),
    tasks: listAt(executor, 'tasks').length + listAt(executor, 'queued_tasks').length,
    isCompleted,
    resources: readAmounts(valueAt(executor, 'resources')),
  });
  return [
    ...listAt(framework, 'executors').map((each) => read(each, false)),
    ...listAt(framework, 'completed_executors').map((each) => read(each, true)),
  ];
}

/** @param containers the agent's `/containers` */
export function readUsage(containers: unknown): readonly UsageDetails[] {
  return listAt(containers).map((each) => {
    const number = (name: string) => numberAt(each, 'statistics', name);
    return {
      container: textAt(each, 'container_id') ?? '',
      executor: textAt(each, 'executor_id') ?? '',
      framework: textAt(each, 'framework_id') ?? '',
      at: number('timestamp') ?? 0,
      cpuSeconds: (number('cpus_system_time_secs') ?? 0) + (number('cpus_user_time_secs') ?? 0),
      ...given('cpus', number('cpus_limit') ?? number('cpus_soft_limit')),
      ...given('memory', number('mem_rss_bytes') ?? number('mem_total_bytes')),
      ...given('memoryLimit', number('mem_limit_bytes')),
    };
  });
}

/**
 * @param task of the master's `/tasks`
 * @param known what was told of it by events: these have reasons and messages, which `/tasks` has not
 */
export function readTaskDetails(task: unknown, known: readonly TaskMoment[]): TaskDetails {
  const statuses = listAt(task, 'statuses');
  const all = statuses.map((each) => valueAt(each, 'container_status'));
  const latest = all.findLast((each) => each !== undefined);
  const ports = [...listAt(task, 'discovery', 'ports', 'ports'), ...listAt(latest, 'network_infos').flatMap(mapped)];
  return {
    history: known.length > 0 ? known : statuses.map(readMoment),
    executor: textAt(task, 'executor_id') ?? '',
    ...given('role', textAt(task, 'role')),
    ...given('user', textAt(task, 'user')),
    ...given('container', containerText(valueAt(latest, 'container_id'))),
    addresses: listAt(latest, 'network_infos').flatMap((info) =>
      listAt(info, 'ip_addresses').flatMap((each) => textAt(each, 'ip_address') ?? []),
    ),
    ports: ports.map((each) => portText(each)),
    ...given('image', textAt(task, 'container', 'docker', 'image')),
    resources: readAmounts(valueAt(task, 'resources')),
    ...given('portRanges', textAt(task, 'resources', 'ports')?.replaceAll(/[[\]]|(?<=\b(\d+))-\1\b/g, '')),
    labels: readLabels(valueAt(task, 'labels')),
    ...given('healthCheck', healthCheckText(valueAt(task, 'health_check'))),
  };
}

const mapped = (info: unknown) => listAt(info, 'port_mappings');

/** A port of discovery, or a mapping of a network. */
function portText(port: unknown): string {
  const [host, inside] = [numberAt(port, 'host_port'), numberAt(port, 'container_port')];
  const name = textAt(port, 'name');
  const protocol = textAt(port, 'protocol');
  const number = host === undefined ? String(numberAt(port, 'number') ?? '') : `${host} → ${inside ?? ''}`;
  return [name, number + (protocol === undefined ? '' : `/${protocol}`)].filter(Boolean).join(' ');
}

/** With those that it is nested in, as Mesos writes it: `parent.child`. */
function containerText(id: unknown): string | undefined {
  const own = textAt(id, 'value');
  const parent = valueAt(id, 'parent');
  return parent === undefined ? own : `${containerText(parent) ?? ''}.${own ?? ''}`;
}

function healthCheckText(check: unknown): string | undefined {
  if (check === undefined) return undefined;
  const of = valueAt(check, 'http') ?? valueAt(check, 'tcp');
  const port = numberAt(of, 'port');
  const command = textAt(check, 'command', 'value');
  const where = `${port === undefined ? '' : `:${port}`}${textAt(of, 'path') ?? ''}`;
  return [textAt(check, 'type') ?? '', command ?? where].filter(Boolean).join(' ');
}

/** @param status of the v1 API, or of an old endpoint */
export function readMoment(status: unknown): TaskMoment {
  const isHealthy = valueAt(status, 'healthy');
  const message = textAt(status, 'message');
  return {
    state: textAt(status, 'state') ?? '',
    at: Math.round((numberAt(status, 'timestamp') ?? 0) * 1000),
    ...given('reason', textAt(status, 'reason')),
    ...given('message', message === '' ? undefined : message),
    ...given('source', textAt(status, 'source')),
    ...given('isHealthy', typeof isHealthy === 'boolean' ? isHealthy : undefined),
  };
}
