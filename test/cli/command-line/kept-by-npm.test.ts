import { describe, expect, it } from 'vitest';
import { keptByNpm, pastNpm } from '../../../cli/command-line/kept-by-npm.ts';
import { parseCommandLine } from '../../../cli/command-line/parse-command-line.ts';
import { folderWith, runFake } from '../fake-context.ts';

const script = { npm_command: 'run-script', npm_lifecycle_event: 'up' };
const kept = (env: Readonly<Record<string, string>>, ...argv: readonly string[]) =>
  keptByNpm(parseCommandLine(argv).line, env);

describe('what npm keeps of a command line', () => {
  it.each<[string, Readonly<Record<string, string>>, readonly string[]]>([
    ['a flag with its value', { npm_config_port_offset: '400' }, ['--port-offset 400']],
    ['one whose value npm took for a word of its own', { npm_config_port_offset: 'true' }, ['--port-offset N']],
    ['a switch', { npm_config_retain: 'true' }, ['--retain']],
    ['not what is of another verb', { npm_config_tail: '3' }, []],
    ["not what is npm's own", { npm_config_registry: 'http://127.0.0.1', npm_config_yes: 'true' }, []],
    ['nothing', {}, []],
  ])('is %s', (_, env, expected) => {
    expect(kept({ ...script, ...env }, 'up')).toEqual(expected);
  });

  it('is nothing that came all the same, and nothing where npm has not started us', () => {
    expect(kept({ ...script, npm_config_port_offset: '400' }, 'up', '--port-offset', '1')).toEqual([]);
    expect(kept({ npm_config_port_offset: '400' }, 'up')).toEqual([]);
  });

  it('is typed behind -- to come through', () => {
    expect(pastNpm(script, ['--port-offset 400'])).toBe('npm run up -- --port-offset 400');
    // As npm 11 says it.
    expect(pastNpm({ ...script, npm_command: 'run' }, ['--retain'])).toBe('npm run up -- --retain');
    expect(pastNpm({ npm_command: 'exec' }, ['--agents 3'])).toBe('npm create mesos-cluster -- --agents 3');
  });

  it('is said before what is wrong without it', async () => {
    const cwd = folderWith({ 'mesos-cluster.yaml': 'name: lab\n' });
    const { exitCode, stderr } = await runFake(['up', '400'], {
      cwd,
      env: { ...script, npm_config_port_offset: 'true' },
    });
    expect([exitCode, stderr]).toEqual([
      2,
      expect.stringMatching(/^warning[^]*npm run up -- --port-offset N[^]*error/),
    ]);
  });
});
