import { execFile } from 'node:child_process';
import { closeSync, constants, mkdtempSync, openSync, rmSync } from 'node:fs';
import { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** The three streams of a process. */
export interface NamedPipes {
  /** Descriptors of the process's ends; whoever starts it closes them. */
  readonly theirs: readonly [stdin: number, stdout: number, stderr: number];
  readonly stdin: Socket;
  readonly stdout: Socket;
  readonly stderr: Socket;
}

const run = promisify(execFile);

/**
 * Named pipes, whose names are gone: those that Node.js makes are sockets, which a program cannot open as /dev/stdout and
 * /dev/stderr.
 */
export async function openPipes(): Promise<NamedPipes> {
  const folder = mkdtempSync(join(tmpdir(), 'cmc-pipes-'));
  try {
    const files = ['0', '1', '2'].map((name) => join(folder, name));
    await run('mkfifo', ['-m', '600', ...files]);
    const [input, output, errors] = files as [string, string, string];
    const [stdin, stdout, stderr] = [openBoth(input, 'write'), openBoth(output, 'read'), openBoth(errors, 'read')];
    return {
      theirs: [stdin.their, stdout.their, stderr.their],
      stdin: new Socket({ fd: stdin.our, readable: false, writable: true }),
      stdout: new Socket({ fd: stdout.our, readable: true, writable: false }),
      stderr: new Socket({ fd: stderr.our, readable: true, writable: false }),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @param we what our end is for: it alone does not block */
function openBoth(file: string, we: 'read' | 'write') {
  const [ourFlag, theirFlag] =
    we === 'read' ? [constants.O_RDONLY, constants.O_WRONLY] : [constants.O_WRONLY, constants.O_RDONLY];
  // Who opens one end waits for the other, unless somebody has opened both.
  const both = openSync(file, constants.O_RDWR | constants.O_NONBLOCK);
  try {
    return { their: openSync(file, theirFlag), our: openSync(file, ourFlag | constants.O_NONBLOCK) };
  } finally {
    closeSync(both);
  }
}
