import type { Plan, PlannedComponent, PlannedImage, PlannedPort, Setting } from '../../spec/plan.ts';
import { portRange } from '../../spec/port-range.ts';
import type { Role } from '../../spec/roles.ts';
import { commentOf } from '../../spec/setting-comments.ts';
import { alias, entry, flow, list, map, type Yaml, type YamlEntry } from '../yaml-text.ts';

/** A named volume; `memory`: gone when no container uses it any more. */
export interface ComposeVolume {
  readonly name: string;
  readonly memory?: boolean;
}

/** One service of a Compose file, and the named volumes it brings. */
export interface ComposeService {
  readonly name: string;
  readonly body: readonly (YamlEntry | undefined | false)[];
  readonly volumes: readonly ComposeVolume[];
}

/** What a builder sees: one component, the plan, and which components are in the same file. */
export interface BuilderContext {
  readonly plan: Plan;
  /** Components of this Compose file, by role: others are on other machines, and nothing can depend on them. */
  readonly here: ReadonlyMap<Role, readonly PlannedComponent[]>;
}

export type Builder = (component: PlannedComponent, context: BuilderContext) => readonly ComposeService[];

/** Key of the labels that mark everything as belonging to a lab. */
export const labelPrefix = 'create-mesos-cluster';

/** Compose replaces `$NAME` in values; `$$` is a dollar sign. */
export const literal = (text: string): string => text.replaceAll('$', '$$$$');

const literals = (texts: readonly string[]): readonly string[] => texts.map(literal);

/** Comments stand at the first of several like services only. */
export const commentFor = (component: PlannedComponent, name: string): string | undefined =>
  component.ordinal === 1 ? commentOf(name) : undefined;

export function imageEntries(image: PlannedImage, comments: boolean): readonly (YamlEntry | false)[] {
  return [
    entry('image', literal(image.reference)),
    image.builtLocally && entry('pull_policy', 'never', comments ? 'Built on this machine, in no registry.' : undefined),
    image.platform !== undefined && entry('platform', image.platform, comments ? commentOf('platform') : undefined),
    image.entrypoint !== undefined && entry('entrypoint', flow(literals(image.entrypoint))),
  ];
}

export function commandEntry(command: readonly string[]): YamlEntry | false {
  return command.length > 0 && entry('command', flow(literals(command)));
}

export function environmentEntry(settings: readonly Setting[], comment: (name: string) => string | undefined) {
  return (
    settings.length > 0 &&
    entry(
      'environment',
      // The comment says why the generator chose the value: not of one that the user chose.
      map(settings.map(({ name, value, origin }) => entry(name, literal(value), origin === 'derived' ? comment(name) : undefined))),
    )
  );
}

const bindAddress = (bind: string): string => (bind.includes(':') ? `[${bind}]` : bind);

function portText(port: PlannedPort, bind: string): string {
  const { published, target } = port;
  return `${bindAddress(bind)}:${portRange(port, published ?? target)}:${portRange(port, target)}`;
}

/** Ports that are published on this machine, on the bind address of the plan. */
export function portsEntry(ports: readonly PlannedPort[], bind: string): YamlEntry | false {
  const published = ports.filter((port) => port.published !== undefined);
  return published.length > 0 && entry('ports', list(published.map((port) => portText(port, bind))));
}

export interface Dependency {
  readonly name: string;
  readonly condition: 'service_healthy' | 'service_started';
  /** Shares the other's namespaces, so it has to start again with it. */
  readonly restart?: boolean;
}

/** Services of the same file that this one waits for. */
export function dependsOn(services: readonly Dependency[]): YamlEntry | false {
  const details = ({ condition, restart }: Dependency) =>
    map([entry('condition', condition), restart === true && entry('restart', true)]);
  return (
    services.length > 0 && entry('depends_on', map(services.map((service) => entry(service.name, details(service)))))
  );
}

/**
 * All components of a role in the same file: those on other machines cannot be waited for here. A member of an
 * ensemble that spans machines is healthy only when the others are up, so nothing waits for health there: Compose would
 * give up on the first machine before the second one is on.
 */
