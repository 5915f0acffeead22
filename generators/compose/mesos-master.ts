import type { Builder } from './compose-service.ts';
import { plainService } from './plain-service.ts';

/** A master; its replicated log is in a volume, or a restart would forget the agents. */
export const mesosMasterServices: Builder = (component, context) => {
  const volume = `${component.service}-work`;
  return [
    plainService(component, context, {
      namedVolumes: [{ name: volume }],
      volumes: [`${volume}:${context.plan.workDir}`],
    }),
  ];
};
