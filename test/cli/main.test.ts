import { describe, expect, it } from 'vitest';
import { runFake, temporaryFolder } from './fake-context.ts';

describe('the command', () => {
  it.each([[['--version']], [['version']], [['-v']]])('answers %j with its version', async (argv) => {
    expect(await runFake(argv, { cwd: temporaryFolder() })).toMatchObject({
      exitCode: 0,
      stdout: '1.2.3\n',
      stderr: '',
    });
  });

  it.each([[['--help']], [['help']], [['-h', '--nonsense']]])('answers %j with its help', async (argv) => {
    const { exitCode, stdout, stderr } = await runFake(argv, { cwd: temporaryFolder() });
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^Writes a lab[\s\S]*--masters N[\s\S]*Exit codes/);
  });

  it.each([[['generate', '--help']], [['help', 'generate']]])('answers %j with the help of the verb', async (argv) => {
    const { stdout } = await runFake(argv, { cwd: temporaryFolder() });
    expect(stdout).toMatch(/^Usage: create-mesos-cluster generate \[FLAGS\]\n/);
    expect(stdout).toContain('--diff');
    expect(stdout).not.toContain('--masters');
  });

  it('prints every problem of a command line, and how many there are', async () => {
    const { exitCode, stdout, stderr } = await runFake(['lab', '--mastres', '--agents', 'many'], {
      cwd: temporaryFolder(),
    });
    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr).toBe(
      [
        '--mastres: error USAGE_UNKNOWN_FLAG: There is no flag --mastres',
        '  fix:     Did you mean --masters?',
        '',
        '--agents: error USAGE_FLAG_VALUE: --agents does not take this value',
        '  found:   many',
        '  allowed: a whole number, such as 3',
        '  fix:     Write digits only',
        '',
        '2 problems',
        '',
      ].join('\n'),
    );
  });

  it('prints errors as data, too, with --json', async () => {
    const { exitCode, stdout, stderr } = await runFake(['lab', '--mastres', '--json'], { cwd: temporaryFolder() });
    expect(exitCode).toBe(2);
    expect(stderr).toContain('Did you mean --masters?');
    expect(JSON.parse(stdout)).toMatchObject({ error: { exitCode: 2, problems: [{ code: 'USAGE_UNKNOWN_FLAG' }] } });
  });

  it('shows control characters of the user instead of obeying them', async () => {
    const { stderr } = await runFake(['--preset', '\u001b[2Jbig'], { cwd: temporaryFolder() });
    expect(stderr).toContain('found:   \\u001b[2Jbig');
  });

  it.each([
    [{}, true],
    [{ NO_COLOR: '' }, true],
    [{ NO_COLOR: '1' }, false],
    [{ TERM: 'dumb' }, false],
  ])('colours a terminal with the environment %j: %s', async (env, coloured) => {
    const { stderr } = await runFake(['--nonsense'], { cwd: temporaryFolder(), env, terminals: { stderr: true } });
    expect(stderr.includes('\u001b[31merror\u001b[39m')).toBe(coloured);
  });

  it('does not colour with --no-color', async () => {
    const { stderr } = await runFake(['--nonsense', '--no-color'], {
      cwd: temporaryFolder(),
      terminals: { stderr: true },
    });
    expect(stderr).not.toContain('\u001b');
  });

  it('calls everything else a bug, with what a report needs', async () => {
    const { exitCode, stderr } = await runFake(['schema'], { cwd: temporaryFolder(), toolFolder: '\0/a/b' });
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/This is a bug[\s\S]*1\.2\.3, Node\.js 20\.20\.0[\s\S]* at /);
  });

  it('says that it was interrupted when something breaks off after the signal', async () => {
    const signal = AbortSignal.abort('SIGINT');
    const result = await runFake(['schema'], { cwd: temporaryFolder(), toolFolder: '\0/a/b', signal });
    expect(result).toMatchObject({ exitCode: 130, stdout: '', stderr: 'Interrupted\n' });
  });

  it('prints the schema', async () => {
    const { exitCode, stdout } = await runFake(['schema'], { cwd: temporaryFolder() });
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ title: 'mesos-cluster.yaml' });
  });

  it('refuses the help of what is no verb', async () => {
    const { exitCode, stderr } = await runFake(['help', 'generat'], { cwd: temporaryFolder() });
    expect(exitCode).toBe(2);
    expect(stderr).toContain('create-mesos-cluster help generate');
  });
});
