import type { AgentEvent, AgentRegistration } from '../../../protocol/agent-api.ts';
import { terminalStates, type FrameworkInfo } from '../../../protocol/mesos.ts';
import { addressOf } from '../cluster-state.ts';
import { addFramework } from '../scheduler/frameworks.ts';
import { takeReportedExecutors } from './executors.ts';
import { applyDecision, shutDownGone } from '../operator/agent-decisions.ts';
import { isGone } from '../registry/registry.ts';
import { agentAdded, frameworkAdded } from '../operator/operator-events.ts';
import { machineKey, machineOf } from '../maintenance/machine-id.ts';
import { unavailabilities } from '../maintenance/schedule.ts';
import { removeAgent } from './lose-agent.ts';
import { forgetMissedPings, ping } from './missed-pings.ts';
import type { AgentRecord, EventStream, FrameworkRecord, TaskRecord } from '../records.ts';
import { totalOf } from '../reservations/checkpointed.ts';
import { dropOperations } from '../reservations/operations.ts';
import { noResources, toResources } from '../resources.ts';
import { masterStatus, noteStatus, rescindOffers, sendEvent, stateFor, type Term } from '../term.ts';

type ReportedTask = AgentRegistration['tasks'][number];

/**
 * An agent subscribes: a new one, one whose stream broke, or one that another master gave its id. What it reports is
 * the truth about its tasks (src/master/master.cpp, registerSlave and reregisterSlave).
 * @returns undefined for one that never comes back
 */
export function subscribeAgent(
  term: Term,
  registration: AgentRegistration,
  stream: EventStream<AgentEvent>,
): AgentRecord | undefined {
  const { cluster, settings } = term;
  const givenId = registration.agent_id?.value;
  if (givenId !== undefined && isGone(term.registrar.registry, givenId)) {
    stream.send(shutDownGone);
    stream.close();
    return undefined;
  }
  const known = givenId === undefined ? undefined : cluster.agents.get(givenId);
  if (givenId === undefined) removeAgentAt(term, registration);
  const wasUnreachable = givenId !== undefined && cluster.unreachableAgents.delete(givenId);
  const agent = known ?? addAgent(term, givenId ?? term.nextAgentId(), registration);
  const hasMoved = known !== undefined && addressOf(known.registration) !== addressOf(registration);
  known?.stream?.close();
  cluster.registerAgent(agent, registration, totalOf(registration.resources, registration.checkpointed_resources));
  cluster.connectAgent(agent, stream);
  const machine = machineKey(machineOf(registration));
  const unavailability = unavailabilities(term.registrar.registry).get(machine);
  if (unavailability !== agent.unavailability) term.inverseOffers.schedule(agent, unavailability);
  forgetMissedPings(term, agent);
  agent.hasAnsweredPing = true;
  if (known !== undefined || wasUnreachable) agent.reregisteredTime = settings.now();
  cluster.count(givenId === undefined ? 'slave_registrations' : 'slave_reregistrations');
  settings.log(`${givenId === undefined ? 'Registered' : 'Reregistered'} agent ${agent.id} (${registration.hostname})`);
  stream.send({ type: 'SUBSCRIBED', subscribed: { agent_id: { value: agent.id }, master_id: settings.masterId } });
  if (known !== undefined) dropForgotten(term, agent);
  dropOperations(term, agent, 'OPERATION_DROPPED', new Set(registration.operations));
  for (const reported of registration.tasks) takeReported(term, agent, reported, wasUnreachable);
  takeReportedExecutors(term, agent, registration.executors ?? []);
  if (wasUnreachable) cluster.forgetUnreachableTasks(agent);
  // Mesos says nothing of another address, and has whoever follows events send people to the old one.
  if (known === undefined || hasMoved) term.operators.publish(() => agentAdded(agent));
  for (const { frameworkId, taskId } of agent.missedKills.values()) sendKill(agent, frameworkId, taskId);
  agent.missedKills.clear();
  applyDecision(term, agent);
  stream.send({ type: 'PING' });
  agent.hasAnsweredPing = false;
  term.allocator.requestSoon();
  return agent;
}

function sendKill(agent: AgentRecord, frameworkId: string, taskId: string): void {
  const killTask = { framework_id: { value: frameworkId }, task_id: { value: taskId } };
  agent.stream?.send({ type: 'KILL_TASK', kill_task: killTask });
}

function addAgent(term: Term, id: string, registration: AgentRegistration): AgentRecord {
  const { settings } = term;
  const agent: AgentRecord = {
    id,
    registration,
    total: noResources,
    used: noResources,
    offered: noResources,
    unavailability: undefined,
    decision: undefined,
    stream: undefined,
    registeredTime: settings.now(),
    reregisteredTime: undefined,
    tasks: new Set(),
    executors: new Map(),
    offers: new Map(),
    missedKills: new Map(),
    missedPings: 0,
    hasAnsweredPing: true,
  };
  term.pings.add(agent, () => {
    ping(term, agent);
  });
  return agent;
}

