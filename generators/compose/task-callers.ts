import { agentNames } from './agent-names.ts';
import type { Builder } from './compose-service.ts';
import { plainService } from './plain-service.ts';

/** What calls tasks: Marathon for its health checks, and the load balancer. They keep nothing, and have no volume. */
export const taskCallerServices: Builder = (component, context) => [
  plainService(component, context, { extra: [agentNames(context.plan)] }),
];