export const healthyServices = ({ plan, here }: BuilderContext, role: Role): readonly Dependency[] => {
  const condition = plan.runtime === 'hosts' && plan.zookeepers.length > 1 ? 'service_started' : 'service_healthy';
  return (here.get(role) ?? []).map(({ service }) => ({ name: service, condition }));
};

/** A Compose health check; `patience` is for programs that take long to start. */
export function healthcheck(test: readonly string[], patience: 'usual' | 'long' = 'usual'): YamlEntry {
  return entry(
    'healthcheck',
    map([
      entry('test', flow(literals(test))),
      entry('interval', '5s'),
      entry('timeout', '4s'),
      entry('retries', 6),
      entry('start_period', patience === 'long' ? '120s' : '30s'),
    ]),
  );
}

/**
 * Asks for a page from inside the container with what its image surely has: bash (no curl, no nc needed), Node, or
 * BusyBox.
 */
export function httpProbe(probe: PlannedImage['probe'], host: string, port: number, path: string): readonly string[] {
  const url = `http://${host}:${port}${path}`;
  switch (probe) {
    case 'bash':
      return [
        'CMD',
        'bash',
        '-c',
        `exec 3<>/dev/tcp/${host}/${port} && printf 'GET ${path} HTTP/1.0\\r\\n\\r\\n' >&3 && read -r _ status _ <&3 && [ "$status" = 200 ]`,
      ];
    case 'node':
      return ['CMD', 'node', '-e', `fetch('${url}').then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))`];
    case 'busybox':
      return ['CMD', 'wget', '-q', '-O', '/dev/null', url];
  }
}

/** Where a program is asked from inside its own container: on several hosts it listens on the node's address only. */
export const ownHost = (component: PlannedComponent, plan: Plan): string =>
  plan.runtime === 'hosts' ? component.host : '127.0.0.1';

/** Labels, restart policy and bounded logs of every service; the anchors stand at the head of the file. */
export function commonEntries(node: string, role: string, memoryMb: number | undefined): readonly (YamlEntry | false)[] {
  const labels = map([
    entry('<<', alias('labels')),
    entry(`${labelPrefix}.node`, node),
    entry(`${labelPrefix}.role`, role),
  ]);
  return [entry('labels', labels), entry('restart', 'unless-stopped'), entry('logging', alias('logging')), memoryMb !== undefined && entry('mem_limit', `${memoryMb}m`)];
}

/**
 * The entries that every component's own service has, in the order of the file.
 * @param parts what differs: network, volumes, dependencies, health check
 */
export function serviceOf(
  component: PlannedComponent,
  plan: Plan,
  parts: {
    readonly profiles?: readonly string[];
    readonly network?: readonly (YamlEntry | false)[];
    readonly volumes?: readonly Yaml[];
    readonly extra?: readonly (YamlEntry | undefined | false)[];
    readonly dependsOn?: YamlEntry | false;
    readonly healthcheck: YamlEntry;
    readonly memoryMb?: number;
  },
): ComposeService['body'] {
  const { image, environment, arguments: args } = component;
  const comment = (name: string) => commentFor(component, name);
  const network = parts.network ?? [
    plan.runtime === 'hosts' ? entry('network_mode', 'host') : entry('hostname', component.host),
    plan.runtime === 'docker' && portsEntry(component.ports, plan.bind),
  ];
  return [
    ...imageEntries(image, component.ordinal === 1),
    parts.profiles !== undefined && entry('profiles', flow(parts.profiles)),
    commandEntry([...(image.command ?? []), ...args]),
    ...network,
    environmentEntry(environment, comment),
    parts.volumes !== undefined && parts.volumes.length > 0 && entry('volumes', list(parts.volumes)),
    ...(parts.extra ?? []),
    parts.dependsOn,
    parts.healthcheck,
    ...commonEntries(component.node, component.role, parts.memoryMb ?? component.memoryMb),
  ];
}
