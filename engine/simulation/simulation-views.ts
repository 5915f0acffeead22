import type { Attribute, FrameworkInfo, Resource } from '../../protocol/mesos.ts';
import { newTask, type TaskRecord } from '../agent/tasks/task-record.ts';
import { TaskTable } from '../agent/tasks/task-table.ts';
import type { AgentView } from '../agent/views/agent-view.ts';
import { agentHandler } from '../agent/views/agent-routes.ts';
import type { Candidate } from '../discovery/discovery.ts';
import { HttpError } from '../http/http-answer.ts';
import type { Handler } from '../http/http-server.ts';
import { LogLevel } from '../observability/log-level.ts';
import type { SimulatedAgent } from './simulated-agent.ts';
import { simulatedFiles } from './simulated-files.ts';
import { infoOf, isOver, latestStatus, type SimulatedTask } from './simulated-task.ts';
import type { SimulationOptions } from './simulation-options.ts';

/** What the endpoints show of a simulation. */
export interface SimulationView {
  readonly agents: readonly SimulatedAgent[];
  readonly options: SimulationOptions;
  readonly port: number;
  readonly frameworks: ReadonlyMap<string, FrameworkInfo>;
  readonly master: () => Candidate | undefined;
  /** Seconds since 1970. */
  readonly startTime: number;
}

/**
 * The HTTP API of all agents, on one port: each is `/slave(N)`, as its `pid` says, or called by its host name
 * `simulated-N.localhost`. It shows what a real agent shows, made when it is asked for.
 */
export function simulationHandler(simulation: SimulationView, log: (line: string) => void): Handler {
  const logLevel = new LogLevel(log);
  return (request) => {
    const [, byPath, rest = '/'] = /^\/slave\((\d+)\)(\/.*)?$/.exec(request.path) ?? [];
    const byHost = /^simulated-(\d+)\.localhost(?::\d+)?$/i.exec(request.headers.host ?? '')?.[1];
    const agent = simulation.agents[Number(byPath ?? byHost) - 1];
    if (agent === undefined) {
      const { length } = simulation.agents;
      throw new HttpError(404, `Here are ${length} simulated agents: /slave(1)/state to /slave(${length})/state\n`);
    }
    return agentHandler({ ...viewOf(agent, simulation), logLevel })({
      ...request,
      path: byPath === undefined ? request.path : rest,
    });
  };
}

function viewOf(agent: SimulatedAgent, simulation: SimulationView): Omit<AgentView, 'logLevel'> {
  const { options, port, frameworks, master, startTime } = simulation;
  const { hostname, ordinal, version } = agent.text;
  const { host, masters, resources } = options;
  const table = new TaskTable('/simulated', () => undefined);
  for (const task of agent.tasks.list()) {
    const { frameworkId, state } = task;
    const info = frameworks.get(frameworkId) ?? { user: '', name: '' };
    const record = addTo(table, task, info);
    record.state = state;
    record.statuses.push(latestStatus(task, host));
    // As of a task that was told to run: nobody waits for its end here.
    if (!isOver(task)) record.running = { ended: Promise.resolve(undefined), kill: () => undefined };
  }
  const attributes = JSON.parse(agent.text.attributes) as readonly Attribute[];
  return {
    options: {
      ...{ host, port, hostname, masters, resources, version, workDir: '/simulated', dockerTasks: 'simulated' },
      attributes: options.attributes,
    },
    world: {
      log: () => undefined,
      processes: { usageOf: () => Promise.resolve(new Map()) },
      sandboxes: simulatedFiles,
    },
    port,
    ordinal,
    id: () => agent.id,
    master,
    table,
    resources: JSON.parse(agent.text.resources) as readonly Resource[],
    attributes,
    startTime,
    draining: () => agent.draining,
    statusUpdates: () => 0,
    // They fetch nothing.
    fetches: () => ({}),
  };
}

/** A task, below its executor if it is one of a group. */
function addTo(table: TaskTable, task: SimulatedTask, info: FrameworkInfo): TaskRecord {
  const { frameworkId, agentId, containerId, group } = task;
  if (group === undefined) return table.add(frameworkId, info, agentId, infoOf(task), containerId);
  const executor =
    table.findExecutor(frameworkId, group.executor.executor_id.value) ??
    table.addExecutor(frameworkId, info, agentId, group.executor, group.containerId);
  const directory = `${executor.directory}/containers/${containerId}`;
  const record = newTask({ frameworkId, agentId, task: infoOf(task), executor, containerId, directory });
  table.restore(record, info, false);
  return record;
}
