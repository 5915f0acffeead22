import { valueAt, type JsonObject } from '../../../protocol/json.ts';
import { HttpError, type HttpAnswer } from '../../http/http-answer.ts';
import type { HttpRequest } from '../../http/http-request.ts';
import { messageAnswer } from '../../protobuf/message-answer.ts';
import { recordIo } from '../../protobuf/media-types.ts';
import { setLoggingLevel } from '../../observability/logging-toggle.ts';
import { agentFlags } from '../agent-flags.ts';
import { listFiles, readFile } from '../../files/file-calls.ts';
import { answerContainerCall, refuseIfContainerCall } from '../containers/container-calls.ts';
import { agentMetrics } from './agent-metrics.ts';
import { filesOf, type AgentView } from './agent-view.ts';
import { describeAgent } from './describe-agent.ts';
import { describeContainerV1, listContainers } from './describe-containers.ts';
import { describeVersion, executorName } from './describe-state.ts';
import { readOperatorCall, type OperatorCall } from './read-operator-call.ts';
import { isByItself, isTerminal, type TaskRecord, type ExecutorRecord } from '../tasks/task-record.ts';
import { isActive } from '../tasks/task-table.ts';

type Call = (view: AgentView, call: JsonObject) => unknown;

/** The calls of POST /api/v1 that only read (mesos.v1.agent.Call; docs/operator-http-api.md). */
const calls: Readonly<Record<string, Call>> = {
  GET_HEALTH: () => ({ get_health: { healthy: true } }),
  GET_VERSION: (view) => ({ get_version: { version_info: describeVersion(view.options.version) } }),
  GET_FLAGS: (view) => ({
    get_flags: {
      flags: Object.entries(agentFlags(view.options, view.port, view.master()?.url ?? '')).map(([name, value]) => ({
        name,
        value,
      })),
    },
  }),
  GET_METRICS: async (view) => ({
    get_metrics: { metrics: Object.entries(await agentMetrics(view)).map(([name, value]) => ({ name, value })) },
  }),
  LIST_FILES: (view, call) => listFiles(filesOf(view), call),
  READ_FILE: (view, call) => readFile(filesOf(view), call),
  GET_LOGGING_LEVEL: ({ logLevel }) => ({ get_logging_level: { level: logLevel.level } }),
  GET_AGENT: (view) => ({ get_agent: { agent_info: describeAgent(view), ...describeDrain(view) } }),
  GET_CONTAINERS: async (view, call) => {
    const isAsked = (name: string) => valueAt(call, 'get_containers', name) === true;
    const containers = await listContainers(view, {
      showNested: isAsked('show_nested'),
      showStandalone: isAsked('show_standalone'),
    });
    return { get_containers: { containers: containers.map(describeContainerV1) } };
  },
  GET_FRAMEWORKS: (view) => ({ get_frameworks: describeFrameworks(view) }),
  GET_EXECUTORS: (view) => ({ get_executors: describeExecutors(view) }),
  GET_TASKS: (view) => ({ get_tasks: describeTasks(view) }),
  GET_OPERATIONS: () => ({ get_operations: {} }),
  GET_RESOURCE_PROVIDERS: () => ({ get_resource_providers: {} }),
  GET_STATE: (view) => ({
    get_state: {
      get_tasks: describeTasks(view),
      get_executors: describeExecutors(view),
      get_frameworks: describeFrameworks(view),
    },
  }),
};

/** Those of calls about containers are looked at with all of theirs. */
const needsField = new Set(['GET_METRICS', 'SET_LOGGING_LEVEL', 'LIST_FILES', 'READ_FILE']);

/** @throws HttpError 400, 406, 415 in Mesos's words, 501 for a call that this agent does not serve */
export async function answerOperatorCall(request: HttpRequest, view: AgentView): Promise<HttpAnswer> {
  const operatorCall = await readOperatorCall(request);
  const { type } = operatorCall.call;
  const invalid = (why: string) => new HttpError(400, `Failed to validate agent::Call: ${why}`);
  if (typeof type !== 'string') throw invalid("Expecting 'type' to be present");
  const field = type.toLowerCase();
  if (needsField.has(type) && operatorCall.call[field] === undefined) {
    throw invalid(`Expecting '${field}' to be present`);
  }
  const problem = refuseIfContainerCall(type, operatorCall.call);
  if (problem !== undefined) throw invalid(problem);
  refuseStreams(type, operatorCall);
  if (type === 'SET_LOGGING_LEVEL') {
    return setLoggingLevel(view.logLevel, operatorCall.call[field] ?? {});
  }
  const { containers } = view;
  if (containers !== undefined) {
    const answer = answerContainerCall(type, operatorCall.call, { ...operatorCall, containers, request });
    if (answer !== undefined) return answer;
  }
  // There are no images that could be pruned.
  if (type === 'PRUNE_IMAGES') return { status: 200 };
  const call = Object.hasOwn(calls, type) ? calls[type] : undefined;
  if (call === undefined) throw new HttpError(501, `This agent does not serve ${type}`);
  return messageAnswer(operatorCall.format, 'agent.Response', {
    type,
    ...((await call(view, operatorCall.call)) as object),
  });
}

