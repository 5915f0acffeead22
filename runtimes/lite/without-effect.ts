import { featuresIn } from '../../protocol/marathon/marathon-features.ts';

/**
 * Flags that need no word although they do nothing here: what they ask for is so anyway, or is nothing that anyone could
 * see.
 */
const silent: ReadonlySet<string> = new Set([
  // Of both.
  ...['help', 'version', 'initialize_driver_logging', 'logbufsecs', 'log_auto_initialize', 'memory_profiling'],
  ...['authenticate_http_readonly', 'authenticate_http_readwrite', 'hostname_lookup'],
  // Of the master: its state is in memory, and comes back with the agents.
  ...['registry', 'work_dir', 'root_submissions'],
  ...['authenticate_agents', 'authenticate_frameworks', 'authenticate_http_frameworks'],
  // Of the agent: it has no cgroups and no systemd, and runs everything as who runs the agent.
  ...['launcher', 'systemd_enable_support', 'switch_user', 'runtime_dir', 'launcher_dir'],
  'cgroups_root',
  // Of Marathon: its own machinery.
  ...['http_compression', 'store_cache', 'zk_compression', 'zk_connection_timeout', 'zk_max_node_size', 'zk_timeout'],
  ...['deprecated_features', 'internal_version_caching', 'checkpoint', 'suppress_offers', 'leader_election_backend'],
]);

/** Off is what they are here. */
const offHere = /^(?:authenticate|cgroups_|metrics_|mesos_authentication)/;

/** Features of the engine's Marathon; that tasks are being killed is said without being asked for. */
const features: readonly string[] = ['secrets', 'task_killing'];
const hasKnownFeatures = (value = '') => featuresIn(value).every((name) => features.includes(name));

/** Of the flags that were given, those that a user would expect something of, and that have no meaning here. */
export function withoutEffect(
  given: readonly string[],
  understood: ReadonlySet<string>,
  valueOf: (name: string) => string | undefined,
): readonly string[] {
  return given.filter((name) => {
    if (name === 'enable_features') return !hasKnownFeatures(valueOf(name));
    if (understood.has(name)) return false;
    if (valueOf(name) === 'true' && offHere.test(name)) return true;
    return !silent.has(name) && !(valueOf(name) === 'false' && offHere.test(name));
  });
}
