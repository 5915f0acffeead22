import { listAt, numberAt, textAt, valueAt } from '../../../protocol/json.ts';
import type { ClusterRecords, ClusterState } from '../records/cluster-records.ts';
import { addressesOf, readAgent, readFramework, readTask } from '../records/known-cluster.ts';

/** The state in the first event of the operator API. */
export function readSnapshot(event: unknown, leader: string): ClusterState {
  const state = valueAt(event, 'subscribed', 'get_state');
  return {
    leader,
    frameworks: listAt(state, 'get_frameworks', 'frameworks').map(readFramework),
    agents: listAt(state, 'get_agents', 'agents').map(readAgent),
    tasks: listAt(state, 'get_tasks', 'tasks').map(readTask),
  };
}

/** What `/state` says. */
export function readState(state: unknown, leader: string): ClusterState {
  const frameworks = listAt(state, 'frameworks');
  return {
    leader,
    frameworks: frameworks.map(readFramework),
    agents: listAt(state, 'slaves').map(readAgent),
    tasks: frameworks.flatMap((framework) => listAt(framework, 'tasks').map(readTask)),
  };
}

/** Of frameworks with a driver, by `/state-summary`: the v1 API does not tell them. */
export const readPids = (summary: unknown): ReadonlyMap<string, string> =>
  new Map(
    listAt(summary, 'frameworks').flatMap((each) => {
      const [id, pid] = [textAt(each, 'id'), textAt(each, 'pid')];
      return id === undefined || pid === undefined ? [] : [[id, pid] as const];
    }),
  );

/** From these no task comes back. */
const ended: ReadonlySet<string> = new Set([
  ...['TASK_FINISHED', 'TASK_FAILED', 'TASK_KILLED', 'TASK_ERROR', 'TASK_LOST', 'TASK_DROPPED', 'TASK_GONE'],
  'TASK_GONE_BY_OPERATOR',
]);

/**
 * Takes an event of the operator API into account.
 * @returns `unknown` when it is about a task that nobody has told of: the state must be read anew
 */
export function applyEvent(records: ClusterRecords, event: unknown): 'applied' | 'unknown' {
  switch (textAt(event, 'type')) {
    case 'TASK_ADDED':
      records.putTask(readTask(valueAt(event, 'task_added', 'task')));
      break;
    case 'TASK_UPDATED':
      return updateTask(records, valueAt(event, 'task_updated'));
    case 'AGENT_ADDED':
      records.putAgent(readAgent(valueAt(event, 'agent_added', 'agent')));
      break;
    case 'AGENT_REMOVED':
      records.removeAgent(textAt(event, 'agent_removed', 'agent_id', 'value') ?? '');
      break;
    case 'FRAMEWORK_ADDED':
    case 'FRAMEWORK_UPDATED':
      putFramework(
        records,
        valueAt(event, 'framework_added', 'framework') ?? valueAt(event, 'framework_updated', 'framework'),
      );
      break;
    case 'FRAMEWORK_REMOVED':
      records.removeFramework(textAt(event, 'framework_removed', 'framework_info', 'id', 'value') ?? '');
      break;
    default:
  }
  return 'applied';
}

/** What was known of its driver stays until it is read again. */
function putFramework(records: ClusterRecords, framework: unknown): void {
  const next = readFramework(framework);
  const before = records.framework(next.id);
  records.putFramework(before?.port === undefined ? next : { ...next, host: before.host, port: before.port });
}

function updateTask(records: ClusterRecords, update: unknown): 'applied' | 'unknown' {
  const frameworkId = textAt(update, 'framework_id', 'value') ?? '';
  const status = valueAt(update, 'status');
  const taskId = textAt(status, 'task_id', 'value') ?? '';
  const state = textAt(update, 'state') ?? textAt(status, 'state') ?? '';
  const task = records.task(frameworkId, taskId);
  if (ended.has(state)) records.removeTask(frameworkId, taskId);
  else if (task === undefined) return 'unknown';
  else {
    const tellsAddresses = textAt(status, 'state') === 'TASK_RUNNING' && numberAt(status, 'timestamp') !== undefined;
    records.putTask({
      ...task,
      isRunning: state === 'TASK_RUNNING',
      addresses: tellsAddresses ? addressesOf(status) : task.addresses,
    });
  }
  return 'applied';
}
