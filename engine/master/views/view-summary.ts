import type { TaskState } from '../../../protocol/mesos.ts';
import { jsonText, listOf, objectOf } from '../../http/json-parts.ts';
import type { AgentRecord, FrameworkRecord, TaskRecord } from '../records.ts';
import type { Term } from '../term.ts';
import { agentText } from './view-agent.ts';
import { summariseFramework } from './view-framework.ts';

const countedStates = [
  ...(['TASK_STAGING', 'TASK_STARTING', 'TASK_RUNNING', 'TASK_KILLING', 'TASK_FINISHED'] as const),
  ...(['TASK_KILLED', 'TASK_FAILED', 'TASK_LOST', 'TASK_ERROR', 'TASK_UNREACHABLE'] as const),
];

const past = ({ unreachableTasks, completedTasks }: FrameworkRecord): readonly TaskRecord[] => [
  ...unreachableTasks.values(),
  ...completedTasks,
];

function countStates(
  live: ReadonlyMap<TaskState, number>,
  others: Iterable<TaskRecord>,
): Readonly<Record<string, number>> {
  const counts = new Map(live);
  for (const { state } of others) counts.set(state, (counts.get(state) ?? 0) + 1);
  return Object.fromEntries(countedStates.map((state) => [state, counts.get(state) ?? 0]));
}

/** `/state-summary`: counts instead of tasks. Of those that are over there are few, the others are counted already. */
export function toStateSummary({ cluster, settings }: Term): unknown {
  const frameworks = [...cluster.frameworks.values()];
  const pastByAgent = new Map<string, TaskRecord[]>();
  for (const task of frameworks.flatMap(past)) {
    const tasks = pastByAgent.get(task.agentId);
    if (tasks === undefined) pastByAgent.set(task.agentId, [task]);
    else tasks.push(task);
  }
  const describeAgent = (agent: AgentRecord) => {
    const tasks = [...agent.tasks, ...(pastByAgent.get(agent.id) ?? [])];
    const ofTasks = {
      ...countStates(new Map(), tasks),
      framework_ids: [...new Set(tasks.map(({ framework }) => framework.id))],
    };
    return jsonText(`${agentText(agent).slice(0, -1)},${JSON.stringify(ofTasks).slice(1)}`);
  };
  const describeFramework = (framework: FrameworkRecord) => {
    const over = past(framework);
    return {
      ...summariseFramework(framework),
      ...countStates(framework.taskStates, over),
      slave_ids: [...new Set([...framework.tasksByAgent.keys(), ...over.map(({ agentId }) => agentId)])],
    };
  };
  return objectOf({
    hostname: settings.hostname,
    cluster: settings.cluster,
    slaves: listOf(cluster.agents.values(), describeAgent),
    frameworks: listOf(frameworks, describeFramework),
  });
}
