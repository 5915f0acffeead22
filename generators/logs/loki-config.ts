import { yamlText } from '../../planning/spec-text/write-yaml.ts';
import { headerComment } from '../text/header-comment.ts';
import { apart, entry, list, map, type YamlEntry } from '../text/yaml-text.ts';

export interface LokiSettings {
  /** The address that it listens on; by default all, which is its container's own network. */
  readonly host?: string;
  readonly port: number;
}

/** Loki's shortest: its index is in files of a day. */
export const keptHours = 24;
/** More than this a second, in MB, of all streams together is refused; collectors try again for some minutes. */
const megabytesPerSecond = 1;

const section = (name: string, entries: readonly (YamlEntry | false)[], comment?: string) =>
  apart(entry(name, map(entries), comment));

/** Loki as one process, with files in its volume, and nobody else in its ring (Loki, docs/sources/configure). */
export function lokiConfig({ host, port }: LokiSettings): string {
  const loopback = '127.0.0.1';
  const schema = map([
    ...[entry('from', '2024-01-01'), entry('store', 'tsdb'), entry('object_store', 'filesystem')],
    entry('schema', 'v13'),
    entry('index', map([entry('prefix', 'index_'), entry('period', '24h')])),
  ]);
  const config = map([
    entry('auth_enabled', false, 'It is published nowhere on one host; on machines it is on the address of its node.'),
    section('server', [
      host !== undefined && entry('http_listen_address', host),
      entry('http_listen_port', port),
      entry('grpc_listen_address', loopback),
      entry('grpc_listen_port', port + 1),
      entry('log_level', 'warn'),
    ]),
    section('common', [
      entry('instance_addr', loopback),
      entry('path_prefix', '/loki'),
      entry('replication_factor', 1),
      entry('ring', map([entry('kvstore', map([entry('store', 'inmemory')]))])),
      entry(
        'storage',
        map([
          entry(
            'filesystem',
            map([entry('chunks_directory', '/loki/chunks'), entry('rules_directory', '/loki/rules')]),
          ),
        ]),
      ),
    ]),
    section('schema_config', [entry('configs', list([schema]))]),
    section('compactor', [
      entry('working_directory', '/loki/compactor'),
      entry('retention_enabled', true),
      entry('delete_request_store', 'filesystem'),
    ]),
    section(
      'limits_config',
      [
        entry('retention_period', `${keptHours}h`),
        entry('reject_old_samples_max_age', `${keptHours}h`),
        entry('ingestion_rate_mb', megabytesPerSecond),
        entry('ingestion_burst_size_mb', 8 * megabytesPerSecond),
      ],
      'A lab that is left running does not fill the disk.',
    ),
    section('analytics', [entry('reporting_enabled', false)], 'A lab tells nobody about itself.'),
  ]);
  return headerComment + yamlText(config);
}
