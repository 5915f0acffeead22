import type { AgentEvent } from '../../protocol/agent-api.ts';
import type { Draining } from './tasks/draining.ts';
import type { StatusUpdates } from './tasks/status-updates.ts';
import type { TaskRunner } from './tasks/task-runner.ts';
import type { TaskTable } from './tasks/task-table.ts';
import type { HeldResources } from './volumes/held-resources.ts';

interface EventTarget {
  readonly table: TaskTable;
  readonly runner: TaskRunner;
  readonly updates: StatusUpdates;
  readonly draining: Draining;
  readonly held: HeldResources;
}

/**
 * Does what a master says.
 * @param onShutdown the master does not want this agent
 */
export function takeEvent(
  event: AgentEvent,
  agentId: string,
  { table, runner, updates, draining, held }: EventTarget,
  onShutdown: (message: string) => void,
): void {
  switch (event.type) {
    case 'RUN_TASK': {
      const { framework, framework_id: frameworkId, task } = event.run_task;
      runner.run(agentId, frameworkId.value, framework, task);
      return;
    }
    case 'RUN_TASK_GROUP':
      runner.runGroup(agentId, event.run_task_group);
      return;
    case 'KILL_TASK': {
      const { framework_id: frameworkId, task_id: taskId, kill_policy: policy } = event.kill_task;
      const nanoseconds = policy?.grace_period?.nanoseconds;
      runner.kill(agentId, frameworkId.value, taskId.value, nanoseconds && nanoseconds / 1e6);
      return;
    }
    case 'ACKNOWLEDGE_STATUS': {
      const { framework_id: frameworkId, task_id: taskId, uuid } = event.acknowledge_status;
      updates.acknowledge(frameworkId.value, taskId.value, uuid);
      return;
    }
    case 'SHUTDOWN_EXECUTOR': {
      const { framework_id: frameworkId, executor_id: executorId } = event.shutdown_executor;
      runner.shutdownExecutor(frameworkId.value, executorId.value);
      return;
    }
    case 'MESSAGE': {
      const { framework_id: frameworkId, executor_id: executorId, data } = event.message;
      runner.programs.find(table.findExecutor(frameworkId.value, executorId.value))?.message(data);
      return;
    }
    case 'SHUTDOWN_FRAMEWORK': {
      const { value } = event.shutdown_framework.framework_id;
      updates.drop(value);
      runner.shutdownFramework(value);
      return;
    }
    case 'DRAIN':
      draining.begin(event.drain, (frameworkId, taskId, graceMs) => {
        runner.kill(agentId, frameworkId, taskId, graceMs);
      });
      return;
    case 'SHUTDOWN':
      onShutdown(event.shutdown.message);
      return;
    case 'APPLY_OPERATION':
    case 'ACKNOWLEDGE_OPERATION':
      held.take(event);
      return;
    case 'SUBSCRIBED':
    case 'PING':
      return;
  }
}
