import { HttpError, type HttpAnswer } from '../../http/http-answer.ts';
import type { HttpRequest } from '../../http/http-request.ts';
import { frameworkMessage, shutdownExecutor } from '../agents/executors.ts';
import { acceptOffers, declineOffers, refuseOperations } from './accept.ts';
import { acceptedFormat, headerOf, type MessageFormat } from '../../protobuf/media-types.ts';
import { readCall } from '../../protobuf/read-call.ts';
import { recordFormat } from '../../protobuf/record-format.ts';
import { streamEvents } from './event-stream.ts';
import { updateFramework } from './framework-info.ts';
import { disconnectFramework, removeFramework, subscribeFramework } from './frameworks.ts';
import { acknowledgeOperation, reconcileOperations } from '../reservations/operations.ts';
import { schedulerCall } from '../wire/messages/scheduler-call.ts';
import type { EventStream, FrameworkRecord } from '../records.ts';
import {
  toSchedulerCall,
  type InverseOfferAnswer,
  type Roles,
  type SchedulerCall,
  type Subscribe,
} from './scheduler-call.ts';
import type { SchedulerEvent } from './scheduler-event.ts';
import { acknowledge, killTask, reconcileAll, reconcileTasks } from './task-calls.ts';
import { sendEvent, type Term } from '../term.ts';

const noSuchFramework = 'Framework cannot be found';

async function readSchedulerCall(request: HttpRequest): Promise<SchedulerCall> {
  const result = toSchedulerCall(await readCall(request, schedulerCall, 'scheduler.Call'));
  if ('call' in result) return result.call;
  throw new HttpError(400, `Failed to validate scheduler::Call: ${result.error}`);
}

/**
 * `POST /api/v1/scheduler` of the leading master (docs/scheduler-http-api.md; order of the checks as in
 * src/master/http.cpp, Master::Http::scheduler).
 * @throws HttpError
 */
export async function answerScheduler(term: Term, request: HttpRequest): Promise<HttpAnswer> {
  const call = await readSchedulerCall(request);
  const streamId = headerOf(request, 'mesos-stream-id');
  if (call.type === 'SUBSCRIBE') {
    const format = acceptedFormat(request);
    if (streamId !== undefined) {
      throw new HttpError(400, "Subscribe calls should not include the 'Mesos-Stream-Id' header");
    }
    const pid = String(request.headers['libprocess-from'] ?? '');
    return subscribe(term, call.subscribe, format, /^[\w.()-]+@[\w.[\]:-]+:\d+$/.test(pid) ? pid : undefined);
  }
  const framework = term.cluster.frameworks.get(call.framework_id.value);
  if (framework === undefined) throw new HttpError(400, noSuchFramework);
  if (framework.stream === undefined) throw new HttpError(403, 'Framework is not subscribed');
  if (streamId === undefined) {
    throw new HttpError(400, "All non-subscribe calls should include the 'Mesos-Stream-Id' header");
  }
  if (streamId !== framework.stream.id) {
    const text = `The stream ID '${streamId}' included in this request didn't match the stream ID currently associated with framework ID ${framework.id}`;
    throw new HttpError(400, text);
  }
  const name = call.type === 'OTHER' ? call.name : call.type;
  if (name === 'UNKNOWN') throw new HttpError(501, '');
  term.cluster.count('calls', framework);
  term.cluster.count(`calls/${name.toLowerCase()}`, framework);
  if (call.type === 'UPDATE_FRAMEWORK') {
    const problem = updateFramework(term, framework, call.update_framework);
    if (problem !== undefined) throw new HttpError(400, problem);
    return { status: 200 };
  }
  const refusal = call.type === 'ACCEPT' ? refuseOperations(call.accept) : undefined;
  if (refusal !== undefined) throw new HttpError(400, refusal);
  perform(term, framework, call);
  return { status: 202 };
}

