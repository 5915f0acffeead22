import { dependsOn, healthyServices, ownHost, serviceOf, type Builder } from './compose-service.ts';
import { healthcheck, httpProbe, paceOf } from './health-check.ts';
import { agentNames } from './agent-names.ts';

/** Marathon: keeps its apps in ZooKeeper, so it has no volume. A JVM, slow to start. */
export const marathonServices: Builder = (component, context) => {
  const { plan } = context;
  const port = component.ports[0]?.target ?? 0;
  return [
    {
      name: component.service,
      volumes: [],
      body: serviceOf(component, plan, {
        extra: [agentNames(plan)],
        dependsOn: dependsOn([
          ...healthyServices(context, 'zookeeper', component),
          ...healthyServices(context, 'mesos-master', component),
        ]),
        healthcheck: healthcheck(
          httpProbe(component.image.probe, ownHost(component, plan), port, '/ping'),
          paceOf(component, 'slow start'),
        ),
      }),
    },
  ];
};
