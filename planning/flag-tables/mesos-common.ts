import { formatDuration } from '../../protocol/duration-units.ts';
import { sessionTimeoutMs } from '../../protocol/mesos-defaults.ts';
import type { FlagTable } from './flag-table.ts';

/*
 * Flags that mesos-master and mesos-agent share, with the same meaning and default.
 * Read in apache/mesos src/logging/flags.cpp (02c00e2c), docs/configuration/master-and-agent.md (28c014fd), and in
 * m3scluster/clusterd src/master/flags.cpp (a5ceb9f1) and src/slave/flags.cpp (1961b32a). stout itself adds `help`.
 * All but clusterd's own are in 1.7 too. cleanup_log_files: clusterd's CHANGELOG.md, 0.8.0, not seen in source;
 * http_cors_allowed_origins: there after 0.9.0 (0.10 is a guess), seen in the source of the master.
 */
export const mesosCommonFlags: FlagTable = [
  { name: 'acls', type: 'json' },
  { name: 'advertise_ip', type: 'string' },
  { name: 'advertise_port', type: 'integer' },
  { name: 'authenticate_http_readonly', type: 'boolean', default: 'false' },
  { name: 'cleanup_log_files', type: 'integer', since: 'clusterd 0.8' },
  { name: 'domain', type: 'json' },
  { name: 'external_log_file', type: 'path' },
  { name: 'firewall_rules', type: 'json' },
  { name: 'help', type: 'boolean', default: 'false' },
  { name: 'hooks', type: 'string' },
  { name: 'hostname', type: 'string' },
  { name: 'hostname_lookup', type: 'boolean', default: 'true' },
  { name: 'http_authenticators', type: 'string', default: 'basic' },
  { name: 'http_cors_allowed_origins', type: 'string', since: 'clusterd 0.10' },
  { name: 'initialize_driver_logging', type: 'boolean', default: 'true' },
  { name: 'ip', type: 'string' },
  { name: 'ip_discovery_command', type: 'string' },
  { name: 'log_dir', type: 'path' },
  { name: 'logbufsecs', type: 'integer', default: '0' },
  { name: 'logging_level', type: 'string', default: 'INFO', values: ['INFO', 'WARNING', 'ERROR'] },
  { name: 'memory_profiling', type: 'boolean', default: 'false' },
  { name: 'modules', type: 'json' },
  { name: 'modules_dir', type: 'path' },
  { name: 'quiet', type: 'boolean', default: 'false' },
  { name: 'version', type: 'boolean', default: 'false' },
  { name: 'zk_session_timeout', type: 'duration', default: formatDuration(sessionTimeoutMs) },
];
