import type { TaskState, TaskStatus } from '../../protocol/mesos.ts';
import { terminalStates } from '../../protocol/mesos.ts';
import { Allocator } from './scheduler/allocator.ts';
import { ClusterState } from './cluster-state.ts';
import type { MasterSettings } from './master-options.ts';
import type { AgentRecord, FrameworkRecord, OfferRecord, TaskRecord } from './records.ts';
import { InverseOffers } from './maintenance/inverse-offers.ts';
import { taskAdded, taskUpdated } from './operator/operator-events.ts';
import { OperatorStreams } from './operator/operator-streams.ts';
import { PingRounds } from './agents/ping-rounds.ts';
import { Registrar, type RegistrarOptions } from './agents/registrar.ts';
import type { SharedStream } from './agents/shared-stream.ts';
import type { SchedulerEvent } from './scheduler/scheduler-event.ts';

/** The time in which a master leads: from its election until it stops. */
export interface Term {
  readonly settings: MasterSettings;
  readonly cluster: ClusterState;
  readonly allocator: Allocator;
  readonly registrar: Registrar;
  readonly pings: PingRounds;
  readonly inverseOffers: InverseOffers;
  /** Those who follow the cluster. */
  readonly operators: OperatorStreams;
  /** By the id of the stream. */
  readonly sharedStreams: Map<string, SharedStream>;
  /** Milliseconds since 1970. */
  readonly electedTime: number;
  readonly nextFrameworkId: () => string;
  readonly nextAgentId: () => string;
  /** Nothing happens any more once it is over. */
  readonly isOver: () => boolean;
  /** Ends all streams and timers. */
  readonly end: () => void;
}

export function startTerm(
  settings: MasterSettings,
  callbacks: Pick<RegistrarOptions, 'onRecovered' | 'onFailed'>,
): Term {
  const cluster = new ClusterState(settings);
  const registrar = new Registrar({
    quorum: settings.quorum,
    fetchTimeoutMs: settings.registryFetchTimeoutMs,
    storeTimeoutMs: settings.registryStoreTimeoutMs,
    store: settings.registry,
    log: settings.log,
    ...callbacks,
  });
  const allocator = new Allocator(cluster, settings, () => registrar.registry);
  const pings = new PingRounds(settings.agentPingTimeoutMs);
  const operators = new OperatorStreams(settings.heartbeatIntervalMs);
  cluster.onTaskAdded = (task) => {
    operators.publish(() => taskAdded(task));
  };
  const sharedStreams = new Map<string, SharedStream>();
  const inverseOffers = new InverseOffers({
    now: settings.now,
    nextId: allocator.nextOfferId,
    send: (framework, event) => {
      sendEvent({ cluster }, framework, event);
    },
    onPauseOver: (agent) => {
      cluster.unoffered.add(agent);
      allocator.requestSoon();
    },
  });
  allocator.onLookedAt = (agents) => {
    inverseOffers.ask(agents);
  };
  let isOver = false;
  let frameworks = 0;
  let agents = 0;
  return {
    settings,
    cluster,
    allocator,
    registrar,
    pings,
    inverseOffers,
    operators,
    sharedStreams,
    electedTime: settings.now(),
    nextFrameworkId: () => `${settings.masterId}-${String(frameworks++).padStart(4, '0')}`,
    nextAgentId: () => `${settings.masterId}-S${agents++}`,
    isOver: () => isOver,
    end: () => {
      isOver = true;
      allocator.stop();
      registrar.end();
      for (const { failoverTimer, stream } of cluster.frameworks.values()) {
        clearTimeout(failoverTimer);
        stream?.close();
      }
      pings.stop();
      operators.close();
      inverseOffers.stop();
      for (const { stream } of cluster.agents.values()) stream?.close();
      for (const shared of sharedStreams.values()) shared.close();
      for (const { timer } of cluster.offers.values()) clearTimeout(timer);
    },
  };
}

