import { terminalStates } from '../../protocol/mesos.ts';
import type { AgentRecord, FrameworkRecord, OfferRecord, TaskRecord } from './records.ts';
import { minus, plus } from './resources.ts';

interface Bounds {
  readonly maxCompletedFrameworks: number;
  readonly maxCompletedTasks: number;
}

/** How many agents that were lost are remembered (`--registry_max_agent_count`). */
const maxUnreachableAgents = 102_400;

/** The cluster as the leading master knows it: indexes and sums, no decisions and no I/O. */
export class ClusterState {
  readonly agents = new Map<string, AgentRecord>();
  readonly frameworks = new Map<string, FrameworkRecord>();
  readonly completedFrameworks = new Map<string, FrameworkRecord>();
  readonly offers = new Map<string, OfferRecord>();
  /** Agents that were lost, and when (milliseconds since 1970). */
  readonly unreachableAgents = new Map<string, number>();
  /** Counters of `/metrics/snapshot`. */
  readonly counts = new Map<string, number>();
  readonly #bounds: Bounds;

  constructor(bounds: Bounds) {
    this.#bounds = bounds;
  }

  count(name: string, framework?: FrameworkRecord): void {
    const counts = framework?.counts ?? this.counts;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }

  addTask(task: TaskRecord): void {
    const agent = this.agents.get(task.agentId);
    task.framework.tasks.set(task.info.task_id.value, task);
    agent?.tasks.add(task);
    if (terminalStates.has(task.state)) return;
    task.holdsResources = true;
    task.framework.used = plus(task.framework.used, task.resources);
    if (agent !== undefined) agent.used = plus(agent.used, task.resources);
  }

  /** Gives the resources of a task back: it has ended, or its agent is lost. */
  releaseTask(task: TaskRecord): void {
    if (!task.holdsResources) return;
    task.holdsResources = false;
    task.framework.used = minus(task.framework.used, task.resources);
    const agent = this.agents.get(task.agentId);
    if (agent !== undefined) agent.used = minus(agent.used, task.resources);
  }

  /** Moves a task to those that are over, or that nobody can reach. */
  removeTask(task: TaskRecord, where: 'completed' | 'unreachable'): void {
    this.releaseTask(task);
    const { framework } = task;
    const id = task.info.task_id.value;
    framework.tasks.delete(id);
    this.agents.get(task.agentId)?.tasks.delete(task);
    if (where === 'completed') {
      framework.completedTasks.push(task);
      if (framework.completedTasks.length > this.#bounds.maxCompletedTasks) framework.completedTasks.shift();
      return;
    }
    framework.unreachableTasks.set(id, task);
    dropOldest(framework.unreachableTasks, this.#bounds.maxCompletedTasks);
  }

  addOffer(offer: OfferRecord): void {
    const { id, framework, agent, resources } = offer;
    this.offers.set(id, offer);
    framework.offers.set(id, offer);
    agent.offers.set(id, offer);
    framework.offered = plus(framework.offered, resources);
    agent.offered = plus(agent.offered, resources);
  }

  removeOffer(offer: OfferRecord): void {
    const { id, framework, agent, resources } = offer;
    clearTimeout(offer.timer);
    this.offers.delete(id);
    framework.offers.delete(id);
    agent.offers.delete(id);
    framework.offered = minus(framework.offered, resources);
    agent.offered = minus(agent.offered, resources);
  }

  completeFramework(framework: FrameworkRecord): void {
    this.frameworks.delete(framework.id);
    this.completedFrameworks.set(framework.id, framework);
    dropOldest(this.completedFrameworks, this.#bounds.maxCompletedFrameworks);
  }

  loseAgent(agent: AgentRecord, at: number): void {
    this.agents.delete(agent.id);
    this.unreachableAgents.set(agent.id, at);
    dropOldest(this.unreachableAgents, maxUnreachableAgents);
  }
}

/** Maps keep the order in which keys were added. */
function dropOldest(map: Map<string, unknown>, limit: number): void {
  for (const key of map.keys()) {
    if (map.size <= limit) return;
    map.delete(key);
  }
}
