import { listAt } from '../../../protocol/json.ts';
import type { ContainerInfo, DockerPortMapping } from '../../../protocol/mesos.ts';

/** Ports of the agent that lead into a container: Docker's, or those of the networks of a container of type MESOS. */
export function portMappingsOf({ docker, network_infos: networks = [] }: Partial<ContainerInfo> = {}) {
  return docker === undefined
    ? networks.flatMap((network) => listAt(network, 'port_mappings') as unknown as readonly DockerPortMapping[])
    : (docker.port_mappings ?? []);
}
