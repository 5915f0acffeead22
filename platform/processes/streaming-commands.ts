import { createWriteStream } from 'node:fs';
import { Transform, type Readable, type Writable } from 'node:stream';
import type { CommandResult } from './run-command.ts';

/** A program with its arguments. */
export interface CommandWords {
  readonly program: string;
  readonly arguments: readonly string[];
}

export interface StreamOptions {
  /** Absolute. */
  readonly cwd: string;
  readonly signal: AbortSignal;
  /** Over our own environment; undefined takes a variable away. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** All programs are killed after this time: their result is `stopped`. */
  readonly timeoutMs: number;
}

/**
 * Programs whose output is more than fits into memory. As with RunCommand there is no shell,
 * nothing rejects because of how a program ends, and when the signal aborts the programs are killed.
 */
export interface StreamingCommands {
  /** Feeds what one program writes to several others at once, as fast as the slowest of them reads. */
  readonly pipe: (
    source: CommandWords,
    targets: readonly CommandWords[],
    options: StreamOptions,
  ) => Promise<{ readonly source: CommandResult; readonly targets: readonly CommandResult[] }>;
  /**
   * Writes what a program writes into a new file, compressed if asked.
   * @throws the system's error when the file cannot be written; the program is ended then
   */
  readonly toFile: (
    command: CommandWords,
    file: { readonly path: string; readonly gzip: boolean; readonly onBytes?: (written: number) => void },
    options: StreamOptions,
  ) => Promise<CommandResult>;
}

interface Ended {
  readonly code?: string | undefined;
  readonly exitCode?: number | undefined;
  readonly stdout?: unknown;
  readonly stderr?: unknown;
}

function textOf(output: unknown): string {
  if (output instanceof Uint8Array) return Buffer.from(output).toString('utf8');
  return typeof output === 'string' ? output : '';
}

function resultOf({ code, exitCode, stdout, stderr }: Ended, signal: AbortSignal): CommandResult {
  if (code === 'ENOENT') return { kind: 'missing' };
  if (signal.aborted || exitCode === undefined) return { kind: 'stopped' };
  return { kind: 'ended', exitCode, stdout: textOf(stdout), stderr: textOf(stderr) };
}

const common = ({ cwd, signal, env, timeoutMs }: StreamOptions) => ({
  cwd,
  cancelSignal: signal,
  timeout: timeoutMs,
  reject: false as const,
  ...(env === undefined ? {} : { env }),
});

async function pipe(source: CommandWords, targets: readonly CommandWords[], options: StreamOptions) {
  const { execa } = await import('execa');
  const from = execa(source.program, source.arguments, {
    ...common(options),
    stdin: 'ignore',
    encoding: 'buffer',
    buffer: { stdout: false, stderr: true },
  });
  const to = targets.map((target) => execa(target.program, target.arguments, { ...common(options), stdin: 'pipe' }));
  await feed(
    from.stdout,
    to.map(({ stdin }) => stdin),
  );
  const ends = await Promise.all(to);
  return {
    source: resultOf(await from, options.signal),
    targets: ends.map((each) => resultOf(each, options.signal)),
  };
}

/** Not execa's own pipe: that ends all programs when one of them gives up. */
async function feed(source: Readable, targets: readonly Writable[]): Promise<void> {
  // What a program says when it gives up is in its result.
  for (const target of targets) target.on('error', () => undefined);
  try {
    for await (const chunk of source) {
      await Promise.all(targets.map((target) => write(target, chunk as Uint8Array)));
      if (targets.every(({ destroyed }) => destroyed)) break;
    }
  } catch {
    // The source was killed.
  }
  for (const target of targets) target.end();
}

const write = (target: Writable, chunk: Uint8Array): Promise<void> =>
  new Promise((resolve) => {
    const go = () => {
      target.off('drain', go).off('close', go);
      resolve();
    };
    if (target.destroyed || target.write(chunk)) resolve();
    else target.once('drain', go).once('close', go);
  });

const toFile: StreamingCommands['toFile'] = async (command, file, options) => {
  const [{ execa }, { pipeline }] = await Promise.all([import('execa'), import('node:stream/promises')]);
  const child = execa(command.program, command.arguments, {
    ...common(options),
    stdin: 'ignore',
    encoding: 'buffer',
    buffer: { stdout: false, stderr: true },
  });
  let written = 0;
  const count = new Transform({
    transform: (chunk: Uint8Array, _encoding, done) => {
      written += chunk.length;
      file.onBytes?.(written);
      done(undefined, chunk);
    },
  });
  const out = createWriteStream(file.path, { flags: 'wx', flush: true });
  try {
    if (file.gzip) {
      const { createGzip } = await import('node:zlib');
      // Layers are mostly programs: the higher levels take three times as long and save a twentieth.
      await pipeline(child.stdout, createGzip({ level: 3 }), count, out);
    } else {
      await pipeline(child.stdout, count, out);
    }
  } catch (error) {
    child.kill();
    const ended = await child;
    // The stream breaks when the program is stopped: not the file's fault.
    if (options.signal.aborted || ended.timedOut) return { kind: 'stopped' };
    throw error;
  }
  return resultOf(await child, options.signal);
};

/** The real programs; loads execa at the first command. */
export const streamingCommands: StreamingCommands = { pipe, toFile };
