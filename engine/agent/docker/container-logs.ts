import type { Processes } from '../../../platform/processes/processes.ts';
import { markName } from '../executors/command-executor.ts';
import type { Sandboxes } from '../../../platform/files/sandboxes.ts';
import type { DockerCli } from './docker-cli.ts';

/** Where the output of a container goes. */
export interface LogTarget {
  /** The sandbox. */
  readonly directory: string;
  readonly maxOutputBytes: number;
}

/** A `docker logs --follow` that runs. */
export interface LogFollower {
  /** When the container has ended, the Engine went away, or somebody ended it. Never rejects. */
  readonly ended: Promise<void>;
  readonly stop: () => void;
}

/**
 * Copies the output of a container into its sandbox until the container ends.
 * @param since leaves out what is older: seconds since 1970, or a time with nanoseconds as Docker prints it
 * @throws the system's error when the CLI cannot be started
 */
export async function followLogs(
  cli: DockerCli,
  name: string,
  { directory, maxOutputBytes }: LogTarget,
  processes: Processes,
  since?: string,
): Promise<LogFollower> {
  const filter = since === undefined ? [] : ['--since', since];
  const started = await processes.start({
    program: cli.program,
    arguments: [...cli.words, 'logs', '--follow', ...filter, name],
    cwd: directory,
    // The mark is how an agent that comes after one that was killed finds it.
    environment: { ...processes.inheritedEnvironment, [markName]: directory },
    stdoutFile: `${directory}/stdout`,
    stderrFile: `${directory}/stderr`,
    maxOutputBytes,
  });
  return {
    ended: started.ended.then(() => undefined),
    stop: () => {
      processes.signalGroup(started.id, 'SIGKILL');
    },
  };
}

export const sinceMs = (ms: number): string => (ms / 1000).toFixed(3);

const windowMs = 1000;
const maxLines = 1000;
const tailBytes = 256 * 1024;
const timeoutMs = 15_000;
/** File times are coarser than the Engine's: the last line that was written may look newer than its file. */
const fileTimeToleranceMs = 20;

/**
 * From when on the output of a container is not in its sandbox yet. The time of the files tells about when; which line
 * was the last one, their ends tell.
 * @returns what followLogs takes; undefined when nothing is in the sandbox
 */
export async function resumeTime(
  cli: DockerCli,
  name: string,
  directory: string,
  sandboxes: Sandboxes,
): Promise<string | undefined> {
  const files = [`${directory}/stdout`, `${directory}/stderr`] as const;
  const times = await Promise.all(files.map((file) => sandboxes.modifiedAt(file)));
  const known = times.filter((time) => time !== undefined);
  if (known.length === 0) return undefined;
  const writtenAt = Math.max(...known);
  const range = ['--since', sinceMs(writtenAt - windowMs), '--until', sinceMs(writtenAt + windowMs)];
  const words = ['logs', '--timestamps', '--tail', String(maxLines), ...range, name];
  const output = await cli.capture(words, { timeoutMs }).catch(() => undefined);
  const ends = await Promise.all(files.map((file) => readEnd(file, sandboxes)));
  const last = [output?.stdout, output?.stderr]
    .map((text, index) => lastWritten(text ?? '', ends[index] ?? '', writtenAt))
    .filter((time) => time !== undefined)
    .sort()
    .at(-1);
  return last === undefined ? sinceMs(writtenAt + fileTimeToleranceMs) : justAfter(last);
}

/** @throws never: a task may do what it likes to its files */
async function readEnd(file: string, sandboxes: Sandboxes): Promise<string> {
  try {
    const { size } = await sandboxes.readPart(file, 0, 0);
    const { bytes } = await sandboxes.readPart(file, Math.max(0, size - tailBytes), tailBytes);
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
  } catch {
    return '';
  }
}

/**
 * The time of the last line that a file ends with; of several that could be it, that which was logged when the file was
 * written.
 * @param text lines with the time that each was logged at in front
 */
function lastWritten(text: string, end: string, writtenAt: number): string | undefined {
  const lines = text.split('\n').flatMap((line) => {
    const [, time, content] = /^(\S+Z) (.*)$/.exec(line) ?? [];
    return time === undefined || content === undefined ? [] : [{ time, content }];
  });
  let found: string | undefined;
  let written = '';
  const distance = (time: string) => Math.abs(Date.parse(time) - writtenAt);
  for (const { time, content } of lines) {
    written += `${content}\n`;
    if (!end.endsWith(written)) continue;
    if (found === undefined || distance(time) < distance(found)) found = time;
  }
  return found;
}

/** A nanosecond later: `--since` takes in what was logged at its time. */
function justAfter(time: string): string {
  const [, seconds = '', fraction = ''] = /^([^.Z]*)(?:\.(\d+))?Z$/.exec(time) ?? [];
  const next = Number(fraction.padEnd(9, '0')) + 1;
  return seconds === '' || next > 999_999_999 ? time : `${seconds}.${String(next).padStart(9, '0')}Z`;
}
