import { healthcheck, ownHost, serviceOf, type Builder } from './compose-service.ts';

/** A member of the ensemble. Healthy only when it serves: a member without a quorum answers, but not with its mode. */
export const zookeeperServices: Builder = (component, { plan }) => {
  const data = `${component.service}-data`;
  const log = `${component.service}-log`;
  const port = component.ports[0]?.target ?? 0;
  const ask = `exec 3<>/dev/tcp/${ownHost(component, plan)}/${port} && printf srvr >&3 && grep -q '^Mode: ' <&3`;
  return [
    {
      name: component.service,
      volumes: [data, log],
      body: serviceOf(component, plan, {
        volumes: [`${data}:/data`, `${log}:/datalog`],
        healthcheck: healthcheck(['CMD', 'bash', '-c', ask]),
      }),
    },
  ];
};
