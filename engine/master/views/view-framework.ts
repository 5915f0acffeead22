import { listOf, objectOf } from '../../http/json-parts.ts';
import type { FrameworkRecord, OfferRecord } from '../records.ts';
import { allocatedTo } from '../allocations.ts';
import { plus, summariseResources, toResourceList, toResources } from '../resources.ts';
import { timeInfo } from './view-agent.ts';
import { toOffer } from './view-offer.ts';
import { toExecutor } from './view-executor.ts';
import { toTask } from './view-task.ts';

const seconds = (milliseconds: number) => milliseconds / 1000;
const isConnected = ({ stream }: FrameworkRecord) => stream !== undefined;

/** What `/state-summary` and `/state` say alike of a framework (src/master/http.cpp, json(Summary<Framework>)). */
export function summariseFramework(framework: FrameworkRecord): Readonly<Record<string, unknown>> {
  const { info } = framework;
  return {
    id: framework.id,
    name: info.name,
    pid: framework.pid,
    used_resources: summariseResources(allocatedTo(framework, 'used')),
    offered_resources: summariseResources(allocatedTo(framework, 'offered')),
    capabilities: (info.capabilities ?? []).map(({ type }) => type),
    hostname: info.hostname ?? '',
    webui_url: info.webui_url ?? '',
    active: isConnected(framework),
    connected: isConnected(framework),
    recovered: framework.isRecovered,
  };
}

/** An offer in `/state` (src/common/http.cpp, model(Offer)). */
function toOldOffer(offer: OfferRecord): unknown {
  return {
    id: offer.id,
    framework_id: offer.framework.id,
    allocation_info: { role: offer.role },
    slave_id: offer.agent.id,
    resources: summariseResources(offer.resources),
  };
}

/** A framework in `/state` and `/frameworks` (src/master/http.cpp, struct FullFrameworkWriter). */
export function toFramework(framework: FrameworkRecord): unknown {
  const { info, registeredTime, reregisteredTime } = framework;
  return objectOf({
    ...summariseFramework(framework),
    principal: info.principal,
    user: info.user,
    failover_timeout: info.failover_timeout ?? 0,
    checkpoint: info.checkpoint ?? false,
    registered_time: seconds(registeredTime),
    unregistered_time: seconds(framework.unregisteredTime ?? 0),
    ...(registeredTime === reregisteredTime ? {} : { reregistered_time: seconds(reregisteredTime) }),
    resources: summariseResources(plus(allocatedTo(framework, 'used'), allocatedTo(framework, 'offered'))),
    ...(framework.isMultiRole ? { roles: framework.roles } : { role: framework.roles[0] }),
    tasks: listOf(framework.tasks.values(), toTask),
    unreachable_tasks: listOf(framework.unreachableTasks.values(), toTask),
    completed_tasks: listOf(framework.completedTasks, toTask),
    offers: listOf(framework.offers.values(), toOldOffer),
    executors: [...framework.executors].map(toExecutor),
    offer_constraints: framework.agentFilter?.given ?? {},
    labels: info.labels?.labels,
  });
}

/** Its allocations are amounts: what is reserved of them its tasks and offers know. */
function allocated(framework: FrameworkRecord, kind: 'used' | 'offered') {
  const { allocations, tasks, executors, offers } = framework;
  const users = [...[...tasks.values()].filter((task) => task.holdsResources), ...executors];
  const held = kind === 'offered' ? [...offers.values()] : users;
  const isReserved = held.some(({ resources }) => resources.kinds.size > 0);
  const list = [...allocations].flatMap(([role, allocation]) => {
    if (!isReserved) return toResourceList(allocation[kind], 'endpoint', role);
    const ofRole = held.filter((each) => each.role === role).flatMap(({ resources }) => toResourceList(resources));
    return toResourceList(toResources(ofRole), 'endpoint', role);
  });
  return list.length === 0 ? undefined : list;
}

/** A framework in the events of the operator API (src/common/protobuf_utils.cpp, createFrameworkAdded). */
export function toFrameworkEvent(framework: FrameworkRecord): unknown {
  return {
    framework_info: toInfoEvent(framework),
    active: isConnected(framework),
    connected: isConnected(framework),
    recovered: framework.isRecovered,
    registered_time: timeInfo(framework.registeredTime),
    reregistered_time: timeInfo(framework.reregisteredTime),
    unregistered_time: timeInfo(framework.unregisteredTime ?? 0),
  };
}

/** What the framework says of itself, with what it left to its default. */
export const toInfoEvent = ({ info }: FrameworkRecord): unknown => ({
  failover_timeout: 0,
  checkpoint: false,
  ...info,
});

/** A framework of the v1 API (master.proto, Response.GetFrameworks.Framework). */
export function toFrameworkV1(framework: FrameworkRecord): unknown {
  const { info } = framework;
  const { offers } = framework;
  return objectOf({
    framework_info: {
      user: info.user,
      name: info.name,
      id: { value: framework.id },
      failover_timeout: info.failover_timeout ?? 0,
      checkpoint: info.checkpoint ?? false,
      role: framework.isMultiRole ? undefined : framework.roles[0],
      roles: framework.isMultiRole && framework.roles.length > 0 ? framework.roles : undefined,
      hostname: info.hostname,
      principal: info.principal,
      webui_url: info.webui_url,
      capabilities: info.capabilities,
      labels: info.labels,
    },
    active: isConnected(framework),
    connected: isConnected(framework),
    recovered: framework.isRecovered,
    registered_time: timeInfo(framework.registeredTime),
    reregistered_time: timeInfo(framework.reregisteredTime),
    unregistered_time: framework.unregisteredTime === undefined ? undefined : timeInfo(framework.unregisteredTime),
    offers: offers.size === 0 ? undefined : listOf(offers.values(), toOffer),
    allocated_resources: allocated(framework, 'used'),
    offered_resources: allocated(framework, 'offered'),
    offer_constraints: framework.agentFilter?.given ?? {},
  });
}
