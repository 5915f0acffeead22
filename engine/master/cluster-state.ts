import type { AgentEvent } from '../../protocol/agent-api.ts';
import { terminalStates, type TaskState } from '../../protocol/mesos.ts';
import { allocationOf } from './allocations.ts';
import { machineKey, machineOf } from './maintenance/machine-id.ts';
import type { AgentRecord, EventStream, FrameworkRecord, OfferRecord, TaskRecord } from './records.ts';
import { minus, plainAmounts, plus, type Resources } from './resources.ts';
import { ResourceSums } from './resource-sums.ts';

interface Bounds {
  readonly maxCompletedFrameworks: number;
  readonly maxCompletedTasks: number;
}

/** How many agents that were lost are remembered (`--registry_max_agent_count`). */
const maxUnreachableAgents = 102_400;

/** The cluster as the leading master knows it: indexes and sums, no decisions and no I/O. */
export class ClusterState {
  /** Is told of each; set once by the owner. */
  onTaskAdded: (task: TaskRecord) => void = () => undefined;
  /** Is told of an agent with a decision about it whose last task is over; set once by the owner. */
  onIdle: (agent: AgentRecord) => void = () => undefined;
  readonly agents = new Map<string, AgentRecord>();
  readonly frameworks = new Map<string, FrameworkRecord>();
  readonly completedFrameworks = new Map<string, FrameworkRecord>();
  readonly offers = new Map<string, OfferRecord>();
  /** Agents that were lost, and when (milliseconds since 1970). */
  readonly unreachableAgents = new Map<string, number>();
  /** Counters of `/metrics/snapshot`. */
  readonly counts = new Map<string, number>();
  /** Of all agents. */
  readonly sums = new ResourceSums();
  /** Machines that agents came from or that were scheduled for maintenance, by machineKey. */
  readonly machines = new Set<string>();
  readonly connectedAgents = new Set<AgentRecord>();
  /** Agents that may have something free which no framework was asked about: what the allocator has to look at. */
  readonly unoffered = new Set<AgentRecord>();
  readonly #byAddress = new Map<string, Set<AgentRecord>>();
  readonly #bounds: Bounds;

  constructor(bounds: Bounds) {
    this.#bounds = bounds;
  }

  count(name: string, framework?: FrameworkRecord): void {
    const counts = framework?.counts ?? this.counts;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }

