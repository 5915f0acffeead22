import { describe, expect, it } from 'vitest';
import { loadMarathonFlags } from '../../../runtimes/lite/marathon-flags.ts';

describe('flags of Marathon', () => {
  it('come from every variable with the prefix, an empty one as a switch', () => {
    const flags = loadMarathonFlags(['--framework_name', 'second'], {
      MARATHON_MASTER: 'zk://z:2181/mesos',
      MARATHON_HTTP_PORT: '8081',
      MARATHON_MESOS_AUTHENTICATION: '',
      MARATHON_DISABLE_HA: '',
      MARATHON_APP_ID: '/of-another-marathon',
      PATH: '/bin',
    });
    expect(flags.text('master')).toBe('zk://z:2181/mesos');
    expect(flags.number('http_port')).toBe(8081);
    expect([flags.isOn('mesos_authentication'), flags.isOn('ha')]).toEqual([true, false]);
    expect(flags.text('framework_name')).toBe('second');
    expect(flags.number('task_launch_timeout')).toBe(300_000);
  });

  it.each<[string, Readonly<Record<string, string>>, readonly string[], string]>([
    ['an unknown variable', { MARATHON_PORT: 'tcp://10.0.0.1:8080' }, [], "Unknown option 'port'"],
    ['an unknown flag', {}, ['--foo'], "Unknown option 'foo'"],
    ['a switch with a value', { MARATHON_HA: 'true' }, [], "Excess arguments provided: 'true'"],
    [
      'a number that is none',
      { MARATHON_HTTP_PORT: 'abc' },
      [],
      "Bad arguments for option 'http_port': 'abc' - wrong arguments format",
    ],
    [
      'a flag without its value',
      {},
      ['--master', '--ha'],
      "Bad arguments for option 'master': '' - you should provide exactly one argument for this option",
    ],
    [
      'a flag twice',
      { MARATHON_MASTER: 'a:1' },
      ['--master=b:1'],
      "Bad arguments for option 'master': 'a:1 b:1' - you should provide exactly one argument for this option",
    ],
  ])('refuse %s in the words of Scallop', (_what, environment, words, message) => {
    expect(() => loadMarathonFlags(words, environment)).toThrow(
      expect.objectContaining({ message: `[scallop] Error: ${message}`, exitCode: 1 }) as Error,
    );
  });
});
