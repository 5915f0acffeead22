import type { FrameworkId, TaskStatus } from '../../../protocol/mesos.ts';
import type { AgentRecord } from '../records.ts';
import { noteStatus, sendEvent, type Term } from '../term.ts';

/**
 * An agent reports a task (src/master/master.cpp, statusUpdate). It repeats that until the framework has acknowledged,
 * so an update for a framework that is away needs no queue here. What no framework will ever acknowledge is
 * acknowledged at once.
 */
export function takeStatusUpdate(
  term: Term,
  agent: AgentRecord,
  update: { readonly framework_id: FrameworkId; readonly status: TaskStatus },
): void {
  const { cluster } = term;
  cluster.count('messages_status_update');
  const { framework_id: frameworkId, status: given } = update;
  const status: TaskStatus = { ...given, agent_id: { value: agent.id } };
  const framework = cluster.frameworks.get(frameworkId.value);
  if (framework === undefined) {
    cluster.count('invalid_status_updates');
    // One that this master has named, and knows no more, has been removed.
    const isOver =
      cluster.completedFrameworks.has(frameworkId.value) || frameworkId.value.startsWith(`${term.settings.masterId}-`);
    if (!isOver || status.uuid === undefined) return;
    agent.stream?.send({
      type: 'ACKNOWLEDGE_STATUS',
      acknowledge_status: { framework_id: frameworkId, task_id: status.task_id, uuid: status.uuid },
    });
    return;
  }
  const task = framework.tasks.get(status.task_id.value);
  if (task?.agentId !== agent.id) cluster.count('invalid_status_updates');
  else {
    cluster.count('valid_status_updates');
    noteStatus(term, task, status);
  }
  sendEvent(term, framework, { type: 'UPDATE', update: { status } });
}
