/** Name servers of containers in one kind of Docker network, or in one network (ContainerDNSInfo::DockerInfo of Mesos). */
export interface ContainerDns {
  /** `bridge`: Docker's own; `user`: one that somebody made. */
  readonly network: 'bridge' | 'user';
  /** Missing: all those that no other entry names. */
  readonly name?: string;
  readonly servers: readonly string[];
  readonly search: readonly string[];
  readonly options: readonly string[];
}

/** Of `docker run`, by which a task says itself whom its container asks. */
const ownKeys: ReadonlySet<string> = new Set(['dns', 'dns-search', 'dns-opt', 'dns-option']);

/**
 * The words that say whom a container asks (RunOptions::create in src/docker/docker.cpp of Mesos): nothing for the host's
 * network, and nothing where the task has said anything of it.
 */
export function dnsWords(
  defaults: readonly ContainerDns[],
  network: string,
  parameters: readonly { readonly key: string }[],
): readonly string[] {
  if (parameters.some(({ key }) => ownKeys.has(key))) return [];
  const found = entryFor(defaults, network);
  if (found === undefined) return [];
  const words = (name: string, values: readonly string[]) => values.flatMap((value) => [name, value]);
  return [
    ...words('--dns', found.servers),
    ...words('--dns-search', found.search),
    ...words('--dns-opt', found.options),
  ];
}

function entryFor(defaults: readonly ContainerDns[], network: string): ContainerDns | undefined {
  if (network === 'host' || network === 'none') return undefined;
  if (network === 'bridge') return defaults.find((each) => each.network === 'bridge');
  const users = defaults.filter((each) => each.network === 'user');
  return users.find(({ name }) => name === network) ?? users.find(({ name }) => name === undefined);
}
