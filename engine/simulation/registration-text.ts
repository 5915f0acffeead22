import type { FrameworkInfo, Resource } from '../../protocol/mesos.ts';
import { latestStatus, type SimulatedTask } from './simulated-task.ts';

/** What an agent says of itself each time; the texts are the same ones for many agents. */
export interface AgentText {
  readonly ordinal: number;
  readonly hostname: string;
  readonly port: number;
  readonly version: string;
  /** As JSON. */
  readonly resources: string;
  readonly attributes: string;
}

interface Registering {
  readonly channel: number;
  /** Empty at the first registration. */
  readonly id: string;
  readonly tasks: Iterable<SimulatedTask>;
  readonly checkpointed: readonly Resource[];
  readonly ip: string;
  readonly frameworks: ReadonlyMap<string, FrameworkInfo>;
}

/** A SUBSCRIBE call with all tasks (ChannelCall of protocol/agent-api.ts), put together from texts: they are long. */
export function registrationText(
  agent: AgentText,
  { channel, id, tasks, checkpointed, ip, frameworks }: Registering,
): string {
  const active = new Set<string>();
  const reported: string[] = [];
  const executors = new Map<string, string>();
  for (const task of tasks) {
    active.add(task.frameworkId);
    const status = JSON.stringify(latestStatus(task, ip));
    const { executor } = task.group ?? {};
    const key = `${task.frameworkId} ${executor?.executor_id.value ?? ''}`;
    if (executor !== undefined && !executors.has(key)) {
      executors.set(key, JSON.stringify({ framework_id: { value: task.frameworkId }, executor_info: executor }));
    }
    reported.push(
      `{"framework_id":{"value":${JSON.stringify(task.frameworkId)}},"task":${task.info},"status":${status}}`,
    );
  }
  const infos = [...active].map((value) => JSON.stringify({ ...frameworks.get(value), id: { value } }));
  const { hostname, port, version, ordinal } = agent;
  const given = id === '' ? {} : { agent_id: { value: id } };
  const held = checkpointed.length === 0 ? {} : { checkpointed_resources: checkpointed };
  const self = JSON.stringify({ ...given, hostname, port, ip, version, ordinal, ...held }).slice(0, -1);
  const lists = `"resources":${agent.resources},"attributes":${agent.attributes},"tasks":[${reported.join(',')}]`;
  const owners = `"frameworks":[${infos.join(',')}],"executors":[${[...executors.values()].join(',')}]`;
  return `{"type":"SUBSCRIBE","channel":${channel},"subscribe":${self},${lists},${owners}}}`;
}
