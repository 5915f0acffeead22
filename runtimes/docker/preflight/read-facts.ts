import { listAt, numberAt, parseJson, textAt } from '../../../protocol/json.ts';
import type { CommandResult } from '../../../platform/processes/run-command.ts';
import type { DockerFacts } from './docker-facts.ts';

/** Which context is in use and where its Engine is; a DOCKER_HOST makes it `default`. */
export interface DockerContext {
  readonly context: string;
  readonly endpoint: string;
  readonly isRemote: boolean;
}

/** Sockets and pipes are of this machine, even where a virtual machine is behind them that forwards ports (Lima, OrbStack). */
const localEndpoint = /^(?:unix:|npipe:|fd:|$)|^(?:tcp|http):\/\/(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])(?::|\/|$)/;

export const isLocalEndpoint = (endpoint: string): boolean => localEndpoint.test(endpoint);

/** Reads what `docker context inspect` says of the context in use. */
export function readContext(result: CommandResult): DockerContext {
  const [first] = listAt({ all: result.kind === 'ended' ? parseJson(result.stdout) : [] }, 'all');
  const endpoint = textAt(first, 'Endpoints', 'docker', 'Host') ?? '';
  return { context: textAt(first, 'Name') ?? 'default', endpoint, isRemote: !isLocalEndpoint(endpoint) };
}

/** Version of a plugin of the client, by `docker info`; undefined when it is not there or does not work. */
function pluginVersion(info: unknown, name: string): string | undefined {
  const plugin = listAt(info, 'ClientInfo', 'Plugins').find((each) => textAt(each, 'Name') === name);
  return textAt(plugin, 'Err') === undefined ? textAt(plugin, 'Version') : undefined;
}

/**
 * The facts in what `docker version` and `docker info` print as JSON (moby api/types/system/info.go,
 * docker/cli cli/command/system/{version,info}.go); fields that an older Engine does not have are empty.
 */
export function readFacts(versionText: string, infoText: string, where: DockerContext): DockerFacts {
  const version = parseJson(versionText);
  const info = parseJson(infoText);
  const machine = textAt(info, 'OperatingSystem') ?? '';
  const security = listAt(info, 'SecurityOptions').filter((option) => typeof option === 'string');
  const hasOption = (name: string) => security.some((option) => option.split(',').includes(`name=${name}`));
  const storeType = listAt(info, 'DriverStatus').find((pair) => Array.isArray(pair) && pair[0] === 'driver-type');
  const cgroupVersion = textAt(info, 'CgroupVersion');
  return {
    kind: 'facts',
    client: { version: textAt(version, 'Client', 'Version') ?? '' },
    engine: {
      version: textAt(version, 'Server', 'Version') ?? textAt(info, 'ServerVersion') ?? '',
      minApiVersion: textAt(version, 'Server', 'MinAPIVersion') ?? '',
      os: textAt(version, 'Server', 'Os') ?? textAt(info, 'OSType') ?? 'linux',
      arch: textAt(version, 'Server', 'Arch') ?? '',
      kind: engineKind(version, machine),
      machine,
    },
    cgroupVersion: cgroupVersion === '1' ? 1 : cgroupVersion === '2' ? 2 : undefined,
    storage: {
      driver: textAt(info, 'Driver') ?? '',
      isContainerd: Array.isArray(storeType) && String(storeType[1]).startsWith('io.containerd.snapshotter'),
    },
    memoryMb: Math.floor((numberAt(info, 'MemTotal') ?? 0) / 1024 ** 2),
    cpus: numberAt(info, 'NCPU') ?? 0,
    isRootless: hasOption('rootless'),
    hasUserNamespaces: hasOption('userns'),
    emulatesAmd64: undefined,
    rootFolder: textAt(info, 'DockerRootDir') ?? '',
    ...where,
    composeVersion: pluginVersion(info, 'compose') ?? '',
  };
}

function engineKind(version: unknown, machine: string): DockerFacts['engine']['kind'] {
  const components = listAt(version, 'Server', 'Components').map((each) => textAt(each, 'Name'));
  if (components.includes('Podman Engine')) return 'podman';
  const platform = textAt(version, 'Server', 'Platform', 'Name') ?? '';
  const isDesktop = machine.startsWith('Docker Desktop') || platform.startsWith('Docker Desktop');
  return isDesktop ? 'desktop' : 'docker';
}
