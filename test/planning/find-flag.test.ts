import { describe, expect, it } from 'vitest';
import {
  checkFlag,
  conflictingFlags,
  environmentName,
  environmentSetting,
  findFlag,
  flagCount,
  flagPrograms,
  type FlagProgram,
} from '../../planning/flag-tables/find-flag.ts';
import { imageSetNames } from '../../planning/catalogue/roles.ts';

/** Flags that the generator itself sets, or that the field guide names. */
const ownFlags: Readonly<Record<FlagProgram, readonly string[]>> = {
  'mesos-master':
    'zk quorum work_dir registry port hostname hostname_lookup ip advertise_ip cluster log_dir logging_level zk_session_timeout agent_ping_timeout max_agent_ping_timeouts'.split(
      ' ',
    ),
  'mesos-agent':
    'master work_dir runtime_dir hostname hostname_lookup ip port containerizers launcher isolation systemd_enable_support executor_registration_timeout resources attributes docker_kill_orphans docker_socket docker_remove_delay docker_mesos_image zk_session_timeout recover strict'.split(
      ' ',
    ),
  marathon:
    'master zk hostname http_address http_port mesos_user mesos_role framework_name task_launch_timeout task_launch_confirm_timeout zk_session_timeout failover_timeout ha checkpoint webui_url mesos_leader_ui_url'.split(
      ' ',
    ),
};

describe('finding a flag', () => {
  it.each(imageSetNames)('knows every flag that the generator writes for image set %s', (imageSet) => {
    const missing = flagPrograms.flatMap((program) =>
      ownFlags[program].filter((name) => findFlag(program, imageSet, name) === undefined),
    );
    expect(missing).toEqual([]);
  });

  it('finds a flag under its older name', () => {
    expect(findFlag('mesos-master', 'stock', 'authenticate_slaves')?.name).toBe('authenticate_agents');
    expect(findFlag('mesos-agent', 'clusterd', 'slave_subsystems')?.name).toBe('agent_subsystems');
  });

  it('takes no hyphens, capitals, dashes or negations', () => {
    for (const name of ['work-dir', 'WORK_DIR', '--work_dir', 'no-hostname_lookup', 'no_hostname_lookup']) {
      expect(findFlag('mesos-master', 'clusterd', name), name).toBeUndefined();
    }
    expect(findFlag('marathon', 'clusterd', 'disable_ha')).toBeUndefined();
  });

  it('counts more flags in the newer Mesos, and the same Marathon everywhere', () => {
    expect(flagCount('mesos-master', 'stock')).toBeLessThan(flagCount('mesos-master', 'clusterd'));
    expect(flagCount('mesos-agent', 'stock')).toBeGreaterThan(120);
    expect(flagCount('mesos-agent', 'lite')).toBe(flagCount('mesos-agent', 'clusterd'));
    expect(flagCount('marathon', 'stock')).toBe(flagCount('marathon', 'clusterd'));
  });
});

