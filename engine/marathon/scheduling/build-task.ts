import { secretVariables } from '../secrets/secret-references.ts';
import { randomUUID } from 'node:crypto';
import type { App } from '../../../protocol/marathon.ts';
import type { CommandInfo, Offer, Resource, TaskInfo } from '../../../protocol/mesos.ts';
import { hostnameOf, safePath } from '../apps/path-id.ts';
import { isRunByMesos, mesosCheck, mesosHealthCheck } from '../health/mesos-checks.ts';
import { containerInfo } from './build-container.ts';
import { networksOfPort, taskEnvironment, taskPorts, type TaskPort } from './task-environment.ts';

/** Ids of a new instance and its task, in the form of Marathon 1.9 and later. */
export function newIds(appId: string): { readonly instanceId: string; readonly taskId: string } {
  const instanceId = `${safePath(appId)}.instance-${randomUUID()}`;
  return { instanceId, taskId: `${instanceId}._app.1` };
}

/**
 * The TaskInfo of a new instance (TaskBuilder.scala of Marathon).
 * @param envVarsPrefix of the variables of host and ports
 */
export function buildTask(
  app: App,
  taskId: string,
  offer: Offer,
  resources: readonly Resource[],
  hostPorts: readonly number[],
  envVarsPrefix = '',
): TaskInfo {
  const ports = taskPorts(app, hostPorts);
  const container = containerInfo(app, ports);
  const labels = Object.entries(app.labels).map(([key, value]) => ({ key, value }));
  const healthCheck = (app.healthChecks ?? []).find(isRunByMesos);
  const grace = app.taskKillGracePeriodSeconds;
  return {
    name: hostnameOf(app.id),
    task_id: { value: taskId },
    agent_id: offer.agent_id,
    resources,
    command: commandInfo(app, taskEnvironment(app, taskId, offer.hostname, ports, envVarsPrefix)),
    ...(container === undefined ? {} : { container }),
    discovery: {
      visibility: 'FRAMEWORK',
      name: hostnameOf(app.id),
      ports: { ports: discoveryPorts(app, ports) },
    },
    ...(labels.length === 0 ? {} : { labels: { labels } }),
    ...(healthCheck === undefined ? {} : { health_check: mesosHealthCheck(healthCheck, ports, app) }),
    ...(app.check === undefined ? {} : { check: mesosCheck(app.check, ports, app) }),
    ...(grace === undefined ? {} : { kill_policy: { grace_period: { nanoseconds: grace * 1e9 } } }),
  };
}

/** A shell command, or arguments: for Mesos's own executor the first of them is the program, too. */
function commandInfo(app: App, environment: Readonly<Record<string, string>>): CommandInfo {
  const secrets = secretVariables(app.env ?? {}, app.secrets);
  // Those of the user win over Marathon's.
  const plain = Object.entries(environment).filter(([name]) => !secrets.some((each) => each.name === name));
  const uris = (app.fetch ?? []).map(({ uri, extract, executable, cache, destPath }) => ({
    value: uri,
    extract,
    executable,
    cache,
    ...(destPath === undefined ? {} : { output_file: destPath }),
  }));
  const [program] = app.args ?? [];
  const isDocker = app.container?.docker !== undefined;
  return {
    ...(app.cmd === undefined ? { shell: false } : { shell: true, value: app.cmd }),
    ...(app.args === undefined ? {} : { arguments: app.args }),
    ...(program !== undefined && !isDocker ? { value: program } : {}),
    ...(app.user === undefined ? {} : { user: app.user }),
    ...(uris.length === 0 ? {} : { uris }),
    environment: { variables: [...plain.map(([name, value]) => ({ name, value })), ...secrets] },
  };
}

/** A port of the container alone is told once for each protocol and each network that has it (PortDiscovery.scala). */
function discoveryPorts(app: App, ports: readonly TaskPort[]) {
  const declared = app.container?.portMappings ?? app.portDefinitions ?? [];
  return ports.flatMap(({ hostPort, requested, name }, index) => {
    const { protocol = 'tcp', labels = {} } = declared[index] ?? {};
    const own = Object.entries(labels).map(([key, value]) => ({ key, value }));
    const scopes = hostPort === undefined ? containerScopes(app, index) : [[{ key: 'network-scope', value: 'host' }]];
    return protocol.split(',').flatMap((each) =>
      scopes.map((scope) => ({
        number: hostPort ?? requested,
        ...(name === undefined ? {} : { name }),
        protocol: each,
        labels: { labels: [...own, ...scope] },
      })),
    );
  });
}

const containerScopes = (app: App, index: number) =>
  networksOfPort(app, index).map((value) => [
    { key: 'network-scope', value: 'container' },
    { key: 'network-name', value },
  ]);