/** An agent without an id at the address of another is a new life of that one. */
function removeAgentAt(term: Term, registration: AgentRegistration): void {
  for (const agent of term.cluster.agentsAt(registration)) {
    removeAgent(term, agent, 'a new agent registered at the same address', 'registered');
  }
}

/** Tasks that the agent should run and does not: they were on their way when its stream broke. */
function dropForgotten(term: Term, agent: AgentRecord): void {
  const key = (frameworkId: string, taskId: string) => `${frameworkId} ${taskId}`;
  const reported = new Set(
    agent.registration.tasks.map(({ framework_id: id, task }) => key(id.value, task.task_id.value)),
  );
  for (const task of [...agent.tasks]) {
    const taskId = task.info.task_id.value;
    if (reported.has(key(task.framework.id, taskId))) continue;
    if (!terminalStates.has(task.state)) {
      const status = masterStatus(term, {
        taskId,
        state: stateFor(task.framework, 'TASK_DROPPED'),
        message: 'Reconciliation: Task is unknown to the agent',
        reason: 'REASON_RECONCILIATION',
        agentId: agent.id,
      });
      noteStatus(term, task, status);
      sendEvent(term, task.framework, { type: 'UPDATE', update: { status } });
    }
    term.cluster.removeTask(task, 'completed');
  }
}

function takeReported(term: Term, agent: AgentRecord, reported: ReportedTask, wasUnreachable: boolean): void {
  const { cluster } = term;
  const { framework_id: frameworkId, task: info, status } = reported;
  const id = frameworkId.value;
  if (cluster.completedFrameworks.has(id)) {
    const shutdown = { framework_id: frameworkId };
    agent.stream?.send({ type: 'SHUTDOWN_FRAMEWORK', shutdown_framework: shutdown });
    return;
  }
  const framework = cluster.frameworks.get(id) ?? recoverFramework(term, agent.registration, id);
  const taskId = info.task_id.value;
  if (wasUnreachable && !framework.isPartitionAware) {
    // It was told that the task is lost, and has replaced it.
    sendKill(agent, id, taskId);
    return;
  }
  const known = framework.tasks.get(taskId);
  if (known !== undefined) {
    if (known.agentId === agent.id && known.state !== status.state) noteState(term, known, reported);
    return;
  }
  const returned = framework.unreachableTasks.get(taskId);
  framework.unreachableTasks.delete(taskId);
  const record: TaskRecord = {
    info: { ...info, agent_id: { value: agent.id } },
    framework,
    agentId: agent.id,
    role:
      info.resources.find((resource) => resource.allocation_info !== undefined)?.allocation_info?.role ??
      framework.roles[0] ??
      '*',
    resources: toResources(info.resources),
    state: status.state,
    statuses: [...(returned?.statuses ?? []), status],
    statusUpdateState: status.state,
    statusUpdateUuid: status.uuid,
    holdsResources: false,
  };
  cluster.addTask(record);
  if (wasUnreachable) tellReturned(term, record);
}

/**
 * Whoever believed the task out of reach, or gave it up, has to know before it asks by itself, which may take minutes
 * (src/master/master.cpp, __reregisterSlave; the words are Mesos's).
 */
function tellReturned(term: Term, { framework, info, state, agentId, statuses }: TaskRecord): void {
  const status = masterStatus(term, {
    taskId: info.task_id.value,
    state,
    message: 'Unreachable agent re-reregistered',
    reason: 'REASON_AGENT_REREGISTERED',
    agentId,
    latest: statuses.at(-1),
  });
  sendEvent(term, framework, { type: 'UPDATE', update: { status } });
}

/** The agent will send the update itself, again and again; until then its framework believes the former one. */
function noteState(term: Term, task: TaskRecord, { status }: ReportedTask): void {
  const { uuid: _, ...withoutUuid } = status;
  noteStatus(term, task, withoutUuid);
}

function recoverFramework(term: Term, { frameworks }: AgentRegistration, id: string): FrameworkRecord {
  const unknown: FrameworkInfo = { user: '', name: '', id: { value: id } };
  const framework = addFramework(term, id, frameworks.find((info) => info.id?.value === id) ?? unknown, true);
  term.operators.publish(() => frameworkAdded(framework));
  return framework;
}

/** The stream of an agent broke: nothing of it is offered until it is back (field guide: "inactive at once"). */
export function disconnectAgent(term: Term, agent: AgentRecord, stream: EventStream<AgentEvent>): void {
  if (term.isOver() || agent.stream !== stream) return;
  term.cluster.connectAgent(agent, undefined);
  term.settings.log(`Agent ${agent.id} (${agent.registration.hostname}) disconnected`);
  rescindOffers(term, agent);
  term.inverseOffers.rescindFor(agent);
}
