import type { AgentOptions } from '../../../engine/agent/agent-options.ts';
import type { MesosFlags } from '../mesos-flags.ts';
import { ProgramError } from '../program.ts';
import { parseBytes } from '../stout-values.ts';
import type { FlagOptions } from './flag-options.ts';

/** Options of the engine's agent that flags of mesos-agent set, wherever it runs. */
export const agentFlagOptions: FlagOptions<
  MesosFlags,
  Pick<
    AgentOptions,
    | 'strict'
    | 'registrationBackoffMs'
    | 'executorRegistrationMs'
    | 'executorReregistrationMs'
    | 'executorShutdownMs'
    | 'heartbeatMs'
    | 'isolation'
    | 'diskWatchMs'
    | 'enforceDiskQuota'
  >
> = {
  strict: (flags) => ({ strict: flags.isOn('strict') }),
  registration_backoff_factor: (flags) => ({
    registrationBackoffMs: flags.durationMs('registration_backoff_factor'),
  }),
  executor_registration_timeout: (flags) => ({
    executorRegistrationMs: flags.durationMs('executor_registration_timeout'),
  }),
  executor_reregistration_timeout: (flags) => ({
    executorReregistrationMs: reregistrationMs(flags),
  }),
  http_heartbeat_interval: (flags) => ({ heartbeatMs: flags.durationMs('http_heartbeat_interval') }),
  isolation: (flags) => ({ isolation: flags.sure('isolation') }),
  container_disk_watch_interval: (flags) => ({ diskWatchMs: flags.durationMs('container_disk_watch_interval') }),
  enforce_container_disk_quota: (flags) => ({ enforceDiskQuota: flags.isOn('enforce_container_disk_quota') }),
  executor_shutdown_grace_period: (flags) => ({
    executorShutdownMs: flags.durationMs('executor_shutdown_grace_period'),
  }),
};

/** src/slave/flags.cpp. @throws ProgramError */
function reregistrationMs(flags: MesosFlags): number {
  const ms = flags.durationMs('executor_reregistration_timeout');
  if (ms <= maxReregistrationMs) return ms;
  throw new ProgramError('Expected `--executor_reregistration_timeout` to be not more than 15secs');
}

/** MAX_EXECUTOR_REREGISTRATION_TIMEOUT of src/slave/constants.hpp */
const maxReregistrationMs = 15_000;

/** The same of the fetcher; its own folder and times are each runtime's. */
export const fetchFlagOptions: FlagOptions<MesosFlags, NonNullable<AgentOptions['fetch']>> = {
  fetcher_cache_size: (flags) => ({ cacheBytes: parseBytes(flags.sure('fetcher_cache_size')) }),
  fetcher_stall_timeout: (flags) => ({ stallTimeoutMs: flags.durationMs('fetcher_stall_timeout') }),
  // All files must be there while the executor may still take its time (src/slave/containerizer/fetcher.cpp).
  executor_registration_timeout: (flags) =>
    flags.isGiven('executor_registration_timeout')
      ? { timeoutMs: flags.durationMs('executor_registration_timeout') }
      : {},
};
