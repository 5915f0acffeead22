import type { FrameworkInfo } from '../../../protocol/mesos.ts';
import type { ChronosSettings } from '../chronos-options.ts';

/** How Chronos introduces itself to the master (SchedulerDriverBuilder.scala of Chronos). */
export function frameworkInfo(settings: ChronosSettings, id: string | undefined, url: string): FrameworkInfo {
  return {
    user: settings.user,
    name: settings.frameworkName,
    ...(id === undefined ? {} : { id: { value: id } }),
    failover_timeout: settings.failoverTimeoutSeconds,
    checkpoint: settings.checkpoint,
    role: settings.role,
    hostname: settings.hostname,
    webui_url: settings.webUrl ?? url,
    ...(settings.principal === undefined ? {} : { principal: settings.principal }),
  };
}