/** What may be a stream, and must be (src/slave/http.cpp, Http::_api). @throws HttpError */
function refuseStreams(type: string, { others, wantsStream }: OperatorCall): void {
  const isStream = others !== undefined;
  const isInput = type === 'ATTACH_CONTAINER_INPUT';
  if (isStream && !isInput) {
    throw new HttpError(415, `Streaming 'Content-Type' ${recordIo} is not supported for ${type} call`);
  }
  if (isInput && !isStream) throw new HttpError(415, `Expecting 'Content-Type' to be ${recordIo} for ${type} call`);
  if (wantsStream && type !== 'ATTACH_CONTAINER_OUTPUT' && type !== 'LAUNCH_NESTED_CONTAINER_SESSION') {
    throw new HttpError(406, `Streaming response is not supported for ${type} call`);
  }
}

function describeDrain({ draining }: AgentView) {
  const current = draining?.();
  if (current === undefined) return {};
  const seconds = Math.floor(current.startedAt / 1000);
  return { drain_config: current.config, estimated_drain_start_time: { nanoseconds: seconds * 1e9 } };
}

function describeFrameworks({ table }: AgentView) {
  const all = [...table.frameworks.values()].map((framework) => ({
    isActive: isActive(framework),
    item: { framework_info: { ...framework.info, id: { value: framework.id } } },
  }));
  return {
    frameworks: all.filter(({ isActive }) => isActive).map(({ item }) => item),
    completed_frameworks: all.filter(({ isActive }) => !isActive).map(({ item }) => item),
  };
}

function describeExecutors({ table }: AgentView) {
  const describe = (record: TaskRecord) => ({
    executor_info: {
      executor_id: record.task.task_id,
      framework_id: { value: record.frameworkId },
      command: record.task.command ?? { shell: true },
      ...(record.task.container !== undefined && { container: record.task.container }),
      resources: [],
      name: executorName(record),
      source: record.task.task_id.value,
    },
  });
  const own = ({ info }: ExecutorRecord) => ({ executor_info: info });
  const completed = [...table.frameworks.values()].flatMap(({ completedExecutors }) => completedExecutors);
  return {
    executors: [...[...table.executors()].map(own), ...[...table.active()].filter(isByItself).map(describe)],
    completed_executors: [...completed.map(own), ...[...table.completed()].filter(isByItself).map(describe)],
  };
}

function describeTasks({ table }: AgentView) {
  const active = [...table.active()];
  const isQueued = ({ state }: TaskRecord) => state === 'TASK_STAGING';
  return {
    pending_tasks: [],
    queued_tasks: active.filter(isQueued).map(describeTask),
    launched_tasks: active.filter((record) => !isTerminal(record) && !isQueued(record)).map(describeTask),
    terminated_tasks: active.filter(isTerminal).map(describeTask),
    completed_tasks: [...table.completed()].map(describeTask),
  };
}

function describeTask({ task, frameworkId, agentId, state, statuses }: TaskRecord) {
  const latest = statuses.at(-1);
  return {
    name: task.name,
    task_id: task.task_id,
    framework_id: { value: frameworkId },
    ...(task.executor !== undefined && { executor_id: task.executor.executor_id }),
    agent_id: { value: agentId },
    state,
    resources: task.resources,
    statuses,
    ...(latest?.uuid !== undefined && { status_update_state: latest.state, status_update_uuid: latest.uuid }),
    ...(task.labels !== undefined && { labels: task.labels }),
    ...(task.discovery !== undefined && { discovery: task.discovery }),
    ...(task.container !== undefined && { container: task.container }),
    ...(task.health_check !== undefined && { health_check: task.health_check }),
    ...(task.check !== undefined && { check: task.check }),
    ...(task.max_completion_time !== undefined && { max_completion_time: task.max_completion_time }),
    ...(task.kill_policy !== undefined && { kill_policy: task.kill_policy }),
    ...(task.command?.user !== undefined && { user: task.command.user }),
  };
}
