import type { TaskInfo } from '../../../protocol/mesos.ts';
import { convert } from '../reservations/accept-conversion.ts';
import { conversionOf } from '../reservations/conversion.ts';
import { tellOperation } from '../reservations/operations.ts';
import type { FrameworkRecord, OfferRecord } from '../records.ts';
import { isEmpty, minus, noResources, plus, toResources, type Resources } from '../resources.ts';
import { refuseSeconds } from './refuse-seconds.ts';
import type { Accept, Operation } from './scheduler-call.ts';
import { newExecutorResources } from './validation/executor-validation.ts';
import { launchGroup, launchOnExecutor, toExecutor } from './launch-group.ts';
import { allocateTo, refuse, startTask } from './start-task.ts';
import { refuseTask } from './validation/task-validation.ts';
import { stateFor, type Term } from '../term.ts';

/** Why offers cannot be accepted together (src/master/validation.cpp, offer::validate). */
function refuseOffers(term: Term, framework: FrameworkRecord, ids: readonly string[]): string | undefined {
  if (ids.length === 0) return 'No offers specified';
  const seen = new Set<string>();
  for (const id of ids) {
    if (seen.has(id)) return `Duplicate offer ${id} in offer list`;
    seen.add(id);
  }
  const offers: OfferRecord[] = [];
  for (const id of ids) {
    const offer = term.cluster.offers.get(id);
    if (offer === undefined) return `Offer ${id} is no longer valid`;
    if (offer.framework !== framework) {
      return `Offer ${id} has invalid framework ${offer.framework.id} while framework ${framework.id} is expected`;
    }
    offers.push(offer);
  }
  const [first] = offers;
  if (first === undefined) return undefined;
  const foreign = offers.find(({ role }) => role !== first.role);
  if (foreign !== undefined) {
    return `Aggregated offers must be allocated to the same role. Offer ${foreign.id} uses role '${foreign.role} but another is using role '${first.role}`;
  }
  const other = offers.find(({ agent }) => agent !== first.agent);
  return other === undefined
    ? undefined
    : `Aggregated offers must belong to one single agent. Offer ${other.id} uses agent ${other.agent.id} and agent ${first.agent.id}`;
}

const tasksOf = ({ launch, launch_group: group }: Operation): readonly TaskInfo[] =>
  launch?.task_infos ?? group?.task_group.tasks ?? [];

/** Mesos ignores UNKNOWN. */
const known = /^(LAUNCH|LAUNCH_GROUP|RESERVE|UNRESERVE|CREATE|DESTROY|GROW_VOLUME|SHRINK_VOLUME|UNKNOWN)$/;

/**
 * Operations that nobody here carries out. Mesos would tell the framework of one that has an id, and drop another
 * silently: then the whole call is refused, for a framework that never hears of it would wait.
 * @returns why the call is refused
 */
export function refuseOperations({ operations = [] }: Accept): string | undefined {
  const dropped = operations.find(({ type = 'LAUNCH', id }) => !known.test(type) && id === undefined);
  return dropped === undefined ? undefined : notCarriedOut(dropped);
}

const notCarriedOut = ({ type }: Operation) =>
  `This master does not carry out operations of type ${type ?? ''}: disks are what agents have`;

/** ACCEPT: launches tasks with what was offered; what they leave is refused for a while. */
export function acceptOffers(term: Term, framework: FrameworkRecord, accept: Accept): void {
  const { cluster, allocator } = term;
  const ids = (accept.offer_ids ?? []).map(({ value }) => value);
  const operations = accept.operations ?? [];
  cluster.count('messages_launch_tasks');
  const problem = refuseOffers(term, framework, ids);
  const offers = ids
    .map((id) => cluster.offers.get(id))
    .filter((offer): offer is OfferRecord => offer?.framework === framework);
  for (const offer of offers) cluster.removeOffer(offer);
  const [first] = offers;
  if (problem !== undefined || first === undefined) {
    if (offers.length > 0) allocator.request();
    const message = `Task launched with invalid offers: ${problem ?? ''}`;
    for (const task of operations.flatMap(tasksOf)) drop(term, framework, task, message);
    return;
  }
  for (const _ of offers) cluster.count('offers/accepted', framework);
  let remaining = offers.reduce((sum, { resources }) => plus(sum, resources), noResources);
  for (const operation of operations) {
    cluster.count('operations', framework);
    cluster.count(`operations/${(operation.type ?? 'unknown').toLowerCase()}`, framework);
    const conversion = conversionOf(operation);
    remaining =
      conversion === undefined
        ? launch(term, first, operation, remaining)
        : convert(term, first, operation, conversion, remaining);
  }
  if (!isEmpty(remaining)) allocator.refuse(first, remaining, refuseSeconds(accept.filters));
  allocator.request();
}

/** DECLINE: nothing of these offers is wanted for a while. */
export function declineOffers(term: Term, framework: FrameworkRecord, decline: Omit<Accept, 'operations'>): void {
  const { cluster, allocator } = term;
  cluster.count('messages_decline_offers');
  for (const { value } of decline.offer_ids ?? []) {
    const offer = cluster.offers.get(value);
    if (offer?.framework !== framework) continue;
    cluster.removeOffer(offer);
    cluster.count('offers/declined', framework);
    allocator.refuse(offer, offer.resources, refuseSeconds(decline.filters));
    allocator.request();
  }
}

function drop(term: Term, framework: FrameworkRecord, task: TaskInfo, message: string): void {
  const state = stateFor(framework, 'TASK_DROPPED');
  refuse(term, framework, task, { state, message, reason: 'REASON_INVALID_OFFERS' });
}

const invalid = { state: 'TASK_ERROR', reason: 'REASON_TASK_INVALID' } as const;

/** @returns what is left of the resources */
function launch(term: Term, offer: OfferRecord, operation: Operation, available: Resources): Resources {
  const { framework, role } = offer;
  if (operation.id !== undefined && !known.test(operation.type ?? 'UNKNOWN')) {
    const message = notCarriedOut(operation);
    tellOperation(term, framework, { operation_id: operation.id, state: 'OPERATION_ERROR', message });
  }
  if (operation.type !== 'LAUNCH' && operation.type !== 'LAUNCH_GROUP') return available;
  if (operation.id !== undefined) {
    const message = `The \`id\` field cannot be set on ${operation.type} operations`;
    for (const task of tasksOf(operation)) refuse(term, framework, task, { ...invalid, message });
    return available;
  }
  if (operation.type === 'LAUNCH_GROUP') {
    const { launch_group: group } = operation;
    return group === undefined ? available : launchGroup(term, offer, group, available);
  }
  let remaining = available;
  for (const given of tasksOf(operation)) {
    const resources = allocateTo(role, given.resources);
    const executor = given.executor && toExecutor(offer, { type: 'CUSTOM', ...given.executor });
    const task: TaskInfo = { ...given, resources, ...(executor && { executor }) };
    const required = toResources([...resources, ...newExecutorResources(task, offer)]);
    const problem = refuseTask(task, offer, required, remaining);
    if (problem !== undefined) {
      refuse(term, framework, task, { ...invalid, message: problem });
      continue;
    }
    remaining = minus(remaining, required);
    if (executor === undefined) startTask(term, offer, task, required);
    else launchOnExecutor(term, offer, { ...task, executor });
  }
  return remaining;
}
