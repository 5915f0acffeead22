import type { MasterOptions } from '../master-options.ts';

/** A duration as Mesos writes it: `15secs`, `500ms` (stout, duration.hpp). */
export function duration(ms: number): string {
  return ms % 60_000 === 0 ? `${ms / 60_000}mins` : ms % 1000 === 0 ? `${ms / 1000}secs` : `${ms}ms`;
}

/** What `/flags` says of a master that was started with options and not with flags: those that mean the same. */
export function reportedFlags(options: Omit<MasterOptions, 'flags'>): Readonly<Record<string, string>> {
  const { cluster, hostname, host, port, quorum } = options;
  return {
    agent_ping_timeout: duration(options.agentPingTimeoutMs ?? 15_000),
    agent_reregister_timeout: duration(options.agentReregisterTimeoutMs ?? 600_000),
    allocation_interval: duration(options.allocationIntervalMs ?? 1000),
    authenticate_agents: 'false',
    authenticate_frameworks: 'false',
    authenticate_http_frameworks: 'false',
    authenticate_http_readonly: 'false',
    authenticate_http_readwrite: 'false',
    cluster,
    hostname,
    hostname_lookup: 'false',
    ip: host,
    max_agent_ping_timeouts: String(options.maxAgentPingTimeouts ?? 5),
    max_completed_frameworks: String(options.maxCompletedFrameworks ?? 50),
    max_completed_tasks_per_framework: String(options.maxCompletedTasks ?? 1000),
    ...(options.offerTimeoutMs === undefined ? {} : { offer_timeout: duration(options.offerTimeoutMs) }),
    port: String(port),
    quorum: String(quorum),
    registry: 'in_memory',
    registry_fetch_timeout: duration(options.registryFetchTimeoutMs ?? 60_000),
    registry_store_timeout: duration(options.registryStoreTimeoutMs ?? 20_000),
  };
}
