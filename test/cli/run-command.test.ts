import { describe, expect, it } from 'vitest';
import { runCommand } from '../../platform/processes/run-command.ts';
import { temporaryFolder } from './fake-context.ts';

const node = (script: string) => [process.execPath, ['-e', script]] as const;
const options = () => ({ cwd: temporaryFolder(), stdio: 'capture', signal: new AbortController().signal }) as const;

describe('a command that is run for the user', () => {
  it('returns its output and exit code', async () => {
    const result = await runCommand(...node('console.log("out"); console.error("err"); process.exit(7)'), options());
    expect(result).toEqual({ kind: 'ended', exitCode: 7, stdout: 'out', stderr: 'err' });
  });

  it('runs in the folder it is given', async () => {
    const own = options();
    expect(await runCommand(...node('console.log(process.cwd())'), own)).toMatchObject({ stdout: own.cwd });
  });

  it('gets its words as they are', async () => {
    const words = ['a b', '$(id)', '*', "'"];
    const result = await runCommand(process.execPath, ['-p', 'process.argv.slice(1).join()', ...words], options());
    expect(result).toMatchObject({ stdout: words.join() });
  });

  it('hands over its lines as they come, and keeps none', async () => {
    const lines: string[] = [];
    const script = 'process.stdout.write("a\\nb"); process.stdout.write("c\\r\\nd"); process.exitCode = 3';
    const result = await runCommand(...node(script), { ...options(), onLine: (line) => lines.push(line) });
    expect([lines, result]).toEqual([['a', 'bc', 'd'], { kind: 'ended', exitCode: 3, stdout: '', stderr: '' }]);
  });

  it('hands over what it says beside its result as it comes, and keeps that, too', async () => {
    const lines: string[] = [];
    const script = 'console.error("ä"); console.log("{}"); console.error("b")';
    const onErrorLine = (line: string) => lines.push(line);
    const result = await runCommand(...node(script), { ...options(), onErrorLine });
    expect([lines, result]).toEqual([['ä', 'b'], { kind: 'ended', exitCode: 0, stdout: '{}', stderr: 'ä\nb' }]);
  });

  it('is missing when there is no such program', async () => {
    expect(await runCommand('no-such-program-anywhere', [], options())).toEqual({ kind: 'missing' });
  });

  it('stops when the signal aborts', async () => {
    const controller = new AbortController();
    const running = runCommand(...node('setTimeout(() => 0, 60_000)'), { ...options(), signal: controller.signal });
    setTimeout(() => {
      controller.abort('SIGTERM');
    }, 100);
    expect(await running).toEqual({ kind: 'stopped' });
  });

  it('stops when its time is over', async () => {
    const result = await runCommand(...node('setTimeout(() => 0, 60_000)'), { ...options(), timeoutMs: 100 });
    expect(result).toEqual({ kind: 'stopped' });
  });
});
