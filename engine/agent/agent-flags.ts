import { byteText } from '../../protocol/byte-text.ts';
import { formatDuration } from '../../protocol/duration-units.ts';
import { agentDefaults } from '../../protocol/mesos-defaults.ts';
import { fetchDefaults } from './fetch/fetch-options.ts';
import { ipOf, type AgentOptions } from './agent-options.ts';

const seconds = (ms: number) => `${ms / 1000}secs`;

/** What /flags says: the flags of mesos-agent that mean something here, by their real names, all as text. */
export function agentFlags(options: AgentOptions, port: number, master: string): Readonly<Record<string, string>> {
  return {
    attributes: options.attributes,
    authenticate_http_readonly: 'false',
    authenticate_http_readwrite: 'false',
    container_disk_watch_interval: formatDuration(options.diskWatchMs ?? agentDefaults.diskWatchMs),
    containerizers: 'docker,mesos',
    default_role: '*',
    ...dockerFlags(options),
    enforce_container_disk_quota: String(options.enforceDiskQuota ?? false),
    executor_registration_timeout: formatDuration(
      options.executorRegistrationMs ?? agentDefaults.executorRegistrationMs,
    ),
    executor_reregistration_timeout: formatDuration(
      options.executorReregistrationMs ?? agentDefaults.executorReregistrationMs,
    ),
    ...fetchFlags(options),
    help: 'false',
    hostname: options.hostname,
    hostname_lookup: 'false',
    http_command_executor: 'false',
    http_heartbeat_interval: formatDuration(options.heartbeatMs ?? agentDefaults.heartbeatMs),
    ip: ipOf(options),
    isolation: options.isolation ?? agentDefaults.isolation,
    launcher: 'posix',
    logging_level: 'INFO',
    master,
    max_completed_executors_per_framework: '150',
    port: String(port),
    quiet: 'false',
    recovery_timeout: formatDuration(options.recoveryTimeoutMs ?? agentDefaults.recoveryTimeoutMs),
    recover: options.recovery === 'reconnect' ? 'reconnect' : 'cleanup',
    registration_backoff_factor: seconds(options.registrationBackoffMs ?? 1000),
    resources: options.resources,
    strict: String(options.strict ?? true),
    switch_user: 'false',
    systemd_enable_support: 'false',
    version: 'false',
    work_dir: options.workDir,
    ...options.flags,
  };
}

function fetchFlags({ workDir, fetch = {} }: AgentOptions): Readonly<Record<string, string>> {
  const { cacheFolder, cacheBytes, stallTimeoutMs } = fetchDefaults(workDir, fetch);
  return {
    fetcher_cache_dir: cacheFolder,
    fetcher_cache_size: byteText(cacheBytes),
    fetcher_stall_timeout: seconds(stallTimeoutMs),
  };
}

/** `docker: simulated` and `none` are ours: there is no CLI that the flag could name. */
function dockerFlags({ dockerTasks }: AgentOptions): Readonly<Record<string, string>> {
  const isSimulated = typeof dockerTasks === 'string';
  const common = {
    executor_shutdown_grace_period: isSimulated ? '5secs' : seconds(dockerTasks.stopTimeoutMs),
    sandbox_directory: (isSimulated ? undefined : dockerTasks.sandboxDirectory) ?? agentDefaults.sandboxDirectory,
  };
  if (isSimulated) return { ...common, docker: dockerTasks };
  return {
    ...common,
    cgroups_enable_cfs: String(dockerTasks.enableCfs ?? false),
    docker: dockerTasks.cli,
    docker_kill_orphans: String(dockerTasks.killOrphans),
    docker_remove_delay: seconds(dockerTasks.removeDelayMs),
    docker_socket: dockerTasks.socket ?? agentDefaults.dockerSocket,
  };
}

/** Of an agent of Mesos 1.11, as far as they are true of this one. */
export const agentCapabilities = ['MULTI_ROLE', 'HIERARCHICAL_ROLE', 'RESERVATION_REFINEMENT'] as const;
