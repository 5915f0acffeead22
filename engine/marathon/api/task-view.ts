import type { App, MarathonTask } from '../../../protocol/marathon.ts';
import { jsonText, listOf } from '../../http/json-parts.ts';
import { defaultRole } from '../apps/roles.ts';
import { servicePortsOf } from '../apps/service-ports.ts';
import { definitionOf } from '../leadership/shared-parts.ts';
import { isoTime } from '../timestamps.ts';
import type { Leader } from '../leadership/leader.ts';
import { isReserved, isUnused } from '../residency/resident.ts';
import type { Instance } from '../scheduling/instances.ts';

/** (LocalVolumeConversion.scala of Marathon) */
export const localVolumes = ({ appId, reservation }: Instance) =>
  (reservation?.volumes ?? []).map(({ containerPath, persistenceId }) => ({
    runSpecId: appId,
    containerPath,
    uuid: persistenceId.replace(/.*#/, ''),
    persistenceId,
  }));

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
    localVolumes: localVolumes(instance),
    servicePorts: app === undefined ? [] : servicePortsOf(app),
    ...(results.length === 0 ? {} : { healthCheckResults: results }),
    ...(instance.checkResult === undefined ? {} : { checkResult: instance.checkResult }),
    ...(region === undefined ? {} : { region }),
    ...(zone === undefined ? {} : { zone }),
    role: instance.reservation?.role ?? definition?.role ?? defaultRole,
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
