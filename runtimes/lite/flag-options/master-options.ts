import type { MasterOptions } from '../../../engine/master/master-options.ts';
import type { MesosFlags } from '../mesos-flags.ts';
import type { FlagOptions } from './flag-options.ts';

/** Options of the engine's master that flags of mesos-master set, wherever it runs. */
export const masterFlagOptions: FlagOptions<
  MesosFlags,
  Pick<
    MasterOptions,
    | 'agentPingTimeoutMs'
    | 'maxAgentPingTimeouts'
    | 'agentReregisterTimeoutMs'
    | 'allocationIntervalMs'
    | 'registryFetchTimeoutMs'
    | 'registryStoreTimeoutMs'
    | 'maxCompletedFrameworks'
    | 'maxCompletedTasks'
    | 'offerTimeoutMs'
  >
> = {
  agent_ping_timeout: (flags) => ({ agentPingTimeoutMs: flags.durationMs('agent_ping_timeout') }),
  max_agent_ping_timeouts: (flags) => ({ maxAgentPingTimeouts: flags.number('max_agent_ping_timeouts') }),
  agent_reregister_timeout: (flags) => ({ agentReregisterTimeoutMs: flags.durationMs('agent_reregister_timeout') }),
  allocation_interval: (flags) => ({ allocationIntervalMs: flags.durationMs('allocation_interval') }),
  registry_fetch_timeout: (flags) => ({ registryFetchTimeoutMs: flags.durationMs('registry_fetch_timeout') }),
  registry_store_timeout: (flags) => ({ registryStoreTimeoutMs: flags.durationMs('registry_store_timeout') }),
  max_completed_frameworks: (flags) => ({ maxCompletedFrameworks: flags.number('max_completed_frameworks') }),
  max_completed_tasks_per_framework: (flags) => ({
    maxCompletedTasks: flags.number('max_completed_tasks_per_framework'),
  }),
  // It has no default: offers are not rescinded.
  offer_timeout: (flags) =>
    flags.isGiven('offer_timeout') ? { offerTimeoutMs: flags.durationMs('offer_timeout') } : {},
};