  /** Agents that are reached at this address: one, unless another came there with an id that it had before. */
  agentsAt(registration: Address): readonly AgentRecord[] {
    return [...(this.#byAddress.get(addressOf(registration)) ?? [])];
  }

  /** An agent says, for the first time or again, what it has and where it is. */
  registerAgent(agent: AgentRecord, registration: AgentRecord['registration'], total: Resources): void {
    const isNew = !this.agents.has(agent.id);
    this.agents.set(agent.id, agent);
    if (!isNew) this.#leaveAddress(agent);
    agent.registration = registration;
    this.machines.add(machineKey(machineOf(registration)));
    const address = addressOf(registration);
    const there = this.#byAddress.get(address);
    if (there === undefined) this.#byAddress.set(address, new Set([agent]));
    else there.add(agent);
    this.sums.subtract('total', agent.total);
    this.sums.add('total', total);
    agent.total = total;
    this.unoffered.add(agent);
  }

  /** @param stream undefined: the agent is disconnected */
  connectAgent(agent: AgentRecord, stream: EventStream<AgentEvent> | undefined): void {
    agent.stream = stream;
    if (stream === undefined) this.connectedAgents.delete(agent);
    else this.connectedAgents.add(agent);
    this.unoffered.add(agent);
  }

  /** Some of what an agent has is reserved, or not any more, or becomes a volume: amounts stay what they are. */
  convertResources(agent: AgentRecord, consumed: Resources, converted: Resources): void {
    agent.total = plus(minus(agent.total, consumed), converted);
    this.unoffered.add(agent);
  }

  addTask(task: TaskRecord): void {
    const { framework, agentId, state } = task;
    const agent = this.agents.get(agentId);
    framework.tasks.set(task.info.task_id.value, task);
    addTo(framework.taskStates, state, 1);
    addTo(framework.tasksByAgent, agentId, 1);
    agent?.tasks.add(task);
    this.onTaskAdded(task);
    if (terminalStates.has(task.state)) return;
    task.holdsResources = true;
    const allocation = allocationOf(framework, task.role);
    allocation.used = plus(allocation.used, plainAmounts(task.resources));
    if (agent === undefined) return;
    agent.used = plus(agent.used, task.resources);
    this.sums.add('used', task.resources);
  }

  /** Of a task that its framework has. */
  setTaskState(task: TaskRecord, state: TaskState): void {
    addTo(task.framework.taskStates, task.state, -1);
    task.state = state;
    addTo(task.framework.taskStates, state, 1);
  }

  /** Gives the resources of a task back: it has ended, or its agent is lost. */
  releaseTask(task: TaskRecord): void {
    if (!task.holdsResources) return;
    task.holdsResources = false;
    const allocation = allocationOf(task.framework, task.role);
    allocation.used = minus(allocation.used, plainAmounts(task.resources));
    const agent = this.agents.get(task.agentId);
    if (agent === undefined) return;
    agent.used = minus(agent.used, task.resources);
    this.sums.subtract('used', task.resources);
    this.unoffered.add(agent);
  }

  /** Moves a task to those that are over, or that nobody can reach. */
  removeTask(task: TaskRecord, where: 'completed' | 'unreachable'): void {
    this.releaseTask(task);
    const { framework } = task;
    const id = task.info.task_id.value;
    if (framework.tasks.delete(id)) {
      addTo(framework.taskStates, task.state, -1);
      addTo(framework.tasksByAgent, task.agentId, -1);
    }
    const agent = this.agents.get(task.agentId);
    agent?.tasks.delete(task);
    if (agent?.decision !== undefined && agent.tasks.size === 0) this.onIdle(agent);
    if (where === 'completed') {
      framework.completedTasks.push(task);
      if (framework.completedTasks.length > this.#bounds.maxCompletedTasks) framework.completedTasks.shift();
      return;
    }
    framework.unreachableTasks.set(id, task);
    dropOldest(framework.unreachableTasks, this.#bounds.maxCompletedTasks);
  }

  /** The agent is back: those of its tasks that it has are among the others again, and the rest is over. */
  forgetUnreachableTasks({ id }: AgentRecord): void {
    for (const { unreachableTasks } of this.frameworks.values()) {
      for (const [taskId, task] of unreachableTasks) if (task.agentId === id) unreachableTasks.delete(taskId);
    }
  }

  addOffer(offer: OfferRecord): void {
    const { id, framework, agent, role, resources } = offer;
    this.offers.set(id, offer);
    framework.offers.set(id, offer);
    agent.offers.set(id, offer);
    const allocation = allocationOf(framework, role);
    allocation.offered = plus(allocation.offered, plainAmounts(resources));
    agent.offered = plus(agent.offered, resources);
    this.sums.add('offered', resources);
  }

  removeOffer(offer: OfferRecord): void {
    const { id, framework, agent, role, resources } = offer;
    clearTimeout(offer.timer);
    this.offers.delete(id);
    framework.offers.delete(id);
    agent.offers.delete(id);
    const allocation = allocationOf(framework, role);
    allocation.offered = minus(allocation.offered, plainAmounts(resources));
    agent.offered = minus(agent.offered, resources);
    this.sums.subtract('offered', resources);
    this.unoffered.add(agent);
  }

  completeFramework(framework: FrameworkRecord): void {
    this.frameworks.delete(framework.id);
    this.completedFrameworks.set(framework.id, framework);
    dropOldest(this.completedFrameworks, this.#bounds.maxCompletedFrameworks);
  }

  /** An agent without tasks and offers is gone. */
  loseAgent(agent: AgentRecord, at: number): void {
    this.agents.delete(agent.id);
    this.#leaveAddress(agent);
    this.connectedAgents.delete(agent);
    this.unoffered.delete(agent);
    this.sums.subtract('total', agent.total);
    this.unreachableAgents.set(agent.id, at);
    dropOldest(this.unreachableAgents, maxUnreachableAgents);
  }

  #leaveAddress(agent: AgentRecord): void {
    const address = addressOf(agent.registration);
    const there = this.#byAddress.get(address);
    there?.delete(agent);
    if (there?.size === 0) this.#byAddress.delete(address);
  }
}

type Address = Pick<AgentRecord['registration'], 'ip' | 'port' | 'ordinal'>;

/** As libprocess names an agent: `slave(1)@127.0.0.1:5051`. */
export const addressOf = ({ ip, port, ordinal = 1 }: Address) => `slave(${ordinal})@${ip}:${port}`;

/** What is counted down to nothing is not there. */
function addTo<Key>(counts: Map<Key, number>, key: Key, by: number): void {
  const count = (counts.get(key) ?? 0) + by;
  if (count === 0) counts.delete(key);
  else counts.set(key, count);
}

/** Maps keep the order in which keys were added. */
function dropOldest(map: Map<string, unknown>, limit: number): void {
  for (const key of map.keys()) {
    if (map.size <= limit) return;
    map.delete(key);
  }
}
