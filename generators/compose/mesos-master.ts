import { dependsOn, healthyServices, ownHost, serviceOf, type Builder } from './compose-service.ts';
import { healthcheck, httpProbe, paceOf } from './health-check.ts';

/** A master; its replicated log is in a volume, or a restart would forget the agents. */
export const mesosMasterServices: Builder = (component, context) => {
  const { plan } = context;
  const volume = `${component.service}-work`;
  const port = component.ports[0]?.target ?? 0;
  return [
    {
      name: component.service,
      volumes: [{ name: volume }],
      body: serviceOf(component, plan, {
        volumes: [`${volume}:${plan.workDir}`],
        dependsOn: dependsOn(healthyServices(context, 'zookeeper', component)),
        healthcheck: healthcheck(
          httpProbe(component.image.probe, ownHost(component, plan), port, '/health'),
          paceOf(component),
        ),
      }),
    },
  ];
};
