import type { App, MarathonTask } from '../../../protocol/marathon.ts';
import { jsonText, listOf } from '../../http/json-parts.ts';
import { safePath } from '../apps/path-id.ts';
import { defaultRole } from '../apps/roles.ts';
import { servicePortsOf } from '../apps/service-ports.ts';
import { definitionOf } from '../leadership/shared-parts.ts';
import { isoTime } from '../timestamps.ts';
import type { Leader } from '../leadership/leader.ts';
import { isReserved, isUnused } from '../residency/resident.ts';
import { isRunning, type Instance } from '../scheduling/instances.ts';

/** A task as /v2/tasks shows it (TaskConversion.scala of Marathon). */
export function taskView({ shared, health }: Leader, instance: Instance): MarathonTask {
  const app = shared.apps.get(instance.appId);
  const definition = definitionOf(shared, instance.appId, instance.version);
  const checks = definition?.healthChecks ?? [];
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
    ...(instance.checkResult === undefined ? {} : { checkResult: instance.checkResult }),
    ...(region === undefined ? {} : { region }),
    ...(zone === undefined ? {} : { zone }),
    role: definition?.role ?? defaultRole,
  };
}

/** Tasks as JSON, with the definition by which their app was shown. */
const texts = new WeakMap<Instance, { readonly app: App | undefined; readonly text: string }>();

/**
 * A list of tasks for an answer. Whoever follows apps reads all tasks again and again, of which few have changed: an
 * instance without health checks is shown as the last time.
 */
export const tasksView = (leader: Leader, instances: readonly Instance[]): unknown =>
  listOf(
    instances.filter((each) => !isUnused(each)),
    (instance) => {
      const app = leader.shared.apps.get(instance.appId);
      const last = texts.get(instance);
      if (last !== undefined && last.app === app) return jsonText(last.text);
      const view = taskView(leader, instance);
      const isChecked = definitionOf(leader.shared, instance.appId, instance.version)?.healthChecks !== undefined;
      if (isChecked) return view;
      const text = JSON.stringify(view);
      texts.set(instance, { app, text });
      return jsonText(text);
    },
  );

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