describe('an unknown flag', () => {
  it.each([
    ['mesos-master', 'quorums', 'quorum'],
    ['mesos-master', 'work-dir', 'work_dir'],
    ['mesos-master', '--hostname', 'hostname'],
    ['mesos-master', 'MESOS_CLUSTER', 'cluster'],
    ['mesos-master', 'no-hostname_lookup', 'hostname_lookup'],
    ['mesos-master', 'slave_ping_timeot', 'slave_ping_timeout'],
    ['mesos-agent', 'docker_kill_orphan', 'docker_kill_orphans'],
    ['mesos-agent', 'executor_registraton_timeout', 'executor_registration_timeout'],
    ['marathon', 'task_lunch_timeout', 'task_launch_timeout'],
    ['marathon', 'disable_ha', 'ha'],
    ['marathon', 'mesos_rol', 'mesos_role'],
    ['marathon', 'MARATHON_MESOS_USER', 'mesos_user'],
  ] as const)('of %s, %s, is answered with %s', (program, name, nearest) => {
    expect(checkFlag(program, 'clusterd', name, 'x')).toEqual({ kind: 'unknown', nearest });
  });

  it('that resembles nothing is answered without a guess', () => {
    expect(checkFlag('mesos-master', 'clusterd', 'frobnicate', 1)).toEqual({ kind: 'unknown' });
    expect(checkFlag('mesos-master', 'clusterd', 'q', 1)).toEqual({ kind: 'unknown' });
    expect(checkFlag('mesos-master', 'clusterd', '', 1)).toEqual({ kind: 'unknown' });
    expect(checkFlag('mesos-master', 'clusterd', 'quorum'.repeat(1_000_000), 1)).toEqual({ kind: 'unknown' });
  });

  it('of another program names that program', () => {
    expect(checkFlag('mesos-master', 'clusterd', 'containerizers', 'docker')).toEqual({
      kind: 'unknown',
      otherProgram: 'mesos-agent',
    });
    expect(checkFlag('mesos-agent', 'clusterd', 'task_launch_timeout', 1)).toEqual({
      kind: 'unknown',
      otherProgram: 'marathon',
    });
  });

  it('of a newer Mesos says since when it exists', () => {
    expect(checkFlag('mesos-agent', 'stock', 'docker_ignore_runtime', true)).toEqual({ kind: 'unknown', since: '1.9' });
    expect(checkFlag('mesos-agent', 'clusterd', 'docker_ignore_runtime', true)).toBeUndefined();
    expect(checkFlag('mesos-agent', 'stock', 'domain_socket_location', '/x')).toEqual({
      kind: 'unknown',
      since: '1.10',
    });
  });

  it('of the fork alone exists from the release of the fork that brought it', () => {
    expect(checkFlag('mesos-agent', 'clusterd', 'enable_cgroups_v2', true)).toBeUndefined();
    expect(checkFlag('mesos-agent', 'stock', 'enable_cgroups_v2', true)).toEqual({
      kind: 'unknown',
      since: 'clusterd 0.4',
    });
    expect(checkFlag('mesos-master', 'clusterd', 'http_cors_allowed_origins', 'http://a')).toEqual({
      kind: 'unknown',
      since: 'clusterd 0.10',
    });
  });

  it('of an older Marathon says until when it existed', () => {
    expect(checkFlag('marathon', 'stock', 'default_accepted_resource_roles', '*')).toEqual({
      kind: 'unknown',
      until: '1.9',
    });
  });
});

