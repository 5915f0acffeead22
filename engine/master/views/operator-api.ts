import { HttpError, type HttpAnswer } from '../../http/http-answer.ts';
import type { HttpRequest } from '../../http/http-request.ts';
import { listOf, objectOf } from '../../http/json-parts.ts';
import { acceptedFormat, type MessageFormat } from '../../protobuf/media-types.ts';
import { messageAnswer } from '../../protobuf/message-answer.ts';
import { readCall } from '../../protobuf/read-call.ts';
import { recordFormat } from '../../protobuf/record-format.ts';
import { maxBufferedBytes } from '../operator/operator-stream.ts';
import { setLoggingLevel } from '../../observability/logging-toggle.ts';
import { textAt } from '../../../protocol/json.ts';
import { maintenanceReads, maintenanceWrites } from '../maintenance/maintenance-api.ts';
import { quotaReads, quotaWrites } from '../quota/quota-api.ts';
import { weightReads, weightWrites } from '../quota/weights-api.ts';
import { weightOf } from '../quota/weights.ts';
import { agentWrites } from '../operator/agent-decisions.ts';
import { fileReads } from './master-files.ts';
import { toMasterInfo } from './master-info.ts';
import { answerOperation, isOperationCall, operationFields } from '../reservations/operator-operations.ts';
import { pendingOperations } from '../reservations/operations.ts';
import { tearDown } from './teardown.ts';
import { toMetrics } from './metrics.ts';
import { operatorCall } from '../wire/messages/operator-call.ts';
import { toResourceList, noResources, plus } from '../resources.ts';
import { allocationOf } from '../allocations.ts';
import type { Term } from '../term.ts';
import { toAgentV1 } from './view-agent.ts';
import { toExecutorsV1 } from './view-executor.ts';
import { toFrameworkV1 } from './view-framework.ts';
import { knownRoles } from './view-state.ts';
import { toTaskV1 } from './view-task.ts';

const seconds = (milliseconds: number) => milliseconds / 1000;

function getAgents({ cluster }: Term) {
  return objectOf({ agents: listOf(cluster.agents.values(), toAgentV1), recovered_agents: [] });
}

function getFrameworks({ cluster }: Term) {
  return objectOf({
    frameworks: listOf(cluster.frameworks.values(), toFrameworkV1),
    completed_frameworks: listOf(cluster.completedFrameworks.values(), toFrameworkV1),
  });
}

function getTasks({ cluster }: Term) {
  const frameworks = [...cluster.frameworks.values()];
  const all = [...frameworks, ...cluster.completedFrameworks.values()];
  return objectOf({
    tasks: listOf(
      frameworks.flatMap(({ tasks }) => [...tasks.values()]),
      toTaskV1,
    ),
    unreachable_tasks: listOf(
      all.flatMap(({ unreachableTasks }) => [...unreachableTasks.values()]),
      toTaskV1,
    ),
    completed_tasks: listOf(
      all.flatMap(({ completedTasks }) => completedTasks),
      toTaskV1,
    ),
  });
}

function getRoles(term: Term) {
  const roles = knownRoles(term).map(([name, frameworks]) => {
    const weight = weightOf(term.registrar.registry, name);
    if (frameworks.length === 0) return { name, weight };
    const used = frameworks.reduce((sum, framework) => {
      const allocation = allocationOf(framework, name);
      return plus(sum, plus(allocation.used, allocation.offered));
    }, noResources);
    return { name, weight, frameworks: frameworks.map(({ id }) => ({ value: id })), resources: toResourceList(used) };
  });
  return { roles };
}

function getMetrics({ settings }: Term, term: Term) {
  return { metrics: Object.entries(toMetrics(settings, term)).map(([name, value]) => ({ name, value })) };
}

function getVersion({ settings: { version } }: Term) {
  const { buildDate, buildTime, buildUser } = version;
  const info = { version: version.version, build_date: buildDate, build_time: buildTime, build_user: buildUser };
  return { version_info: info };
}

/** What frameworks have named and not acknowledged (master.proto, message Response.GetOperations). */
function getOperations(term: Term) {
  const operations = [...pendingOperations(term)].map(([framework, { uuid, agentId, info, status }]) => {
    const latest = status ?? { operation_id: info.id, state: 'OPERATION_PENDING' };
    return {
      framework_id: { value: framework.id },
      agent_id: { value: agentId },
      info,
      latest_status: latest,
      statuses: status === undefined ? undefined : [status],
      uuid: { value: uuid },
    };
  });
  return operations.length === 0 ? {} : { operations };
}

