import { formatDuration } from '../../../protocol/duration-units.ts';
import { masterDefaults } from '../../../protocol/mesos-defaults.ts';
import type { MasterOptions } from '../master-options.ts';

/** What `/flags` says of a master that was started with options and not with flags: those that mean the same. */
export function reportedFlags(options: Omit<MasterOptions, 'flags'>): Readonly<Record<string, string>> {
  const settings = { ...masterDefaults, ...options };
  const { cluster, hostname, host, port, quorum, offerTimeoutMs } = settings;
  return {
    agent_ping_timeout: formatDuration(settings.agentPingTimeoutMs),
    agent_reregister_timeout: formatDuration(settings.agentReregisterTimeoutMs),
    allocation_interval: formatDuration(settings.allocationIntervalMs),
    authenticate_agents: 'false',
    authenticate_frameworks: 'false',
    authenticate_http_frameworks: 'false',
    authenticate_http_readonly: 'false',
    authenticate_http_readwrite: 'false',
    cluster,
    hostname,
    hostname_lookup: 'false',
    ip: host,
    max_agent_ping_timeouts: String(settings.maxAgentPingTimeouts),
    max_completed_frameworks: String(settings.maxCompletedFrameworks),
    max_completed_tasks_per_framework: String(settings.maxCompletedTasks),
    ...(offerTimeoutMs === undefined ? {} : { offer_timeout: formatDuration(offerTimeoutMs) }),
    port: String(port),
    quorum: String(quorum),
    registry: 'in_memory',
    registry_fetch_timeout: formatDuration(settings.registryFetchTimeoutMs),
    registry_store_timeout: formatDuration(settings.registryStoreTimeoutMs),
  };
}
