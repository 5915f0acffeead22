import { randomInt } from 'node:crypto';
import type { App } from '../../../protocol/marathon.ts';

/** The longest variable that Marathon makes of a label. */
const maxVariableLength = 512;
const labelPrefix = 'MARATHON_APP_LABEL_';

/** One port of a task: what the definition asks for, and the host port that it got. */
export interface TaskPort {
  /** Container port, or with host networking the port of the definition; 0 for any. */
  readonly requested: number;
  /** Missing where no host port was asked for. */
  readonly hostPort?: number;
  readonly name?: string;
}

/** The ports of a task, in the order of the definition. */
export function taskPorts(app: App, hostPorts: readonly number[]): readonly TaskPort[] {
  const left = [...hostPorts];
  const withHostPort = (port: number | undefined) => (port === undefined ? {} : { hostPort: port });
  const withName = (name: string | undefined) => (name === undefined ? {} : { name });
  if (app.container?.portMappings !== undefined) {
    return app.container.portMappings.map((mapping) => ({
      requested: mapping.containerPort,
      ...withName(mapping.name),
      ...withHostPort(mapping.hostPort === undefined ? undefined : left.shift()),
    }));
  }
  return (app.portDefinitions ?? []).map((definition) => ({
    requested: definition.port,
    ...withName(definition.name),
    ...withHostPort(left.shift()),
  }));
}

/** Names of the networks that a port of a container is in: all that the app has, unless it names some of them. */
export function networksOfPort({ networks, container }: App, index: number): readonly string[] {
  const { networkNames = [] } = container?.portMappings?.[index] ?? {};
  return networkNames.length > 0 ? networkNames : networks.flatMap(({ name }) => name ?? []);
}

/** PORT, PORT0, PORT_8080, PORT_HTTP, PORTS (EnvironmentHelper.portsEnv of Marathon). */
function portVariables(ports: readonly TaskPort[]): Readonly<Record<string, string>> {
  const variables: Record<string, string> = {};
  const assigned: number[] = [];
  ports.forEach(({ requested, hostPort, name }, index) => {
    const isGenerated = hostPort === undefined && requested === 0;
    const port = hostPort ?? (isGenerated ? randomInt(1025, 65_535) : requested);
    variables[`PORT${index}`] = String(port);
    variables[`PORT_${requested === 0 ? port : requested}`] = String(port);
    if (name !== undefined && hostPort !== undefined) variables[`PORT_${name.toUpperCase()}`] = String(hostPort);
    if (hostPort !== undefined || isGenerated) assigned.push(port);
  });
  const [first] = assigned;
  if (first !== undefined) variables['PORT'] = String(first);
  if (ports.length > 0) variables['PORTS'] = assigned.join(',');
  return variables;
}

/** As Scala prints a Double: `32.0`. */
export const asDouble = (value: number) => (Number.isInteger(value) ? `${value}.0` : String(value));

export function labelVariables(labels: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const usable = Object.entries(labels).filter(
    ([key, value]) => key.length < maxVariableLength - labelPrefix.length && value.length < maxVariableLength,
  );
  const named = usable.map(([key, value]) => [key.replaceAll(/[^a-zA-Z0-9_]+/g, '_').toUpperCase(), value] as const);
  return {
    MARATHON_APP_LABELS: named.map(([name]) => name).join(' '),
    ...Object.fromEntries(named.map(([name, value]) => [`${labelPrefix}${name}`, value])),
  };
}

/** Named with a prefix (TaskBuilder.addPrefix of Marathon). */
const prefixed = (prefix: string, variables: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(variables).map(([name, value]) => [`${prefix}${name}`, value]));

/**
 * All variables that Marathon gives a task (TaskBuilder.scala of Marathon); those of the user win.
 * @param prefix of those of its host and ports
 */
export function taskEnvironment(
  app: App,
  taskId: string,
  host: string,
  ports: readonly TaskPort[],
  prefix: string,
): Readonly<Record<string, string>> {
  const image = app.container?.docker?.image;
  const own = Object.entries(app.env ?? {}).flatMap(([name, value]) =>
    typeof value === 'string' ? [[name, value] as const] : [],
  );
  return {
    MESOS_TASK_ID: taskId,
    MARATHON_APP_ID: app.id,
    MARATHON_APP_VERSION: app.version,
    ...(image === undefined ? {} : { MARATHON_APP_DOCKER_IMAGE: image }),
    MARATHON_APP_RESOURCE_CPUS: asDouble(app.cpus),
    MARATHON_APP_RESOURCE_MEM: asDouble(app.mem),
    MARATHON_APP_RESOURCE_DISK: asDouble(app.disk),
    MARATHON_APP_RESOURCE_GPUS: String(app.gpus),
    ...labelVariables(app.labels),
    ...prefixed(prefix, { ...portVariables(ports), HOST: host }),
    ...Object.fromEntries(own),
  };
}
