import type { AgentOptions } from '../../../engine/agent/agent-options.ts';
import type { MesosFlags } from '../mesos-flags.ts';
import { parseBytes } from '../stout-values.ts';
import type { FlagOptions } from './flag-options.ts';

/** Options of the engine's agent that flags of mesos-agent set, wherever it runs. */
export const agentFlagOptions: FlagOptions<
  MesosFlags,
  Pick<AgentOptions, 'strict' | 'registrationBackoffMs' | 'executorRegistrationMs' | 'executorShutdownMs'>
> = {
  strict: (flags) => ({ strict: flags.isOn('strict') }),
  registration_backoff_factor: (flags) => ({
    registrationBackoffMs: flags.durationMs('registration_backoff_factor'),
  }),
  executor_registration_timeout: (flags) => ({
    executorRegistrationMs: flags.durationMs('executor_registration_timeout'),
  }),
  executor_shutdown_grace_period: (flags) => ({
    executorShutdownMs: flags.durationMs('executor_shutdown_grace_period'),
  }),
};

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
