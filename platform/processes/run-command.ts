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
  /** Given each line as it comes, of either stream; the result then holds no output (capture only). */
  readonly onLine?: (line: string) => void;
  /** Given each line of standard error as it comes; the result holds it all the same (capture only). */
  readonly onErrorLine?: (line: string) => void;
}

/** Runs a program with an array of arguments, never through a shell. Never rejects because of how the program ends. */
export type RunCommand = (
  program: string,
  programArguments: readonly string[],
  options: RunOptions,
) => Promise<CommandResult>;

/** The real thing; loads execa at the first command. */
export const runCommand: RunCommand = async (program, programArguments, options) => {
  const { cwd, stdio, signal, env, timeoutMs, onLine, onErrorLine } = options;
  const [{ execa }, { default: events }] = await Promise.all([import('execa'), import('node:events')]);
  // Many machines are asked at the same time.
  events.setMaxListeners(0, signal);
  const controller = new AbortController();
  const stop = () => {
    // Ctrl-C has reached a child on our terminal already; a second signal would make Compose give up its clean end.
    if (stdio === 'capture' || signal.reason !== 'SIGINT') controller.abort();
  };
  signal.addEventListener('abort', stop);
  if (signal.aborted) stop();
  try {
    const child = execa(program, programArguments, {
      cwd,
      // What goes on for hours must not be kept.
      ...(onLine === undefined ? {} : { buffer: false }),
      ...(stdio === 'inherit' ? { stdio: 'inherit' } : { stdin: 'ignore' }),
      ...(env === undefined ? {} : { env }),
      cancelSignal: controller.signal,
      reject: false,
      ...(timeoutMs === undefined ? {} : { timeout: timeoutMs }),
    });
    if (onLine !== undefined) {
      passLines(child.stdout, onLine);
      passLines(child.stderr, onLine);
    }
    if (onErrorLine !== undefined) passLines(child.stderr, onErrorLine);
    const result = await child;
    if (result.code === 'ENOENT') return { kind: 'missing' };
    if (signal.aborted || result.exitCode === undefined) return { kind: 'stopped' };
    const { exitCode, stdout, stderr } = result;
    const hasOutput = stdio === 'capture' && onLine === undefined;
    return { kind: 'ended', exitCode, ...(hasOutput ? { stdout, stderr } : { stdout: '', stderr: '' }) };
  } finally {
    signal.removeEventListener('abort', stop);
  }
};

/**
 * Cuts a stream into lines; what stands behind the last line's end is one, too.
 * @param stream null with `inherit`: those lines are not ours
 */
function passLines(stream: NodeJS.ReadableStream | null, onLine: (line: string) => void): void {
  if (stream === null) return;
  let begun = '';
  // Not setEncoding: whoever else reads the stream wants bytes.
  const decoder = new TextDecoder();
  stream.on('data', (bytes: Uint8Array) => {
    const lines = `${begun}${decoder.decode(bytes, { stream: true })}`.split(/\r?\n|\r/);
    begun = lines.pop() ?? '';
    for (const line of lines) onLine(line);
  });
  stream.on('end', () => {
    if (begun !== '') onLine(begun);
  });
}
