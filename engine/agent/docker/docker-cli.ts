import { agentDefaults } from '../../../protocol/mesos-defaults.ts';
import type { Processes } from '../../../platform/processes/processes.ts';
import type { CommandResult } from '../../../platform/processes/run-command.ts';
import type { DockerTasks } from '../agent-options.ts';

/** What a command of the CLI may take, and what ends it. */
export interface CliRun {
  /** Undefined: it takes as long as it takes. */
  readonly timeoutMs: number | undefined;
  readonly signal?: AbortSignal;
  /** Variables of the CLI itself. */
  readonly env?: Readonly<Record<string, string>>;
  /** How messages name the command; default all its words. */
  readonly shownAs?: string;
}

/** The Docker CLI did not do what it was asked for. */
export class DockerError extends Error {
  override readonly name = 'DockerError';
  readonly kind: 'failed' | 'timed-out' | 'stopped' | 'missing';
  /** What the CLI said; empty unless it failed. */
  readonly stderr: string;
  /** Of one that failed. */
  readonly exitCode: number | undefined;

  constructor(kind: DockerError['kind'], message: string, stderr = '', exitCode?: number) {
    super(message);
    this.kind = kind;
    this.stderr = stderr;
    this.exitCode = exitCode;
  }
}

export interface CliOutput {
  readonly stdout: string;
  readonly stderr: string;
}

/** The Docker CLI, told which Engine to talk to. */
export interface DockerCli {
  readonly program: string;
  /** `-H unix:///var/run/docker.sock`, as Mesos puts it before every command. */
  readonly words: readonly string[];
  /** Resolves with what the command printed, on both of its outputs. @throws as run */
  readonly capture: (words: readonly string[], options: CliRun) => Promise<CliOutput>;
  /** Resolves with what the command printed. @throws DockerError in Mesos's words (docker.cpp, `failure`) */
  readonly run: (words: readonly string[], options: CliRun) => Promise<string>;
}

export function dockerCli(options: Pick<DockerTasks, 'cli' | 'socket'>, { run }: Pick<Processes, 'run'>): DockerCli {
  const program = options.cli;
  const words = ['-H', `unix://${options.socket ?? agentDefaults.dockerSocket}`];
  const capture = async (more: readonly string[], options: CliRun): Promise<CliOutput> => {
    const { timeoutMs, signal, env, shownAs } = options;
    const result = await run(program, [...words, ...more], {
      cwd: '/',
      stdio: 'capture',
      signal: signal ?? new AbortController().signal,
      ...(env === undefined ? {} : { env }),
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
    });
    if (result.kind === 'ended' && result.exitCode === 0) return result;
    throw toError(result, shownAs ?? [program, ...words, ...more].join(' '), options);
  };
  const runForOutput = async (more: readonly string[], options: CliRun) => (await capture(more, options)).stdout;
  return { program, words, capture, run: runForOutput };
}

function toError(result: CommandResult, shown: string, { timeoutMs, signal }: CliRun): DockerError {
  switch (result.kind) {
    case 'missing':
      return new DockerError('missing', `Failed to execute '${shown}': there is no such program`);
    case 'stopped': {
      if (signal?.aborted === true) return new DockerError('stopped', `'${shown}' was discarded`);
      const limit = timeoutMs === undefined ? '' : ` (${timeoutMs / 1000} s at most)`;
      return new DockerError('timed-out', `Failed to run '${shown}': it was ended, or took too long${limit}`);
    }
    case 'ended': {
      const stderr = result.stderr.trim();
      const message = `Failed to run '${shown}': exited with status ${result.exitCode}; stderr='${stderr}'`;
      return new DockerError('failed', message, stderr, result.exitCode);
    }
  }
}
