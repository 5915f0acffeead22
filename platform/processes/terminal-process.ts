import { execFile } from 'node:child_process';
import type { Readable } from 'node:stream';
import { promisify } from 'node:util';
import type { ProcessRequest } from './process-request.ts';
import { shellWord, shellWords } from './shell-words.ts';

export interface WindowSize {
  readonly rows: number;
  readonly columns: number;
}

type Started = Pick<ProcessRequest, 'program' | 'arguments' | 'environment' | 'argv0'>;

/** A terminal that a program is to have. */
interface Terminal {
  /** What starts the program in it; with a pipe as file 3. */
  readonly request: Started;
  /** @param told what comes from that pipe */
  readonly opened: (told: Readable) => Promise<{
    readonly commandId: number;
    readonly resize: (size: WindowSize) => Promise<void>;
  }>;
}

const run = promisify(execFile);

/** Of util-linux; the one of BSD and macOS wants a terminal itself. */
const script = '/usr/bin/script';

/**
 * Node.js opens no terminals: `script` of util-linux does, and passes on what it reads and writes. Its shell tells us the
 * command's process id and the terminal's name, makes it a fresh one (`script` turns the echo off where its own input
 * is no terminal), and becomes the command.
 * @throws Error where there is no such program
 */
export async function openTerminal(
  { program, arguments: words, environment }: Started,
  size: WindowSize | undefined,
): Promise<Terminal> {
  const version = await run(script, ['--version']).catch(() => ({ stdout: '' }));
  if (!version.stdout.includes('util-linux')) {
    throw new Error(`A terminal needs ${script} of util-linux on the agent's machine, and there is none`);
  }
  const { SHELL: shell } = environment;
  const steps = [
    // First: who is told types at once.
    `stty ${size === undefined ? '' : sizeWords(size)} echo 2>/dev/null`,
    'echo "$$ $(tty)" >&3',
    'exec 3>&-',
    shell === undefined ? 'unset SHELL' : `SHELL=${shellWord(shell)}`,
    `exec ${shellWords([program, ...words])}`,
  ];
  return {
    request: {
      program: script,
      arguments: ['-q', '-e', '-f', '-c', steps.join('\n'), '/dev/null'],
      environment: { ...environment, SHELL: '/bin/sh' },
    },
    opened: async (told) => {
      let text = '';
      // Not to its end: script holds the pipe open, too.
      for await (const part of told as AsyncIterable<Buffer>) {
        text += part.toString('utf8');
        if (text.includes('\n')) break;
      }
      const [id, name = ''] = text.trim().split(' ');
      return {
        commandId: Number(id ?? 0),
        resize: async (to) => {
          await run('stty', ['-F', name, ...sizeWords(to).split(' ')]);
        },
      };
    },
  };
}

const sizeWords = ({ rows, columns }: WindowSize) => `rows ${rows} columns ${columns}`;
