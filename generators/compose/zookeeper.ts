import { entry, list } from '../text/yaml-text.ts';
import { ownHost, serviceOf, type Builder } from './compose-service.ts';
import { healthcheck, zookeeperProbe } from './health-check.ts';

/** A member of the ensemble. Healthy only when it serves: a member without a quorum answers, but not with its mode. */
export const zookeeperServices: Builder = (component, { plan }) => {
  const data = `${component.service}-data`;
  const log = `${component.service}-log`;
  const port = component.ports[0]?.target ?? 0;
  return [
    {
      name: component.service,
      volumes: [{ name: data }, { name: log }],
      body: serviceOf(component, plan, {
        volumes: [`${data}:/data`, `${log}:/datalog`],
        // The image declares a volume for log files, but logs to the console.
        extra: [entry('tmpfs', list(['/logs']))],
        healthcheck: healthcheck(zookeeperProbe(component.image.probe, ownHost(component, plan), port)),
      }),
    },
  ];
};