describe('the value of a flag', () => {
  it.each([
    ['mesos-master', 'quorum', 2],
    ['mesos-master', 'quorum', '2'],
    ['mesos-master', 'hostname_lookup', false],
    ['mesos-master', 'agent_ping_timeout', '15secs'],
    ['mesos-master', 'agent_ping_timeout', '0.5mins'],
    ['mesos-master', 'allocator_agent_recovery_factor', 0.8],
    ['mesos-master', 'offer_constraints_re2_max_mem', '4kb'],
    ['mesos-master', 'acls', '{"permissive": false}'],
    ['mesos-master', 'acls', 'file:///etc/mesos/acls.json'],
    ['mesos-master', 'cluster', 2024],
    ['mesos-agent', 'credential', '/etc/mesos/credential'],
    ['mesos-agent', 'attributes', 'rack:abc'],
    ['marathon', 'task_launch_timeout', 300_000],
    ['marathon', 'ha', false],
    ['marathon', 'gpu_scheduling_behavior', 'restricted'],
  ] as const)('of %s --%s may be %s', (program, name, value) => {
    expect(checkFlag(program, 'clusterd', name, value)).toBeUndefined();
  });

  it.each([
    ['mesos-master', 'quorum', 'two', 'a whole number up to 2147483647'],
    ['mesos-master', 'quorum', 1.5, 'a whole number up to 2147483647'],
    ['mesos-master', 'quorum', -1, 'a whole number up to 2147483647'],
    ['mesos-master', 'max_completed_frameworks', '99999999999999999999', 'a whole number up to 2147483647'],
    ['mesos-master', 'max_completed_frameworks', 1e21, 'a whole number up to 2147483647'],
    ['marathon', 'task_launch_timeout', '99999999999999999999', 'a whole number of milliseconds'],
    ['mesos-master', 'hostname_lookup', 'no', 'true or false'],
    ['mesos-master', 'agent_ping_timeout', 15, /secs/],
    ['mesos-master', 'agent_ping_timeout', '15s', /secs/],
    ['mesos-master', 'agent_ping_timeout', '1min', /mins/],
    ['mesos-master', 'agent_ping_timeout', '1.2.3secs', /secs/],
    ['mesos-master', 'allocator_agent_recovery_factor', 'most', /number/],
    ['mesos-master', 'offer_constraints_re2_max_mem', '1.5GB', /KB/],
    ['mesos-master', 'acls', '{permissive: false}', /JSON/],
    ['mesos-master', 'acls', '3', /JSON/],
    ['mesos-master', 'cluster', true, 'text'],
    ['mesos-master', 'registry', 'zookeeper', 'replicated_log, in_memory'],
    ['mesos-master', 'registry_strict', true, 'false'],
    ['mesos-agent', 'work_dir', '', 'a path'],
    ['marathon', 'task_launch_timeout', '300secs', 'a whole number of milliseconds'],
    ['marathon', 'failover_timeout', 'week', 'a whole number of seconds'],
    ['marathon', 'framework_name', '', 'a value that is not empty'],
    ['marathon', 'gpu_scheduling_behavior', 'undefined', 'restricted, unrestricted'],
  ] as const)('of %s --%s may not be %s', (program, name, value, allowed) => {
    const mistake = checkFlag(program, 'clusterd', name, value);
    expect(mistake).toEqual({
      kind: 'value',
      allowed: typeof allowed === 'string' ? allowed : expect.stringMatching(allowed),
    });
  });
});

describe('the environment variable of a flag', () => {
  it('has the prefix of the program', () => {
    expect(environmentName('mesos-master', 'quorum')).toBe('MESOS_QUORUM');
    expect(environmentName('mesos-agent', 'docker_socket')).toBe('MESOS_DOCKER_SOCKET');
    expect(environmentName('marathon', 'task_launch_timeout')).toBe('MARATHON_TASK_LAUNCH_TIMEOUT');
  });

  it('carries the value of a Mesos flag as text, booleans too', () => {
    expect(environmentSetting('mesos-agent', 'strict', false)).toEqual({ name: 'MESOS_STRICT', value: 'false' });
    expect(environmentSetting('marathon', 'zk_timeout', 5000)).toEqual({ name: 'MARATHON_ZK_TIMEOUT', value: '5000' });
  });

  it('is empty for a switch of Marathon, which is turned off by another variable or by none', () => {
    expect(environmentSetting('marathon', 'ha', true)).toEqual({ name: 'MARATHON_HA', value: '' });
    expect(environmentSetting('marathon', 'ha', 'false')).toEqual({ name: 'MARATHON_DISABLE_HA', value: '' });
    expect(environmentSetting('marathon', 'disable_http', true)).toEqual({ name: 'MARATHON_DISABLE_HTTP', value: '' });
    expect(environmentSetting('marathon', 'disable_http', false)).toBeUndefined();
  });
});

describe('two names of one flag', () => {
  it('are found as a pair', () => {
    const names = ['slave_ping_timeout', 'quorum', 'agent_ping_timeout', 'authenticate', 'authenticate_frameworks'];
    expect(conflictingFlags('mesos-master', names)).toEqual([
      ['slave_ping_timeout', 'agent_ping_timeout'],
      ['authenticate', 'authenticate_frameworks'],
    ]);
  });

  it('are no conflict when only one is used', () => {
    expect(conflictingFlags('mesos-master', ['slave_ping_timeout', 'slave_ping_timeout', 'zk'])).toEqual([]);
  });
});
