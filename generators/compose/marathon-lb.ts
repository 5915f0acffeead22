import { dependsOn, healthyServices, serviceOf, type Builder } from './compose-service.ts';
import { healthcheck, httpProbe, paceOf } from './health-check.ts';
import { agentNames } from './agent-names.ts';

/** The load balancer: follows Marathon's events and publishes the service ports of apps in its group. */
export const marathonLbServices: Builder = (component, context) => {
  const { plan } = context;
  const port = component.ports[0]?.target ?? 0;
  return [
    {
      name: component.service,
      volumes: [],
      body: serviceOf(component, plan, {
        extra: [agentNames(plan)],
        dependsOn: dependsOn(healthyServices(context, 'marathon', component)),
        // HAProxy binds every address, on several hosts too.
        healthcheck: healthcheck(
          httpProbe(component.image.probe, '127.0.0.1', port, '/_haproxy_health_check'),
          paceOf(component),
        ),
      }),
    },
  ];
};
