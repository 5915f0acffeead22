import type { FrameworkInfo } from '../../../protocol/mesos.ts';
import type { MarathonSettings } from '../marathon-options.ts';

const capabilities = ['MULTI_ROLE', 'PARTITION_AWARE', 'TASK_KILLING_STATE', 'REGION_AWARE'];

/** How Marathon introduces itself to the master (MarathonSchedulerDriver.scala of Marathon). */
export function frameworkInfo(
  settings: MarathonSettings,
  id: string | undefined,
  webUrl: string,
  roles: readonly string[],
): FrameworkInfo {
  return {
    user: settings.user,
    name: settings.frameworkName,
    ...(id === undefined ? {} : { id: { value: id } }),
    failover_timeout: settings.failoverTimeoutSeconds,
    checkpoint: true,
    hostname: settings.hostname,
    webui_url: webUrl,
    roles,
    capabilities: capabilities.map((type) => ({ type })),
  };
}
