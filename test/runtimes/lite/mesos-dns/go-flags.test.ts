import { describe, expect, it } from 'vitest';
import { loadGoFlags } from '../../../../runtimes/lite/mesos-dns/go-flags.ts';

describe('flags of mesos-dns', () => {
  it.each([
    [[], { config: 'config.json', verbosity: 0, withoutEffect: [] }],
    [['-config=/c.json', '-v=2'], { config: '/c.json', verbosity: 2, withoutEffect: [] }],
    [['--config', '/c.json', '-v', '1', '-logtostderr'], { config: '/c.json', verbosity: 1, withoutEffect: [] }],
    [
      ['-log_dir=/x', '-vmodule', 'a=1'],
      { config: 'config.json', verbosity: 0, withoutEffect: ['log_dir', 'vmodule'] },
    ],
    // What stands behind the first word that is no flag is nobody's.
    [['-v=1', 'word', '-config=x'], { config: 'config.json', verbosity: 1, withoutEffect: [] }],
  ])('%j are read as Go reads them', (words, expected) => {
    expect(loadGoFlags(words)).toEqual(expected);
  });

  it.each([
    [['-listen=x'], 'flag provided but not defined: -listen'],
    [['-config'], 'flag needs an argument: -config'],
    [['-v=much'], 'invalid value "much" for flag -v: parse error'],
    [['-logtostderr=perhaps'], 'invalid value "perhaps" for flag -logtostderr: parse error'],
    [['---v'], 'bad flag syntax: ---v'],
  ])('%j are refused with its words, and 2', (words, message) => {
    expect(() => loadGoFlags(words)).toThrow(expect.objectContaining({ message, exitCode: 2 }));
  });
});
