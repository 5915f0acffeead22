/** How a command that was started for the user ended. */
export type CommandResult =
  | { readonly kind: 'ended'; readonly exitCode: number; readonly stdout: string; readonly stderr: string }
  /** There is no such program on PATH. */
  | { readonly kind: 'missing' }
  /** The signal aborted, or somebody killed it. */
  | { readonly kind: 'stopped' };

export interface RunOptions {
  /** Absolute. */
  readonly cwd: string;
  /** `inherit`: the command uses our terminal, and the result holds no output. `capture`: it sees no input. */
  readonly stdio: 'inherit' | 'capture';
  readonly signal: AbortSignal;
  /** Over our own environment; undefined takes a variable away. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Killed after this time (capture only). */
  readonly timeoutMs?: number;
}

/** Runs a program with an array of arguments, never through a shell. Never rejects because of how the program ends. */
export type RunCommand = (
  program: string,
  programArguments: readonly string[],
  options: RunOptions,
) => Promise<CommandResult>;

/** The real thing; loads execa at the first command. */
export const runCommand: RunCommand = async (program, programArguments, { cwd, stdio, signal, env, timeoutMs }) => {
  const { execa } = await import('execa');
  const controller = new AbortController();
  const stop = () => {
    // Ctrl-C has reached a child on our terminal already; a second signal would make Compose give up its clean end.
    if (stdio === 'capture' || signal.reason !== 'SIGINT') controller.abort();
  };
  signal.addEventListener('abort', stop);
  if (signal.aborted) stop();
  try {
    const result = await execa(program, programArguments, {
      cwd,
      ...(stdio === 'inherit' ? { stdio: 'inherit' } : { stdin: 'ignore' }),
      ...(env === undefined ? {} : { env }),
      cancelSignal: controller.signal,
      reject: false,
      ...(timeoutMs === undefined ? {} : { timeout: timeoutMs }),
    });
    if (result.code === 'ENOENT') return { kind: 'missing' };
    if (signal.aborted || result.exitCode === undefined) return { kind: 'stopped' };
    const { exitCode, stdout, stderr } = result;
    return { kind: 'ended', exitCode, ...(stdio === 'capture' ? { stdout, stderr } : { stdout: '', stderr: '' }) };
  } finally {
    signal.removeEventListener('abort', stop);
  }
};
