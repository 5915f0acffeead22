import type { App, MarathonTask } from '../../../protocol/marathon.ts';
import { safePath } from '../apps/path-id.ts';
import { servicePortsOf } from '../apps/service-ports.ts';
import { definitionOf } from '../leadership/shared-parts.ts';
import { isoTime } from '../timestamps.ts';
import type { Leader } from '../leadership/leader.ts';
import { isReserved, isUnused } from '../residency/resident.ts';
import { isRunning, type Instance } from '../scheduling/instances.ts';

/** A task as /v2/tasks shows it (TaskConversion.scala of Marathon). */
export function taskView({ shared, health }: Leader, instance: Instance): MarathonTask {
  const app = shared.apps.get(instance.appId);
  const checks = definitionOf(shared, instance.appId, instance.version)?.healthChecks ?? [];
  const results = checks.length === 0 ? [] : health.results(instance.taskId);
  const region = instance.attributes['@region'];
  const zone = instance.attributes['@zone'];
  return {
    ipAddresses: instance.ipAddresses,
    ...(isReserved(instance) ? {} : { stagedAt: isoTime(instance.stagedAt) }),
    state: instance.state,
    ports: instance.hostPorts,
    ...(instance.startedAt === undefined ? {} : { startedAt: isoTime(instance.startedAt) }),
    version: instance.version,
    id: instance.taskId,
    appId: instance.appId,
    slaveId: instance.agentId,
    host: instance.host,
    localVolumes: (instance.reservation?.volumes ?? []).map((volume) => ({ ...volume })),
    servicePorts: app === undefined ? [] : servicePortsOf(app),
    ...(results.length === 0 ? {} : { healthCheckResults: results }),
    ...(region === undefined ? {} : { region }),
    ...(zone === undefined ? {} : { zone }),
    role: app?.role ?? '*',
  };
}

export const tasksOf = (leader: Leader, appId: string): readonly MarathonTask[] =>
  leader.shared.instances
    .ofApp(appId)
    .filter((each) => !isUnused(each))
    .map((instance) => taskView(leader, instance));

/**
 * Tasks for scripts: app, service port, and where it runs, separated by tabs (EndpointsHelper.scala of Marathon).
 * Host port 0: the task has no port for this service port.
 */
export function tasksText(leader: Leader, apps: readonly App[]): string {
  return apps
    .flatMap((app) => {
      const running = leader.shared.instances.ofApp(app.id).filter(isRunning);
      const name = safePath(app.id);
      const ports = servicePortsOf(app);
      if (ports.length === 0) return [`${name}\t \t${running.map(({ host }) => `${host}\t`).join('')}`];
      return ports.map((port, index) => {
        const servers = running.map(({ host, hostPorts }) => `${host}:${hostPorts[index] ?? 0}\t`);
        return `${name}\t${port}\t${servers.join('')}`;
      });
    })
    .map((line) => `${line}\n`)
    .join('');
}
