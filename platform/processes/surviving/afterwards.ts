import { spawn } from 'node:child_process';

/** Has our own program run with such words when this process has been gone for a time, however it ended. */
export type RunAfterwards = (waitMs: number, words: readonly string[]) => void;

/** The line to us breaks when we are gone; until the time is over it is a shell that waits, which is small. */
const waiting = 'read -r _; sleep "$1"; shift; exec "$@"';

/** @param script what this process runs */
export const runAfterwards =
  (script: string): RunAfterwards =>
  (waitMs, words) => {
    const program = [process.execPath, ...process.execArgv, script, ...words];
    const child = spawn('/bin/sh', ['-c', waiting, 'sh', String(waitMs / 1000), ...program], {
      cwd: '/',
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    child.on('error', () => undefined);
    child.stdin.on('error', () => undefined);
    child.unref();
    // It is a socket, which would keep this process from its end.
    (child.stdin as { readonly unref?: () => void }).unref?.();
  };
