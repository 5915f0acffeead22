import { isJsonObject } from '../../../protocol/json.ts';
import type { Json } from '../../../protocol/mesos.ts';
import type { Container, Network, Parameter, Volume } from './job.ts';
import { objectsOf, textOf, truthOf, wholeOf, wordOf, type Fields } from './read-fields.ts';

/** A container, when it has an image (JobDeserializer.scala of Chronos). @throws ApiError 400 */
export function readContainer(value: Json | undefined): Container | undefined {
  if (!isJsonObject(value) || value['image'] === undefined) return undefined;
  const { type, image, network, networkName, networkInfos, volumes, forcePullImage, parameters } = value;
  return {
    type: isGiven(type) ? wordOf(type, 'container.type', ['DOCKER', 'MESOS']) : 'DOCKER',
    image: textOf(image),
    network: isGiven(network) ? wordOf(network, 'container.network', ['BRIDGE', 'HOST', 'USER']) : 'HOST',
    ...(isGiven(networkName) && { networkName: textOf(networkName) }),
    networkInfos: objectsOf(networkInfos, 'container.networkInfos').map(readNetwork),
    volumes: objectsOf(volumes, 'container.volumes').map(readVolume),
    forcePullImage: truthOf(forcePullImage, false),
    parameters: readParameters(parameters, 'container.parameters'),
  };
}

const isGiven = (value: Json | undefined) => value !== undefined && value !== null;

const readParameters = (value: Json | undefined, name: string): readonly Parameter[] =>
  objectsOf(value, name).map(({ key, value }) => ({ key: textOf(key), value: textOf(value) }));

function readVolume({ hostPath, containerPath, mode, external }: Fields): Volume {
  return {
    ...(isGiven(hostPath) && { hostPath: textOf(hostPath) }),
    containerPath: textOf(containerPath),
    ...(isGiven(mode) && { mode: wordOf(mode, 'container.volumes.mode', ['RW', 'RO']) }),
    ...(isJsonObject(external) && {
      external: {
        name: textOf(external['name']),
        provider: textOf(external['provider']),
        options: readParameters(external['options'], 'container.volumes.external.options'),
      },
    }),
  };
}

function readNetwork({ name, protocol, labels, portMappings }: Fields): Network {
  return {
    name: textOf(name),
    ...(isGiven(protocol) && { protocol: wordOf(protocol, 'container.networkInfos.protocol', ['IPv4', 'IPv6']) }),
    labels: readParameters(labels, 'container.networkInfos.labels'),
    portMappings: objectsOf(portMappings, 'container.networkInfos.portMappings').map((mapping) => ({
      hostPort: wholeOf(mapping['hostPort'], 0),
      containerPort: wholeOf(mapping['containerPort'], 0),
      ...(isGiven(mapping['protocol']) && { protocol: textOf(mapping['protocol']) }),
    })),
  };
}
