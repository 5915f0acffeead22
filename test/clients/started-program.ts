import { execa } from 'execa';
import { onTestFinished } from 'vitest';

interface Started {
  /** What it has written so far, to either stream. */
  readonly output: () => string;
}

/** Starts a program that goes on until the test ends. */
export function startedProgram(
  program: string,
  words: readonly string[],
  options: { readonly cwd?: string } = {},
): Started {
  let output = '';
  const child = execa(program, words, { ...options, all: true, reject: false, buffer: false, stdin: 'ignore' });
  child.all.on('data', (part: Buffer) => {
    output += part.toString();
  });
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await child;
  });
  return { output: () => output };
}
