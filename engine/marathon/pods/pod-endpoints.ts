import type { Endpoint, PodTemplate } from '../../../protocol/marathon/pods.ts';

const endpointsOf = ({ containers }: PodTemplate): readonly Endpoint[] =>
  containers.flatMap(({ endpoints = [] }) => endpoints);

/** Ports of the agent that an instance needs, 0 for any, in the order of the containers. */
export const wantedPodPorts = (pod: PodTemplate): readonly number[] =>
  endpointsOf(pod).flatMap(({ hostPort }) => hostPort ?? []);

/** The pod with the ports that an instance has got, in the place of those that it asked for. */
export function withAllocatedPorts(pod: PodTemplate, hostPorts: readonly number[]): PodTemplate {
  const left = [...hostPorts];
  const allocated = (endpoint: Endpoint): Endpoint => {
    const hostPort = endpoint.hostPort === undefined ? undefined : left.shift();
    return hostPort === undefined ? endpoint : { ...endpoint, hostPort };
  };
  return {
    ...pod,
    containers: pod.containers.map((container) =>
      container.endpoints === undefined ? container : { ...container, endpoints: container.endpoints.map(allocated) },
    ),
  };
}

/** Where a container listens: it has the network of the agent. */
export const portOf = ({ hostPort, containerPort }: Endpoint): number => hostPort ?? containerPort ?? 0;

/**
 * ENDPOINT_WEB, EP_HOST_WEB, EP_CONTAINER_WEB: all containers are told of the endpoints of all (endpointEnvVars in
 * TaskGroupBuilder.scala of Marathon).
 * @param pod with the ports that it has got
 */
export function endpointVariables(pod: PodTemplate): Readonly<Record<string, string>> {
  const variables: Record<string, string> = {};
  for (const endpoint of endpointsOf(pod)) {
    const name = endpoint.name.toUpperCase().replaceAll(/[^A-Z0-9_]+/g, '_');
    variables[`ENDPOINT_${name}`] = String(portOf(endpoint));
    if (endpoint.hostPort !== undefined) variables[`EP_HOST_${name}`] = String(endpoint.hostPort);
    if (endpoint.containerPort !== undefined) variables[`EP_CONTAINER_${name}`] = String(endpoint.containerPort);
  }
  return variables;
}
