import type { Offer } from '../../../protocol/mesos.ts';
import type { AgentRecord, FrameworkRecord, OfferRecord } from '../records.ts';
import type { ResourceFormat } from '../reservations/resource-kind.ts';
import { toResourceList } from '../resources.ts';
import { describeUrl } from './agent-url.ts';

/** An offer as the operator API shows it. */
export const toOffer = (offer: OfferRecord): Offer => allocatedOffer(offer, 'endpoint');

function allocatedOffer({ id, framework, agent, role, resources }: OfferRecord, format: ResourceFormat): Offer {
  return {
    ...describeOffer(id, framework, agent),
    resources: toResourceList(resources, format, role),
    allocation_info: { role },
  };
}

/** An offer as its framework gets it: one that knows of one role only is told of none (Master::offer, master.cpp). */
export function toFrameworkOffer(offer: OfferRecord): Offer {
  const { id, framework, agent, resources } = offer;
  const format = framework.knowsRefinement ? 'refined' : 'old';
  if (framework.isMultiRole) return allocatedOffer(offer, format);
  return { ...describeOffer(id, framework, agent), resources: toResourceList(resources, format) };
}

function describeOffer(id: string, framework: FrameworkRecord, agent: AgentRecord) {
  const { hostname, attributes } = agent.registration;
  const executors = [...agent.executors.values()].filter((each) => each.framework === framework);
  return {
    id: { value: id },
    framework_id: { value: framework.id },
    agent_id: { value: agent.id },
    hostname,
    url: describeUrl(agent),
    ...(attributes.length === 0 ? {} : { attributes }),
    ...(executors.length === 0 ? {} : { executor_ids: executors.map(({ info }) => info.executor_id) }),
    ...(agent.unavailability === undefined ? {} : { unavailability: agent.unavailability }),
  };
}
