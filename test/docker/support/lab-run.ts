import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { commandOn, type TestEngine } from './engine.ts';
import { until } from './until.ts';

/** The bundle that the global set-up of these tests has built. */
const program = fileURLToPath(new URL('../../../dist/create-mesos-cluster.cjs', import.meta.url));

/** How a run of the program ended; no status when a signal ended it. */
export interface LabRun {
  readonly status: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
  readonly ms: number;
}

/** A run that has not ended. */
export interface StartedRun {
  /** Waits until it has said something on either stream; throws when it ended without. */
  readonly says: (words: string) => Promise<void>;
  /** What it has said on both streams so far. */
  readonly said: () => string;
  readonly kill: (signal: NodeJS.Signals) => void;
  /** Ctrl-C: reaches the program and every command that it has started. */
  readonly interrupt: () => void;
  readonly ended: Promise<LabRun>;
}

/**
 * Starts the built program where an Engine is, as a shell would.
 * @param timeoutMs it is ended after that
 */
export function startRun(
  engine: TestEngine,
  cwd: string,
  argv: readonly string[],
  env: Readonly<Record<string, string>>,
  timeoutMs = 300_000,
): StartedRun {
  const { file, words, environment } = commandOn(engine, process.execPath, [program, ...argv]);
  const startedAt = performance.now();
  const child = execa(file, words, {
    cwd,
    env: { ...environment, NO_COLOR: '1', ...env },
    reject: false,
    stdin: 'ignore',
    // A process group of its own, as a shell gives it.
    detached: true,
    timeout: timeoutMs,
    stripFinalNewline: false,
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (text: Buffer) => {
      said += text.toString();
    });
  }
  let hasEnded = false;
  const ended = child.then(({ exitCode, stdout, stderr }) => {
    hasEnded = true;
    return { status: exitCode, stdout, stderr, ms: performance.now() - startedAt };
  });
  return {
    said: () => said,
    says: async (words) => {
      const hasSaid = () => said.includes(words);
      const look = () => Promise.resolve(hasSaid() || hasEnded ? { value: true } : { seen: said });
      await until(`said "${words}"`, Math.min(timeoutMs, 120_000), look, 5);
      if (!hasSaid()) throw new Error(`it ended and has not said "${words}":\n${said}`);
    },
    kill: (signal) => child.kill(signal),
    interrupt: () => {
      // It may have ended by itself.
      if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGINT');
    },
    ended,
  };
}
