import type { ImageBuild } from '../../planning/catalogue/image-sets.ts';
import type { Plan, PlannedComponent, PlannedImage, PlannedPort, Setting } from '../../planning/plan/plan.ts';
import { portRange } from '../../planning/plan/plan-ports.ts';
import { commentOf } from '../../planning/explain/setting-reasons.ts';
import type { GeneratedFile } from '../generated-file.ts';
import { alias, block, entry, flow, list, map, merged, quoted, type Yaml, type YamlEntry } from '../text/yaml-text.ts';
import { dnsEntry } from './lab-network.ts';
import { nodeLabel, roleLabel } from '../../protocol/lab-labels.ts';
import { hostInUrl } from '../../protocol/host-in-url.ts';

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
  /** Files that are in the Compose file itself. */
  readonly configs?: readonly YamlEntry[];
  /** What is in no generated file. */
  readonly secrets?: readonly YamlEntry[];
  /** Files beside the Compose file. */
  readonly files?: readonly GeneratedFile[];
}

/** What a builder sees: one component, the plan, and which components are in the same file. */
export interface BuilderContext {
  readonly plan: Plan;
  /** Components of this Compose file, by role: others are on other machines, and nothing can depend on them. */
  readonly here: ReadonlyMap<string, readonly PlannedComponent[]>;
}

export type Builder = (component: PlannedComponent, context: BuilderContext) => readonly ComposeService[];

/** The machine's own Engine, for a container that may ask it: the place is in `.env`, or Docker's usual one. */
export const dockerSocket = '${DOCKER_SOCKET:-/var/run/docker.sock}:/var/run/docker.sock';

/** Compose replaces `$NAME` in values; `$$` is a dollar sign. */
export const literal = (text: string): string => text.replaceAll('$', '$$$$');

const literals = (texts: readonly string[]): readonly string[] => texts.map(literal);

/** Comments stand at the first of several like services only. */
export const commentFor = (component: PlannedComponent, name: string): string | undefined =>
  component.ordinal === 1 ? commentOf(name) : undefined;

/** Words on one line, unless one of them is a script. */
const wordList = (words: readonly string[]): Yaml =>
  words.some(isScript) ? list(words.map((word) => (isScript(word) ? block(word) : word))) : flow(words);

const isScript = (word: string): boolean => word.includes('\n');

export function imageEntries(image: PlannedImage, comments: boolean): readonly (YamlEntry | false)[] {
  return [
    entry('image', literal(image.reference)),
    image.build !== undefined &&
      entry('pull_policy', 'never', comments ? 'Built on this machine, in no registry.' : undefined),
    image.platform !== undefined && entry('platform', image.platform, comments ? commentOf('platform') : undefined),
    image.entrypoint !== undefined && entry('entrypoint', wordList(literals(image.entrypoint))),
  ];
}

/**
 * How the image is built, at the one service that builds it for all of its file.
 * @param toLab from the folder of the Compose file to the lab
 */
function buildEntry({ context, dockerfile, args }: ImageBuild, toLab: '' | '../../'): YamlEntry {
  // Compose takes it from the context on.
  const fromContext = context.replaceAll(/[^/]+/g, '..');
  return entry(
    'build',
    map([
      entry('context', `${toLab}${context}`),
      entry('dockerfile', `${fromContext}/${dockerfile}`),
      entry('args', map(Object.entries(args).map(([name, value]) => entry(name, literal(value))))),
    ]),
    'Built once, for all services of this file with the same image.',
  );
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
      map(
        settings.map(({ name, value, origin }) =>
          entry(name, literal(value), origin === 'derived' ? comment(name) : undefined),
        ),
      ),
    )
  );
}

function portText(port: PlannedPort, bind: string): string {
  const { published, target } = port;
  return `${hostInUrl(bind)}:${portRange(port, published ?? target)}:${portRange(port, target)}`;
}

/** Ports that are published on this machine, on the bind address of the plan; and others, as they are written. */
export function portsEntry(
  ports: readonly PlannedPort[],
  bind: string,
  others: readonly string[] = [],
): YamlEntry | false {
  const published = ports.filter((port) => port.published !== undefined).map((port) => portText(port, bind));
  const texts = [...published, ...others];
  return texts.length > 0 && entry('ports', list(texts.map(quoted)));
}

/** For a container of the Engine's image that is no Engine. */
export const withoutEngineData = (comments: boolean): YamlEntry =>
  entry(
    'tmpfs',
    list(['/var/lib/docker']),
    comments ? "The image has a volume there, for an Engine's data: this one is none." : undefined,
  );

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
 * give up on the first machine before the second one is on. Our own programs wait for what they need: Compose would
 * only be slower, as it looks every five seconds. What has no health check is never healthy.
 */
export const healthyServices = (
  { plan, here }: BuilderContext,
  role: string,
  waiting?: PlannedComponent,
): readonly Dependency[] => {
  const isPatient = waiting?.image.build !== undefined || (plan.placement === 'machines' && plan.zookeepers.length > 1);
  return (here.get(role) ?? []).map(({ service, image }) => ({
    name: service,
    condition: isPatient || image.probe === 'none' ? 'service_started' : 'service_healthy',
  }));
};

/** Where a program is asked from inside its own container: on several hosts it listens on the node's address only. */
export const ownHost = (component: PlannedComponent, plan: Plan): string =>
  plan.placement === 'machines' ? component.host : '127.0.0.1';

/** Labels, restart policy and bounded logs of every service; the anchors stand at the head of the file. */
export function commonEntries(
  node: string,
  role: string,
  memoryMb: number | undefined,
): readonly (YamlEntry | false)[] {
  const labels = map([merged('labels'), entry(nodeLabel, node), entry(roleLabel, role)]);
  return [
    entry('labels', labels),
    entry('restart', 'unless-stopped'),
    entry('logging', alias('logging')),
    memoryMb !== undefined && entry('mem_limit', `${memoryMb}m`),
  ];
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
    /** Ports, beside those of the plan. */
    readonly published?: readonly string[];
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
    plan.placement === 'machines' ? entry('network_mode', 'host') : entry('hostname', component.host),
    plan.placement === 'one-host' && dnsEntry(component, plan),
    plan.placement === 'one-host' && portsEntry(component.ports, plan.bind, parts.published),
  ];
  return [
    ...imageEntries(image, component.ordinal === 1),
    component.buildsImage === true &&
      image.build !== undefined &&
      buildEntry(image.build, plan.placement === 'machines' ? '../../' : ''),
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
