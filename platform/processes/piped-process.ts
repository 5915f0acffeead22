import { spawn, type ChildProcess } from 'node:child_process';
import { chownSync, closeSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Readable } from 'node:stream';
import { sendSignal } from './end-group.ts';
import { openPipes, type NamedPipes } from './named-pipes.ts';
import { OutputReader } from './output-reader.ts';
import type { ProcessEnd, ProcessRequest, StartedProcess } from './process-request.ts';
import { openTerminal, type WindowSize } from './terminal-process.ts';
import { idsOf } from './user-ids.ts';

/** A process whose input is written by whoever starts it, and whose output is read as well as kept in its files. */
export interface PipedRequest extends Omit<ProcessRequest, 'timeLeft'> {
  /** It gets a terminal, of that size if there is one, for its input and all of its output. */
  readonly terminal?: { readonly size?: WindowSize };
}

export interface PipedProcess extends StartedProcess {
  /** Of the command itself: another one than the leader's where it has a terminal. */
  readonly commandId: number;
  /** For one reader, as the other. */
  readonly stdout: AsyncIterable<Uint8Array>;
  /** Ends at once with a terminal. */
  readonly stderr: AsyncIterable<Uint8Array>;
  /** Resolves when it is taken. @throws Error when nobody reads it any more */
  readonly write: (bytes: Uint8Array) => Promise<void>;
  /** A terminal's is not closed: there one types Ctrl-D. */
  readonly closeInput: () => void;
  /** Of its terminal. @throws Error */
  readonly resize?: (size: WindowSize) => Promise<void>;
  /** Reads and writes no more. */
  readonly letGo: () => void;
}

/** @throws the system's error when the program cannot be started; Error when there is no terminal for it */
export async function startPiped(request: PipedRequest): Promise<PipedProcess> {
  const ids = request.user === undefined ? undefined : await idsOf(request.user);
  const terminal = request.terminal === undefined ? undefined : await openTerminal(request, request.terminal.size);
  // Its own folder, though it may work in another.
  if (ids !== undefined) chownSync(dirname(request.stdoutFile), ids.uid, ids.gid);
  const pipes = await openPipes();
  const { stdin } = pipes;
  stdin.on('error', () => undefined);
  const outputs = [
    new OutputReader(pipes.stdout, request.stdoutFile, request.maxOutputBytes, ids),
    new OutputReader(pipes.stderr, request.stderrFile, request.maxOutputBytes, ids),
  ] as const;
  const letGo = () => {
    stdin.destroy();
    for (const output of outputs) output.letGo();
  };
  const { program, arguments: words, environment, argv0 } = terminal?.request ?? request;
  try {
    const child = spawn(program, [...words], {
      cwd: request.cwd,
      env: { ...environment },
      ...ids,
      // A session and a process group of its own.
      detached: true,
      stdio: [...pipes.theirs, ...(terminal === undefined ? [] : (['pipe'] as const))],
      ...(argv0 === undefined ? {} : { argv0 }),
    });
    const groups = new Set<number>();
    const ended = endOf(child, groups).then((end) => {
      stdin.destroy();
      for (const output of outputs) output.processEnded();
      return end;
    });
    const id = await idOf(child);
    const opened = await terminal?.opened(child.stdio[3] as Readable);
    const commandId = opened?.commandId ?? id;
    for (const each of [id, commandId]) groups.add(each);
    return {
      ...{ id, commandId, ended, letGo },
      stdout: outputs[0].parts(),
      stderr: outputs[1].parts(),
      write: (bytes) => write(pipes, bytes),
      closeInput: () => {
        if (terminal === undefined) stdin.end();
      },
      ...(opened !== undefined && { resize: opened.resize }),
    };
  } catch (error) {
    letGo();
    throw error;
  } finally {
    for (const each of pipes.theirs) closeSync(each);
  }
}

/** As of a container that is destroyed: nothing of its groups outlives the command. */
function endOf(child: ChildProcess, groups: ReadonlySet<number>): Promise<ProcessEnd> {
  return new Promise((resolve) => {
    child.once('exit', (status, signal) => {
      for (const id of groups) sendSignal(id, -id, 'SIGKILL');
      resolve(signal === null ? { kind: 'exited', status: status ?? 1 } : { kind: 'signalled', signal });
    });
  });
}

const idOf = (child: ChildProcess): Promise<number> =>
  new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('spawn', () => {
      resolve(child.pid ?? 0);
    });
  });

const write = ({ stdin }: NamedPipes, bytes: Uint8Array): Promise<void> =>
  new Promise((resolve, reject) => {
    stdin.write(bytes, (error) => {
      if (error) reject(error);
      else resolve();
    });
  });
