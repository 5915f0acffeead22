import type { FrameworkInfo } from '../../../protocol/mesos.ts';
import { toMasterInfo } from '../views/master-info.ts';
import { removeExecutor } from '../agents/executors.ts';
import { frameworkAdded, frameworkRemoved, frameworkUpdated } from '../operator/operator-events.ts';
import type { EventStream, FrameworkRecord } from '../records.ts';
import { keepFixed, refuseSubscription, takeConstraints, takeInfo } from './framework-info.ts';
import type { Subscribe } from './scheduler-call.ts';
import type { SchedulerEvent } from './scheduler-event.ts';
import { timerMs } from '../../timer-limit.ts';
import { masterStatus, noteStatus, sendEvent, type Term } from '../term.ts';

/** A framework that the cluster gets to know, by itself or by an agent that runs its tasks. */
export function addFramework(term: Term, id: string, info: FrameworkInfo, isRecovered: boolean): FrameworkRecord {
  const now = term.settings.now();
  const framework: FrameworkRecord = {
    id,
    info,
    roles: [],
    isMultiRole: false,
    isPartitionAware: false,
    knowsRefinement: false,
    pid: undefined,
    stream: undefined,
    isRecovered,
    suppressedRoles: new Set(),
    agentFilter: undefined,
    registeredTime: now,
    reregisteredTime: now,
    unregisteredTime: undefined,
    tasks: new Map(),
    taskStates: new Map(),
    tasksByAgent: new Map(),
    unreachableTasks: new Map(),
    completedTasks: [],
    executors: new Set(),
    offers: new Map(),
    operations: new Map(),
    filters: new Map(),
    allocations: new Map(),
    failoverTimer: undefined,
    counts: new Map(),
  };
  takeInfo(framework, info);
  term.cluster.frameworks.set(id, framework);
  return framework;
}

/**
 * A framework subscribes: for the first time, again, or in place of its other instance, whose stream is then closed.
 * A refusal is an ERROR event, and the end of the stream.
 * @returns undefined when it was refused
 */
export function subscribeFramework(
  term: Term,
  subscribe: Subscribe,
  stream: EventStream<SchedulerEvent>,
  pid?: string,
): FrameworkRecord | undefined {
  const { cluster, settings, allocator } = term;
  const info = subscribe.framework_info;
  const givenId = info.id?.value ?? '';
  cluster.count(givenId === '' ? 'messages_register_framework' : 'messages_reregister_framework');
  const problem = refuseSubscription(term, subscribe);
  if (problem !== undefined) {
    settings.log(`Refusing subscription of framework '${info.name}': ${problem}`);
    stream.send({ type: 'ERROR', error: { message: problem } });
    stream.close();
    return undefined;
  }
  const known = cluster.frameworks.get(givenId);
  const framework = known ?? addFramework(term, givenId === '' ? term.nextFrameworkId() : givenId, info, false);
  if (known !== undefined) {
    releaseOffers(term, framework);
    sendEvent(term, framework, { type: 'ERROR', error: { message: 'Framework failed over' } });
    framework.stream?.close();
    clearTimeout(framework.failoverTimer);
    framework.filters.clear();
    takeInfo(framework, keepFixed(framework, info));
    framework.reregisteredTime = settings.now();
    if (framework.isRecovered) framework.registeredTime = framework.reregisteredTime;
  }
  framework.isRecovered = false;
  framework.stream = stream;
  framework.pid = pid;
  framework.suppressedRoles = new Set(subscribe.suppressed_roles);
  takeConstraints(framework, subscribe);
  cluster.count('calls', framework);
  cluster.count('calls/subscribe', framework);
  settings.log(`Subscribed framework ${framework.id} (${info.name})`);
  const subscribed = {
    framework_id: { value: framework.id },
    heartbeat_interval_seconds: settings.heartbeatIntervalMs / 1000,
    master_info: toMasterInfo(settings),
  };
  sendEvent(term, framework, { type: 'SUBSCRIBED', subscribed });
  sendEvent(term, framework, { type: 'HEARTBEAT' });
  term.operators.publish(() => (known === undefined ? frameworkAdded : frameworkUpdated)(framework));
  allocator.offerAll();
  return framework;
}

/** Takes offers back that the framework can no longer answer. */
function releaseOffers({ cluster, allocator, inverseOffers }: Term, framework: FrameworkRecord): void {
  inverseOffers.forgetFramework(framework);
  if (framework.offers.size === 0) return;
  for (const offer of [...framework.offers.values()]) cluster.removeOffer(offer);
  allocator.request();
}

/** The stream of a framework broke: it has its failover_timeout to come back. */
export function disconnectFramework(term: Term, framework: FrameworkRecord, stream: EventStream<SchedulerEvent>): void {
  if (term.isOver() || framework.stream !== stream) return;
  framework.stream = undefined;
  framework.filters.clear();
  releaseOffers(term, framework);
  const seconds = Math.max(0, framework.info.failover_timeout ?? 0);
  term.settings.log(`Framework ${framework.id} disconnected; it has ${seconds} s to come back`);
  framework.failoverTimer = setTimeout(
    () => {
      removeFramework(term, framework);
    },
    timerMs(seconds * 1000),
  );
  framework.failoverTimer.unref();
}

/** Torn down, or gone for too long: its tasks end, and it may never come back. */
export function removeFramework(term: Term, framework: FrameworkRecord): void {
  const { cluster, settings } = term;
  if (cluster.frameworks.get(framework.id) !== framework) return;
  settings.log(`Removing framework ${framework.id} (${framework.info.name})`);
  clearTimeout(framework.failoverTimer);
  releaseOffers(term, framework);
  for (const agent of cluster.agents.values()) {
    const shutdown = { framework_id: { value: framework.id } };
    agent.stream?.send({ type: 'SHUTDOWN_FRAMEWORK', shutdown_framework: shutdown });
  }
  for (const task of [...framework.tasks.values()]) {
    const status = masterStatus(term, {
      taskId: task.info.task_id.value,
      state: 'TASK_KILLED',
      message: `Framework ${framework.id} removed`,
      reason: 'REASON_FRAMEWORK_REMOVED',
      agentId: task.agentId,
    });
    noteStatus(term, task, status);
    cluster.removeTask(task, 'completed');
  }
  for (const executor of [...framework.executors]) removeExecutor(cluster, executor);
  framework.unregisteredTime = settings.now();
  framework.stream?.close();
  framework.stream = undefined;
  framework.isRecovered = false;
  framework.filters.clear();
  cluster.completeFramework(framework);
  term.operators.publish(() => frameworkRemoved(framework));
  term.allocator.request();
}
