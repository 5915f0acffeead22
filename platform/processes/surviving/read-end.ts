import { readFile } from 'node:fs/promises';
import { constants } from 'node:os';
import type { ProcessEnd } from '../process-request.ts';

/**
 * How a program ended, from what the shell that waited for it wrote: `exited N`, and before that, if the program was
 * killed, the shell's words for the signal (`Terminated`). A shell says nothing of SIGINT and SIGPIPE.
 * @returns undefined when the shell has not written that, or there is no such file
 */
export async function readEnd(file: string): Promise<ProcessEnd | undefined> {
  const text = await readFile(file, 'utf8').catch(() => '');
  const [, words = '', digits] = /^([^]*?)exited (\d+)\n$/.exec(text) ?? [];
  if (digits === undefined) return undefined;
  const status = Number(digits);
  const signal = words === '' ? undefined : signalOf(status - 128);
  return signal === undefined ? { kind: 'exited', status } : { kind: 'signalled', signal };
}

const signalOf = (number: number): string | undefined =>
  Object.entries(constants.signals).find(([, each]) => each === number)?.[0];
