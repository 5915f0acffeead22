import type { App, Network } from '../../../protocol/marathon.ts';
import type { ContainerInfo, DockerPortMapping, Json } from '../../../protocol/mesos.ts';
import { valueAt } from '../../../protocol/json.ts';
import { secretFile, secretReference } from '../secrets/secret-references.ts';
import { networksOfPort, type TaskPort } from './task-environment.ts';

/** The ContainerInfo of a task, if it has one (TaskBuilder.computeContainerInfo of Marathon). */
export function containerInfo(app: App, ports: readonly TaskPort[]): ContainerInfo | undefined {
  const info = ownContainer(app, ports);
  if (app.tty !== true) return info;
  // Marathon forgets it of an app without a container.
  return { ...(info ?? { type: 'MESOS', mesos: {} }), tty_info: {} };
}

/** (ContainerSerializer.scala of Marathon) */
function ownContainer(app: App, ports: readonly TaskPort[]): ContainerInfo | undefined {
  const { container } = app;
  if (container === undefined) return undefined;
  // Persistent ones are among the resources.
  const shown = container.volumes.filter((volume) => !isObjectWith(volume, 'persistent'));
  const volumes = shown.map((volume) => {
    const { containerPath, hostPath, mode, secret } = volume as Readonly<Record<string, string>>;
    if (secret !== undefined) return secretFile(containerPath ?? '', secretReference(app.secrets, secret));
    return { container_path: containerPath ?? '', host_path: hostPath ?? '', mode: mode ?? 'RW' };
  });
  const networks = app.networks
    .filter(({ mode }) => mode !== 'host')
    .map((network) => networkInfo(network, app, ports));
  const common = {
    ...(volumes.length === 0 ? {} : { volumes }),
    ...(networks.length === 0 ? {} : { network_infos: networks }),
  };
  if (container.type === 'MESOS') {
    const image = container.docker?.image;
    const cached = container.docker?.forcePullImage === true ? { cached: false } : {};
    const mesos = image === undefined ? {} : { image: { type: 'DOCKER', docker: { name: image }, ...cached } };
    return { type: 'MESOS', ...common, mesos };
  }
  const [network] = app.networks;
  return {
    type: 'DOCKER',
    // A bridge is Docker's own: Mesos is told of named networks only.
    ...(network?.mode === 'container' ? common : { ...(volumes.length === 0 ? {} : { volumes }) }),
    docker: {
      image: container.docker?.image ?? '',
      network: dockerNetwork(network),
      ...(network?.mode === 'host' ? {} : { port_mappings: portMappings(app, ports) }),
      privileged: container.docker?.privileged ?? false,
      parameters: container.docker?.parameters ?? [],
      force_pull_image: container.docker?.forcePullImage ?? false,
    },
  };
}

const isObjectWith = (value: Json, name: string) => valueAt(value, name) !== undefined;

function dockerNetwork(network: Network | undefined): 'HOST' | 'BRIDGE' | 'USER' {
  if (network?.mode === 'container/bridge') return 'BRIDGE';
  return network?.mode === 'container' ? 'USER' : 'HOST';
}

/**
 * Container port 0 is the same as the host port.
 * @param network only those that are for it: all but those that name other networks
 */
function portMappings(app: App, ports: readonly TaskPort[], network?: string): readonly DockerPortMapping[] {
  return ports.flatMap(({ requested, hostPort }, index) => {
    const { protocol = 'tcp' } = app.container?.portMappings?.[index] ?? {};
    const isElsewhere = network !== undefined && !networksOfPort(app, index).includes(network);
    if (hostPort === undefined || isElsewhere) return [];
    const protocols = protocol.split(',');
    return protocols.map((protocol) => ({
      container_port: requested === 0 ? hostPort : requested,
      host_port: hostPort,
      protocol,
    }));
  });
}

function networkInfo(network: Network, app: App, ports: readonly TaskPort[]): Json {
  const labels = Object.entries(network.labels ?? {}).map(([key, value]) => ({ key, value }));
  return {
    ip_addresses: [{ protocol: 'IPv4' }],
    name: network.name ?? 'mesos-bridge',
    ...(labels.length === 0 ? {} : { labels: { labels } }),
    ...(app.container?.type === 'MESOS'
      ? { port_mappings: portMappings(app, ports, network.name).map((mapping) => ({ ...mapping })) }
      : {}),
  };
}
