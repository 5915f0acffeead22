import type { RunCommand } from '../../../platform/processes/run-command.ts';
import type {
  ComposeOptions,
  ComposePackage,
  ComposeResult,
} from '../../../runtimes/docker/compose/compose-package.ts';

const words = (options: ComposeOptions['composeOptions'] = []): readonly string[] => options.flat();

/**
 * The docker-compose package, in whose place a fake `docker` runs: the same words, and the same plain object when it
 * fails. What the real one does with a real program is in compose-package.test.ts.
 */
export function fakeCompose(runCommand: RunCommand): () => Promise<ComposePackage> {
  const execCompose = async (command: string, args: readonly string[], options: ComposeOptions = {}) => {
    const { executable, composeOptions, commandOptions, cwd = '/', env = {} } = options;
    const all = ['compose', ...words(composeOptions), command, ...words(commandOptions), ...args];
    const result = await runCommand('docker', [...words(executable?.options), ...all], {
      cwd,
      env,
      stdio: 'capture',
      signal: new AbortController().signal,
    });
    if (result.kind === 'missing') throw Object.assign(new Error('spawn docker ENOENT'), { code: 'ENOENT' });
    const [exitCode, out, err] =
      result.kind === 'ended' ? [result.exitCode, result.stdout, result.stderr] : [null, '', ''];
    const plain: ComposeResult = { exitCode, out, err, truncated: { out: false, err: false } };
    // eslint-disable-next-line @typescript-eslint/only-throw-error -- as the package does
    if (exitCode !== 0) throw plain;
    return plain;
  };
  return () =>
    Promise.resolve({
      execCompose,
      stopMany: (options, ...services) => execCompose('stop', services, options),
      configVolumes: async (options) => {
        const result = await execCompose('config', ['--volumes'], options);
        return { ...result, data: { volumes: result.out.split('\n').filter((line) => line !== '') } };
      },
      version: async (options) => {
        const result = await execCompose('version', ['--short'], options);
        return { ...result, data: { version: result.out.trim() } };
      },
    });
}
