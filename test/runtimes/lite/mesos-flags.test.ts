import { describe, expect, it } from 'vitest';
import { loadMesosFlags, type MesosFlags } from '../../../runtimes/lite/mesos-flags.ts';

interface Given {
  readonly words?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly files?: Readonly<Record<string, string>>;
}

const load = ({ words = [], environment = {}, files = {} }: Given, required?: readonly string[]): MesosFlags =>
  loadMesosFlags('mesos-master', { arguments: words, environment, readFile: (path) => files[path] }, required);

describe('flags of a Mesos program', () => {
  it('come from variables and from the command line, which wins', () => {
    const flags = load({
      environment: { MESOS_CLUSTER: 'one', MESOS_PORT: '5050', MESOS_quorum: '2' },
      words: ['--cluster=two', 'not-a-flag', '--', '--port=1'],
    });
    expect(['cluster', 'port', 'quorum'].map((name) => flags.text(name))).toEqual(['two', '5050', '2']);
    expect(flags.givenNames()).toEqual(['cluster', 'port', 'quorum']);
  });

  it('have the defaults of Mesos', () => {
    const flags = load({});
    expect(flags.durationMs('agent_ping_timeout')).toBe(15_000);
    expect(flags.number('max_agent_ping_timeouts')).toBe(5);
    expect(flags.text('offer_timeout')).toBeUndefined();
  });

  it('take booleans in all of their forms', () => {
    for (const [word, expected] of [
      ['--quiet', 'true'],
      ['--quiet=', 'true'],
      ['--quiet=1', 'true'],
      ['--quiet=false', 'false'],
      ['--no-quiet', 'false'],
      ['--QUIET=0', 'false'],
    ] as const) {
      expect(load({ words: [word] }).text('quiet'), word).toBe(expected);
    }
  });

  it('ignore variables that are no flag, also of another component', () => {
    expect(load({ environment: { MESOS_FOO: 'x', MESOS_NATIVE_JAVA_LIBRARY: 'y' } }).givenNames()).toEqual([]);
  });

  it('go by their older names too', () => {
    expect(load({ words: ['--slave_ping_timeout=3secs'] }).text('agent_ping_timeout')).toBe('3secs');
  });

  it('are read from a file when the value names one', () => {
    const files = { '/etc/mesos/zk': 'zk://z:2181/mesos\n', '/acls': '{"permissive":true}' };
    expect(load({ words: ['--zk=file:///etc/mesos/zk'], files }).text('zk')).toBe('zk://z:2181/mesos');
    expect(load({ words: ['--acls=/acls'], files }).text('acls')).toBe('{"permissive":true}');
  });

  it('are reported as they are in force, durations in their largest unit', () => {
    const reported = load({ words: ['--agent_ping_timeout=120secs', '--quorum=2'] }).reported();
    expect(reported).toMatchObject({ agent_ping_timeout: '2mins', quorum: '2', port: '5050', quiet: 'false' });
    expect(reported).not.toHaveProperty('zk');
    expect(load({ words: ['--zk=zk://u:secret@z:2181/mesos'] }).reported()['zk']).not.toContain('secret');
  });

  it('are reported without the credentials of registries', () => {
    const config = '{"auths": {"registry.test": {"auth": "dTpwdw==", "identitytoken" : "a\\"b", "email": "u@test"}}}';
    const sources = { arguments: ['--docker_config=file:///c.json'], environment: {}, readFile: () => config };
    const flags = loadMesosFlags('mesos-agent', sources);
    expect(flags.text('docker_config')).toBe(config);
    expect(flags.reported()['docker_config']).toBe(
      '{"auths": {"registry.test": {"auth": "xxxxxxxx", "identitytoken" : "xxxxxxxx", "email": "u@test"}}}',
    );
  });

  it.each<[Given, string]>([
    [{ words: ['--foo'] }, "Failed to load unknown flag 'foo'"],
    [{ words: ['--foo=bar'] }, "Failed to load unknown flag 'foo'"],
    [{ words: ['--no-foo'] }, "Failed to load unknown flag 'foo' via 'no-foo'"],
    [{ words: ['--cluster'] }, "Failed to load non-boolean flag 'cluster': Missing value"],
    [{ words: ['--no-cluster'] }, "Failed to load non-boolean flag 'cluster' via 'no-cluster'"],
    [{ words: ['--no-quiet=yes'] }, "Failed to load boolean flag 'quiet' via 'no-quiet' with value 'yes'"],
    [
      { environment: { MESOS_QUIET: 'yes' } },
      "Failed to load flag 'quiet': Failed to load value 'yes': Expecting a boolean (e.g., true or false)",
    ],
    [
      { environment: { MESOS_QUORUM: 'abc' } },
      "Failed to load flag 'quorum': Failed to load value 'abc': Failed to convert into required type",
    ],
    [
      { words: ['--port=70000'] },
      "Failed to load flag 'port': Failed to load value '70000': Failed to convert into required type",
    ],
    [
      { environment: { MESOS_AGENT_PING_TIMEOUT: '5' } },
      "Failed to load flag 'agent_ping_timeout': Failed to load value '5': Invalid duration '5'",
    ],
    [{ words: ['--port=1', '--port=2'] }, "Flag 'port' is already loaded via name 'port'"],
    [
      { environment: { MESOS_AUTHENTICATE_AGENTS: 'true', MESOS_AUTHENTICATE_SLAVES: 'true' } },
      "Flag 'authenticate_slaves' is already loaded via name 'authenticate_agents'",
    ],
    [
      { words: ['--zk=file:///none'] },
      "Failed to load flag 'zk': Failed to load value 'file:///none': Error reading file '/none': No such file or directory",
    ],
  ])('refuse %j in the words of stout', (given, words) => {
    expect(() => load(given)).toThrow(expect.objectContaining({ message: words, exitCode: 1 }) as Error);
  });

  it('have a default where the program reckons with one; asking for another is a bug', () => {
    expect(load({}).durationMs('agent_ping_timeout')).toBe(15_000);
    expect(() => load({}).durationMs('offer_timeout')).toThrow('the flag offer_timeout has no default');
  });

  it('say which one is missing', () => {
    expect(() => load({}, ['work_dir'])).toThrow("Flag 'work_dir' is required, but it was not provided");
  });
});