/** Offers wait for the client to read, updates cannot: ten thousand agents tell some megabytes of them in a second. */
const maxBufferedBytes = 64 * 1024 * 1024;

async function subscribe(
  term: Term,
  call: Subscribe,
  format: MessageFormat,
  pid: string | undefined,
): Promise<HttpAnswer> {
  const records = await recordFormat(format, 'scheduler.Event');
  const opened = (stream: EventStream<SchedulerEvent>) => {
    const framework = subscribeFramework(term, call, stream, pid);
    if (framework === undefined) return undefined;
    const heartbeat = setInterval(() => {
      if (framework.stream === stream) sendEvent(term, framework, { type: 'HEARTBEAT' });
    }, term.settings.heartbeatIntervalMs);
    heartbeat.unref();
    return () => {
      clearInterval(heartbeat);
      disconnectFramework(term, framework, stream);
    };
  };
  return { ...streamEvents<SchedulerEvent>({}, opened, records), maxBufferedBytes };
}

function perform(
  term: Term,
  framework: FrameworkRecord,
  call: Exclude<SchedulerCall, { readonly type: 'SUBSCRIBE' | 'UPDATE_FRAMEWORK' }>,
): void {
  const { cluster, allocator } = term;
  switch (call.type) {
    case 'TEARDOWN':
      cluster.count('messages_unregister_framework');
      removeFramework(term, framework);
      return;
    case 'ACCEPT':
      acceptOffers(term, framework, call.accept);
      return;
    case 'DECLINE':
      declineOffers(term, framework, call.decline);
      return;
    case 'ACCEPT_INVERSE_OFFERS':
      answerInverseOffers(term, framework, 'ACCEPT', call.accept_inverse_offers);
      return;
    case 'DECLINE_INVERSE_OFFERS':
      answerInverseOffers(term, framework, 'DECLINE', call.decline_inverse_offers);
      return;
    case 'REVIVE':
      cluster.count('messages_revive_offers');
      allocator.revive(framework, wanted(framework, call.revive));
      return;
    case 'SUPPRESS':
      cluster.count('messages_suppress_offers');
      framework.suppressedRoles = new Set([...framework.suppressedRoles, ...wanted(framework, call.suppress)]);
      return;
    case 'KILL':
      killTask(term, framework, call.kill);
      return;
    case 'MESSAGE':
      frameworkMessage(term, framework, call.message);
      return;
    case 'SHUTDOWN':
      shutdownExecutor(term, framework, call.shutdown);
      return;
    case 'ACKNOWLEDGE':
      acknowledge(term, framework, call.acknowledge);
      return;
    case 'RECONCILE': {
      cluster.count('messages_reconcile_tasks');
      const tasks = call.reconcile.tasks ?? [];
      if (tasks.length === 0) void reconcileAll(term, framework);
      else void reconcileTasks(term, framework, tasks);
      return;
    }
    case 'ACKNOWLEDGE_OPERATION_STATUS':
      acknowledgeOperation(term, framework, call.acknowledge_operation_status);
      return;
    case 'RECONCILE_OPERATIONS':
      reconcileOperations(term, framework, call.reconcile_operations);
      return;
    // As in Mesos: its allocator ignores requests.
    case 'OTHER':
  }
}

function answerInverseOffers(
  { inverseOffers }: Term,
  framework: FrameworkRecord,
  status: 'ACCEPT' | 'DECLINE',
  { inverse_offer_ids: ids = [], filters }: InverseOfferAnswer,
): void {
  const values = ids.map(({ value }) => value);
  inverseOffers.answer(framework, status, values, filters);
}

/** Of which roles: with one that it does not have the whole call is dropped (Master::suppress, Master::revive). */
function wanted({ roles }: FrameworkRecord, named: Roles | undefined): readonly string[] {
  const given = named?.roles ?? [];
  if (given.length === 0) return roles;
  return given.every((role) => roles.includes(role)) ? given : [];
}