const getState = (term: Term) =>
  objectOf({
    get_tasks: getTasks(term),
    get_executors: toExecutorsV1(term.cluster),
    get_frameworks: getFrameworks(term),
    get_agents: getAgents(term),
  });

/** The answer to each call, which is under the call's own name in lower case (master.proto, message Response). */
const answers: Readonly<Record<string, (term: Term) => unknown>> = {
  GET_HEALTH: () => ({ healthy: true }),
  GET_VERSION: getVersion,
  GET_FLAGS: ({ settings: { flags } }) => ({
    flags: Object.entries(flags).map(([name, value]) => ({ name, value })),
  }),
  GET_METRICS: (term) => getMetrics(term, term),
  GET_AGENTS: getAgents,
  GET_FRAMEWORKS: getFrameworks,
  GET_TASKS: getTasks,
  GET_EXECUTORS: ({ cluster }) => toExecutorsV1(cluster),
  GET_ROLES: getRoles,
  GET_STATE: getState,
  GET_MASTER: ({ settings, electedTime }) => ({
    master_info: toMasterInfo(settings),
    start_time: seconds(settings.startTime),
    elected_time: seconds(electedTime),
  }),
  ...maintenanceReads,
  GET_OPERATIONS: getOperations,
  ...quotaReads,
  ...weightReads,
  GET_LOGGING_LEVEL: ({ settings: { logLevel } }) => ({ level: logLevel.level }),
};

/** SUBSCRIBE: the state, and then each event of the cluster. */
async function followCluster(term: Term, format: MessageFormat): Promise<HttpAnswer> {
  const records = await recordFormat(format, 'master.Event');
  return {
    status: 200,
    headers: { 'Content-Type': format },
    maxBufferedBytes,
    stream: (sink) => {
      const heartbeat = seconds(term.settings.heartbeatIntervalMs);
      const subscribed = objectOf({ get_state: getState(term), heartbeat_interval_seconds: heartbeat });
      term.operators.open(sink, records, objectOf({ type: 'SUBSCRIBED', subscribed }));
    },
  };
}

/** What a call must have (src/master/validation.cpp, master::call::validate). */
const needed: Readonly<Record<string, string>> = {
  ...operationFields,
  ...Object.fromEntries(
    [
      ...['GET_METRICS', 'SET_LOGGING_LEVEL', 'TEARDOWN'],
      ...['UPDATE_MAINTENANCE_SCHEDULE', 'START_MAINTENANCE', 'STOP_MAINTENANCE'],
      ...['SET_QUOTA', 'REMOVE_QUOTA', 'UPDATE_QUOTA', 'UPDATE_WEIGHTS', 'LIST_FILES', 'READ_FILE'],
      ...['DRAIN_AGENT', 'DEACTIVATE_AGENT', 'REACTIVATE_AGENT', 'MARK_AGENT_GONE'],
    ].map((type) => [type, type.toLowerCase()]),
  ),
};

const writes = { ...maintenanceWrites, ...agentWrites, ...quotaWrites, ...weightWrites };

/** `POST /api/v1` of the leading master (docs/operator-http-api.md; src/master/http.cpp, Master::Http::api). */
export async function answerOperator(term: Term, request: HttpRequest): Promise<HttpAnswer> {
  const call = await readCall(request, operatorCall, 'master.Call');
  const { type } = call;
  const invalid = (why: string) => new HttpError(400, `Failed to validate master::Call: ${why}`);
  if (typeof type !== 'string') throw invalid("Expecting 'type' to be present");
  const field = Object.hasOwn(needed, type) ? needed[type] : undefined;
  if (field !== undefined && call[field] === undefined) throw invalid(`Expecting '${field}' to be present`);
  const format = acceptedFormat(request);
  if (isOperationCall(type)) return answerOperation(term, type, call);
  if (type === 'TEARDOWN') return tearDown(term, textAt(call.teardown, 'framework_id', 'value') ?? '');
  const write = Object.hasOwn(writes, type) ? writes[type] : undefined;
  if (write !== undefined) return write(term, call);
  const read = Object.hasOwn(fileReads, type) ? fileReads[type] : undefined;
  if (read !== undefined) {
    return messageAnswer(format, 'master.Response', { type, ...(await read(term.settings, call)) });
  }
  if (type === 'SET_LOGGING_LEVEL') return setLoggingLevel(term.settings.logLevel, call.set_logging_level ?? null);
  if (type === 'SUBSCRIBE') return followCluster(term, format);
  const answer = Object.hasOwn(answers, type) ? answers[type] : undefined;
  if (answer === undefined) throw new HttpError(501, `This master does not serve ${type}`);
  return messageAnswer(format, 'master.Response', objectOf({ type, [type.toLowerCase()]: answer(term) }));
}
