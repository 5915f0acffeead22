import { agentNames } from './agent-names.ts';
import type { Builder } from './compose-service.ts';
import { plainService } from './plain-service.ts';

/** What calls tasks or agents: Marathon for its health checks, the load balancer, and the autoscaler. They keep nothing, and have no volume. */
export const taskCallerServices: Builder = (component, context) => [
  plainService(component, context, { extra: [agentNames(context.plan)] }),
];