/** Sends to a framework if it is connected. */
export function sendEvent({ cluster }: Pick<Term, 'cluster'>, framework: FrameworkRecord, event: SchedulerEvent): void {
  if (framework.stream === undefined) return;
  cluster.count('events', framework);
  cluster.count(`events/${event.type.toLowerCase()}`, framework);
  framework.stream.send(event);
}

export function rescindOffer(term: Term, offer: OfferRecord): void {
  term.cluster.removeOffer(offer);
  term.cluster.count('offers/rescinded', offer.framework);
  sendEvent(term, offer.framework, { type: 'RESCIND', rescind: { offer_id: { value: offer.id } } });
  term.allocator.request();
}

/** Takes all offers of an agent back, or of the cluster. */
export function rescindOffers(term: Term, { offers }: AgentRecord | ClusterState): void {
  for (const offer of [...offers.values()]) rescindOffer(term, offer);
}

/** Takes all offers back, so that they can be made again. */
export function rescindAll(term: Term): void {
  rescindOffers(term, term.cluster);
  term.allocator.offerAll();
}

export interface MasterStatus {
  readonly taskId: string;
  readonly state: TaskState;
  readonly message: string;
  readonly reason: string;
  readonly agentId?: string;
  readonly latest?: TaskStatus | undefined;
}

/** A status that the master itself makes: without a uuid, so nobody acknowledges it. */
export function masterStatus(
  term: Term,
  { taskId, state, message, reason, agentId, latest }: MasterStatus,
): TaskStatus {
  return {
    task_id: { value: taskId },
    state,
    message,
    source: 'SOURCE_MASTER',
    reason,
    ...(agentId === undefined ? {} : { agent_id: { value: agentId } }),
    timestamp: term.settings.now() / 1000,
    ...(latest?.healthy === undefined ? {} : { healthy: latest.healthy }),
    ...(latest?.check_status === undefined ? {} : { check_status: latest.check_status }),
    ...(latest?.container_status === undefined ? {} : { container_status: latest.container_status }),
  };
}

/**
 * Notes a status in the record of its task. What has ended stays ended, with its resources free
 * (src/master/master.cpp, updateTask); what an agent repeats of before that may come in after it, for each of its
 * requests goes its own way.
 */
export function noteStatus(
  { cluster, allocator, operators, settings }: Term,
  task: TaskRecord,
  status: TaskStatus,
): void {
  const wasTerminal = terminalStates.has(task.state);
  const isTerminal = terminalStates.has(status.state);
  if (wasTerminal && !isTerminal) return;
  settings.logLevel.verbose(2, () => `Status update ${status.state} for task ${task.info.task_id.value}`);
  const isNews = !wasTerminal && task.state !== status.state;
  if (!wasTerminal) cluster.setTaskState(task, status.state);
  if (task.statuses.at(-1)?.state === status.state) task.statuses.pop();
  task.statuses.push(status);
  if (status.uuid !== undefined) {
    task.statusUpdateState = status.state;
    task.statusUpdateUuid = status.uuid;
  }
  if (isNews) operators.publish(() => taskUpdated(task, status));
  if (wasTerminal || !isTerminal) return;
  cluster.count(status.state, task.framework);
  countEnd(cluster, status);
  cluster.releaseTask(task);
  allocator.request();
}

/** Counts a task that has ended, with who says so and why (src/master/metrics.cpp, incrementTasksStates: in terms of v0). */
export function countEnd(
  cluster: ClusterState,
  { state, source, reason }: Pick<TaskStatus, 'state' | 'source' | 'reason'>,
): void {
  cluster.count(`tasks_${state.slice('TASK_'.length).toLowerCase()}`);
  if (source === undefined || reason === undefined) return;
  const [from, why] = [source, reason].map((name) => name.replace('_AGENT', '_SLAVE').toLowerCase());
  cluster.count(`${state.toLowerCase()}/${from ?? ''}/${why ?? ''}`);
}

/** The state that stands for one that only partition-aware frameworks know. */
export function stateFor(framework: FrameworkRecord, state: TaskState): TaskState {
  return framework.isPartitionAware ? state : 'TASK_LOST';
}
