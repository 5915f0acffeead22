import { spawn } from 'node:child_process';
import { createReadStream } from 'node:fs';

/**
 * What a program writes that is given a file as its standard input; it is ended when nobody reads on, or the signal aborts.
 * @throws Error when it is missing, or says that it failed
 */
export type Decompress = (
  program: string,
  programArguments: readonly string[],
  file: string,
  signal: AbortSignal,
) => AsyncIterable<Uint8Array>;

/** What a program says of itself is kept up to this length. */
const maxWords = 1000;

/** An archive says how much memory its reading takes; those that xz makes need 65 MB at most. */
const xzLimit = { XZ_DEFAULTS: '--memlimit-decompress=256MiB' };

/** Runs the program with an array of arguments, never through a shell. */
export const decompress: Decompress = async function* (program, programArguments, file, signal) {
  const child = spawn(program, [...programArguments], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, ...xzLimit },
    signal,
  });
  const ended = new Promise<string | undefined>((resolve) => {
    child.once('error', (error: NodeJS.ErrnoException) => {
      resolve(error.code === 'ENOENT' ? `there is no program '${program}' on this machine` : error.message);
    });
    child.once('close', (status, killedBy) => {
      resolve(
        status === 0 ? undefined : `'${program}' ended with ${killedBy ?? `status ${status ?? 1}`}: ${words.trim()}`,
      );
    });
  });
  let words = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    words = `${words}${text}`.slice(0, maxWords);
  });
  const input = createReadStream(file);
  // A program that has ended reads no more; how it ended says why.
  child.stdin.on('error', () => undefined);
  input.on('error', () => child.kill('SIGKILL')).pipe(child.stdin);
  try {
    for await (const bytes of child.stdout) yield bytes as Uint8Array;
    const problem = await ended;
    if (problem !== undefined) throw new Error(problem);
  } finally {
    input.destroy();
    child.kill('SIGKILL');
  }
};
