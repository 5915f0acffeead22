import { formatDuration } from '../../protocol/duration-units.ts';
import { masterDefaults } from '../../protocol/mesos-defaults.ts';
import type { FlagTable } from './flag-table.ts';

/*
 * Flags of mesos-master alone; those it shares with the agent are in mesos-common.ts.
 * Read in m3scluster/clusterd src/master/flags.cpp (a5ceb9f1, newer than 0.9.0), apache/mesos
 * docs/configuration/master.md (04bc7ee1, Mesos 1.11), and for 1.7 in Gilbert88/mesos src/master/flags.cpp (406baa06,
 * a fork of late 2018, between 1.7.1 and 1.8.0). Defaults were compared with what a master of August 2024 reports.
 * `since` from apache/mesos CHANGELOG (ca49ec4a): max_operator_event_stream_subscribers MESOS-9258,
 * publish_per_framework_metrics MESOS-9301, offer_constraints_* MESOS-10173. Not in it, and after 1.11 as the
 * documentation of 1.11 lacks them: allocator_*recovery_*. authentication_v0_timeout is MESOS-9145, in 1.7.0.
 */
export const mesosMasterFlags: FlagTable = [
  {
    name: 'agent_ping_timeout',
    type: 'duration',
    default: formatDuration(masterDefaults.agentPingTimeoutMs),
    aliases: ['slave_ping_timeout'],
  },
  { name: 'agent_removal_rate_limit', type: 'string', aliases: ['slave_removal_rate_limit'] },
  {
    name: 'agent_reregister_timeout',
    type: 'duration',
    default: formatDuration(masterDefaults.agentReregisterTimeoutMs),
    aliases: ['slave_reregister_timeout'],
  },
  { name: 'allocation_interval', type: 'duration', default: formatDuration(masterDefaults.allocationIntervalMs) },
  { name: 'allocator', type: 'string', default: 'hierarchical' },
  { name: 'allocator_agent_recovery_factor', type: 'number', default: '0.8', since: '1.12' },
  { name: 'allocator_recovery_timeout', type: 'duration', default: '10mins', since: '1.12' },
  { name: 'authenticate_agents', type: 'boolean', default: 'false', aliases: ['authenticate_slaves'] },
  { name: 'authenticate_frameworks', type: 'boolean', default: 'false', aliases: ['authenticate'] },
  { name: 'authenticate_http_frameworks', type: 'boolean', default: 'false' },
  { name: 'authenticate_http_readwrite', type: 'boolean', default: 'false', aliases: ['authenticate_http'] },
  { name: 'authentication_v0_timeout', type: 'duration', default: '15secs' },
  { name: 'authenticators', type: 'string', default: 'crammd5' },
  { name: 'authorizers', type: 'string', default: 'local' },
  { name: 'cluster', type: 'string' },
  { name: 'credentials', type: 'path', secret: true },
  { name: 'fair_sharing_excluded_resource_names', type: 'string' },
  { name: 'filter_gpu_resources', type: 'boolean', default: 'true' },
  { name: 'framework_sorter', type: 'string', default: 'drf', values: ['drf', 'random'] },
  { name: 'http_framework_authenticators', type: 'string' },
  { name: 'log_auto_initialize', type: 'boolean', default: 'true' },
  { name: 'master_contender', type: 'string' },
  { name: 'master_detector', type: 'string' },
  {
    name: 'max_agent_ping_timeouts',
    type: 'integer',
    default: String(masterDefaults.maxAgentPingTimeouts),
    aliases: ['max_slave_ping_timeouts'],
  },
  { name: 'max_completed_frameworks', type: 'integer', default: String(masterDefaults.maxCompletedFrameworks) },
  { name: 'max_completed_tasks_per_framework', type: 'integer', default: String(masterDefaults.maxCompletedTasks) },
  { name: 'max_executors_per_agent', type: 'integer', aliases: ['max_executors_per_slave'], build: 'port-mapping' },
  { name: 'max_operator_event_stream_subscribers', type: 'integer', default: '1000', since: '1.8' },
  { name: 'max_unreachable_tasks_per_framework', type: 'integer', default: '1000' },
  { name: 'min_allocatable_resources', type: 'string', default: 'cpus:0.01|mem:32' },
  { name: 'offer_constraints_re2_max_mem', type: 'bytes', default: '4KB', since: '1.11' },
  { name: 'offer_constraints_re2_max_program_size', type: 'integer', default: '100', since: '1.11' },
  { name: 'offer_timeout', type: 'duration' },
  { name: 'port', type: 'integer', default: '5050' },
  { name: 'publish_per_framework_metrics', type: 'boolean', default: 'true', since: '1.8' },
  { name: 'quorum', type: 'integer' },
  { name: 'rate_limits', type: 'json' },
  { name: 'recovery_agent_removal_limit', type: 'string', default: '100%', aliases: ['recovery_slave_removal_limit'] },
  { name: 'registry', type: 'string', default: 'replicated_log', values: ['replicated_log', 'in_memory'] },
  { name: 'registry_fetch_timeout', type: 'duration', default: formatDuration(masterDefaults.registryFetchTimeoutMs) },
  { name: 'registry_gc_interval', type: 'duration', default: '15mins' },
  { name: 'registry_max_agent_age', type: 'duration', default: '2weeks' },
  { name: 'registry_max_agent_count', type: 'integer', default: '102400' },
  { name: 'registry_store_timeout', type: 'duration', default: formatDuration(masterDefaults.registryStoreTimeoutMs) },
  { name: 'registry_strict', type: 'boolean', default: 'false', values: ['false'] },
  { name: 'require_agent_domain', type: 'boolean', default: 'false' },
  { name: 'role_sorter', type: 'string', default: 'drf', values: ['drf', 'random'], aliases: ['user_sorter'] },
  { name: 'roles', type: 'string' },
  { name: 'root_submissions', type: 'boolean', default: 'true' },
  { name: 'webui_dir', type: 'path' },
  { name: 'weights', type: 'string' },
  { name: 'whitelist', type: 'path' },
  { name: 'work_dir', type: 'path' },
  { name: 'zk', type: 'string' },
];
