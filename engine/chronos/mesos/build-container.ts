import type { ContainerInfo, Json } from '../../../protocol/mesos.ts';
import type { Container, Network, Parameter, Volume } from '../jobs/job.ts';

/** The ContainerInfo of a job's tasks (MesosTaskBuilder.createContainerInfo of Chronos). */
export function containerInfo(container: Container): ContainerInfo {
  const { type, image, network, networkName, networkInfos, volumes, forcePullImage, parameters } = container;
  const networks = [...(networkName === undefined ? [] : [{ name: networkName }]), ...networkInfos.map(networkInfo)];
  const common = {
    ...(volumes.length > 0 && { volumes: volumes.map(volumeInfo) }),
    ...(networks.length > 0 && { network_infos: networks }),
  };
  if (type === 'MESOS') {
    const dockerImage = { type: 'DOCKER', docker: { name: image }, cached: !forcePullImage };
    return { type, ...common, mesos: { image: dockerImage } };
  }
  return { type, ...common, docker: { image, network, force_pull_image: forcePullImage, parameters } };
}

/** Mesos wants a mode of each volume. */
function volumeInfo({ hostPath, containerPath, mode = 'RW', external }: Volume): Json {
  return {
    container_path: containerPath,
    mode,
    ...(hostPath !== undefined && { host_path: hostPath }),
    ...(external !== undefined && {
      source: {
        type: 'DOCKER_VOLUME',
        docker_volume: {
          driver: external.provider,
          name: external.name,
          driver_options: { parameter: pairs(external.options) },
        },
      },
    }),
  };
}

const networkInfo = ({ name, protocol, labels, portMappings }: Network): Json => ({
  name,
  ...(protocol !== undefined && { ip_addresses: [{ protocol }] }),
  labels: { labels: pairs(labels) },
  ...(portMappings.length > 0 && {
    port_mappings: portMappings.map((each) => ({
      host_port: each.hostPort,
      container_port: each.containerPort,
      ...(each.protocol !== undefined && { protocol: each.protocol }),
    })),
  }),
});

const pairs = (parameters: readonly Parameter[]) => parameters.map(({ key, value }) => ({ key, value }));
