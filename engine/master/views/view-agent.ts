import type { Resource } from '../../../protocol/mesos.ts';
import { shownValue } from '../../../protocol/value-text.ts';
import { addressOf } from '../cluster-state.ts';
import { isActive, type AgentRecord } from '../records.ts';
import { splitByRole } from '../reservations/checkpointed.ts';
import type { AgentDecision } from '../registry/registry.ts';
import { noResources, plus, summariseResources, toResourceList, type Resources } from '../resources.ts';

const capabilities = [
  ...['MULTI_ROLE', 'HIERARCHICAL_ROLE', 'RESERVATION_REFINEMENT', 'RESOURCE_PROVIDER', 'RESIZE_VOLUME'],
  ...['AGENT_OPERATION_FEEDBACK', 'AGENT_DRAINING', 'TASK_RESOURCE_LIMITS'],
];

const seconds = (milliseconds: number) => milliseconds / 1000;
/** TimeInfo is in nanoseconds. */
export const timeInfo = (milliseconds: number) => ({ nanoseconds: milliseconds * 1e6 });

const drainInfo = ({ state, config }: NonNullable<AgentDecision['drain']>) => ({ state, config });

/** An agent in `/state` (src/master/http.cpp, struct SlaveWriter). */
function toAgent(agent: AgentRecord): Readonly<Record<string, unknown>> {
  const { registration, used, offered } = agent;
  const { unreserved, reserved } = splitByRole(agent.total);
  return {
    id: agent.id,
    hostname: registration.hostname,
    port: registration.port,
    attributes: Object.fromEntries(registration.attributes.map((each) => [each.name, shownValue(each)])),
    pid: addressOf(registration),
    registered_time: seconds(agent.registeredTime),
    reregistered_time: agent.reregisteredTime === undefined ? undefined : seconds(agent.reregisteredTime),
    resources: summariseResources(agent.total),
    used_resources: summariseResources(used),
    offered_resources: summariseResources(offered),
    reserved_resources: Object.fromEntries([...reserved].map(([role, each]) => [role, summariseResources(each)])),
    unreserved_resources: summariseResources(unreserved),
    active: isActive(agent),
    deactivated: agent.decision !== undefined,
    version: registration.version,
    capabilities,
    ...(agent.decision?.drain === undefined
      ? {}
      : {
          drain_info: drainInfo(agent.decision.drain),
          estimated_drain_start_time_seconds: seconds(agent.decision.drain.startedAt),
        }),
  };
}

const texts = new WeakMap<AgentRecord, { readonly of: readonly unknown[]; readonly text: string }>();

/**
 * The JSON of toAgent: of ten thousand agents few are others than when somebody looked last. What is shown of an agent
 * never changes without another value in its record: amounts of resources are not written to.
 */
export function agentText(agent: AgentRecord): string {
  const of: readonly unknown[] = Object.values(agent);
  const last = texts.get(agent);
  if (last !== undefined && of.every((part, index) => part === last.of[index])) return last.text;
  const text = JSON.stringify(toAgent(agent));
  texts.set(agent, { of, text });
  return text;
}

interface Allocated {
  readonly role: string;
  readonly resources: Resources;
}

/** What is used or offered of an agent by role: mostly all of it for one, whose sum is known. */
function allocated(sum: Resources, parts: Iterable<Allocated>): readonly Resource[] {
  const byRole = new Map<string, Resources>();
  for (const { role } of parts) byRole.set(role, noResources);
  if (byRole.size <= 1) for (const role of byRole.keys()) byRole.set(role, sum);
  else for (const { role, resources } of parts) byRole.set(role, plus(byRole.get(role) ?? noResources, resources));
  return [...byRole].flatMap(([role, resources]) => toResourceList(resources, 'endpoint', role));
}

const usedOf = ({ used, tasks, executors }: AgentRecord) =>
  allocated(used, [...[...tasks].filter((task) => task.holdsResources), ...executors.values()]);
const offeredOf = ({ offered, offers }: AgentRecord) => allocated(offered, [...offers.values()]);

/** In the order in which the agent has named them. */
const inOrder = (list: readonly Resource[], { registration }: AgentRecord) => {
  const names = registration.resources.map(({ name }) => name);
  return [...list].sort((one, other) => names.indexOf(one.name) - names.indexOf(other.name));
};

function byRole(agent: AgentRecord) {
  const { unreserved, reserved } = splitByRole(agent.total);
  return {
    unreserved: inOrder(toResourceList(unreserved, 'endpoint'), agent),
    reserved: [...reserved].map(([role, each]) => [role, inOrder(toResourceList(each, 'endpoint'), agent)] as const),
  };
}

/** An agent in `/slaves`: with its resources in full. */
export function toFullAgent(agent: AgentRecord): unknown {
  const { unreserved, reserved } = byRole(agent);
  return {
    ...toAgent(agent),
    reserved_resources_full: Object.fromEntries(reserved),
    unreserved_resources_full: unreserved,
    used_resources_full: usedOf(agent),
    offered_resources_full: offeredOf(agent),
  };
}

const unlessEmpty = (list: readonly unknown[]) => (list.length === 0 ? undefined : list);

/** An agent of the v1 API (master.proto, Response.GetAgents.Agent). */
export function toAgentV1(agent: AgentRecord): unknown {
  const { registration } = agent;
  const { hostname, port, resources, attributes } = registration;
  const { unreserved, reserved } = byRole(agent);
  return {
    agent_info: {
      hostname,
      port,
      resources: resources.map(({ role: _, ...resource }) => resource),
      attributes: unlessEmpty(attributes),
      id: { value: agent.id },
    },
    active: isActive(agent),
    deactivated: agent.decision !== undefined,
    version: registration.version,
    pid: addressOf(registration),
    registered_time: timeInfo(agent.registeredTime),
    reregistered_time: agent.reregisteredTime === undefined ? undefined : timeInfo(agent.reregisteredTime),
    total_resources: [...unreserved, ...reserved.flatMap(([, list]) => list)],
    allocated_resources: unlessEmpty(usedOf(agent)),
    offered_resources: unlessEmpty(offeredOf(agent)),
    capabilities: capabilities.map((type) => ({ type })),
    ...(agent.decision?.drain === undefined
      ? {}
      : {
          drain_info: drainInfo(agent.decision.drain),
          // In whole seconds, as there.
          estimated_drain_start_time: timeInfo(Math.floor(agent.decision.drain.startedAt / 1000) * 1000),
        }),
  };
}
