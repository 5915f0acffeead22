import type { Processes } from '../../../platform/processes/processes.ts';
import type { RunningTask, TaskEnd } from '../executors/executor.ts';
import { followLogs, sinceMs, type LogFollower, type LogTarget } from './container-logs.ts';
import { containerState, type ContainerState } from './container-state.ts';
import { DockerError, type DockerCli } from './docker-cli.ts';

export interface RunningContainerOptions {
  readonly cli: DockerCli;
  readonly processes: Processes;
  readonly name: string;
  readonly target: LogTarget;
  readonly memoryLimitBytes: number;
  /** For an Engine that is away, such as one that is restarted. */
  readonly engineTimeoutMs: number;
  readonly log: (line: string) => void;
}

/** KILL_RETRY_INTERVAL of Mesos's docker executor. */
const killRetryMs = 5000;
const engineRetryMs = 500;
/** `docker logs` that ended sooner than this, of a container that runs, cannot be followed. */
const shortFollowMs = 2000;
/** Beyond the grace period, for an Engine that is busy. */
const stopMarginMs = 10_000;
const killTimeoutMs = 10_000;

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms).unref());

/**
 * Watches over a container that was started, as Mesos's docker executor does (src/docker/executor.cpp): its output goes
 * to the sandbox, its end is noticed, `docker stop` ends it. One process of the CLI for each container.
 */
export class RunningContainer {
  readonly #options: RunningContainerOptions;
  readonly #letGo = new AbortController();
  #follower: LogFollower | undefined;
  #killDeadline = Number.POSITIVE_INFINITY;
  #stopping = new AbortController();
  #hasEnded = false;

  constructor(options: RunningContainerOptions) {
    this.#options = options;
  }

  /** @param since as followLogs takes it: output that is older is in the sandbox already */
  start(state: ContainerState | undefined, since?: string): RunningTask {
    const ended = this.#watch(since)
      .catch((error: unknown): TaskEnd => this.#unknownEnd(messageOf(error)))
      .then((end) => {
        this.#hasEnded = true;
        this.#stopping.abort();
        return this.#letGo.signal.aborted ? undefined : end;
      });
    return {
      ...(state?.processId !== undefined && { containerProcessId: state.processId }),
      ...(state?.ipAddress !== undefined && { ipAddress: state.ipAddress }),
      ended,
      kill: (graceMs) => {
        this.#kill(graceMs);
      },
      check: (shellCommand, timeoutMs) => this.#check(shellCommand, timeoutMs),
      letGo: () => {
        this.#letGo.abort();
        this.#stopping.abort();
        this.#follower?.stop();
      },
    };
  }

  async #watch(firstSince: string | undefined): Promise<TaskEnd> {
    const { cli, processes, name, target } = this.#options;
    const { signal } = this.#letGo;
    let since = firstSince;
    for (;;) {
      const startedAt = performance.now();
      this.#follower = await followLogs(cli, name, target, processes, since);
      if (signal.aborted) this.#follower.stop();
      await this.#follower.ended;
      since = sinceMs(Date.now());
      const state = await this.#stateAfter(signal);
      if (state === undefined) return this.#unknownEnd();
      if (!state.isRunning) return this.#endOf(state);
      // Its logging driver does not let us read, or the Engine was restarted and kept it alive.
      if (performance.now() - startedAt > shortFollowMs) continue;
      await cli.run(['wait', name], { timeoutMs: undefined, signal }).catch(() => pause(engineRetryMs));
    }
  }

  /** @throws Error when the Engine does not come back in time, or the container was let go */
  async #stateAfter(signal: AbortSignal): Promise<ContainerState | undefined> {
    const { cli, name, engineTimeoutMs } = this.#options;
    const deadline = performance.now() + engineTimeoutMs;
    for (;;) {
      try {
        return await containerState(cli, name, signal);
      } catch (error) {
        if (signal.aborted || performance.now() > deadline) throw error;
        await pause(engineRetryMs);
      }
    }
  }

  /** "Container " and WSTRINGIFY in Mesos's words, which does not tell when memory ran out: we do. */
  #endOf({ exitCode, wasOutOfMemory }: ContainerState): TaskEnd {
    const wasKilled = this.#killDeadline !== Number.POSITIVE_INFINITY;
    const message = `Container exited with status ${exitCode}`;
    if (!wasOutOfMemory || wasKilled || exitCode === 0) return { succeeded: exitCode === 0 && !wasKilled, message };
    const limitMb = Math.round(this.#options.memoryLimitBytes / 1024 / 1024);
    return {
      succeeded: false,
      message: `${message}: memory limit exceeded (${limitMb} MB)`,
      reason: 'REASON_CONTAINER_LIMITATION_MEMORY',
    };
  }

  #unknownEnd(why?: string): TaskEnd {
    return {
      succeeded: false,
      message: `Failed to get exit status of container${why === undefined ? '' : `: ${why}`}`,
    };
  }

  #kill(graceMs: number): void {
    const deadline = performance.now() + graceMs;
    if (this.#hasEnded || deadline >= this.#killDeadline) return;
    this.#killDeadline = deadline;
    // Docker takes a second stop while the first one waits; the one with the shorter time wins.
    this.#stopping.abort();
    this.#stopping = new AbortController();
    void this.#stopUntilEnded(graceMs, this.#stopping.signal);
  }

  /** Never gives up: nobody must believe that a container has ended which has not. */
  async #stopUntilEnded(graceMs: number, signal: AbortSignal): Promise<void> {
    const { cli, name, log } = this.#options;
    const stop = ['stop', '-t', String(Math.trunc(graceMs / 1000)), name];
    let next: readonly [readonly string[], number] = [stop, graceMs + stopMarginMs];
    while (!signal.aborted) {
      const [words, timeoutMs] = next;
      const done = await cli.run(words, { timeoutMs, signal }).catch(messageOf);
      // Its end is seen by the one who follows its output; sometimes that one misses it.
      await pause(killRetryMs);
      // eslint-disable-next-line @typescript-eslint/no-unnecessary-condition -- aborted from elsewhere
      if (signal.aborted) return;
      const state = await containerState(cli, name).catch(() => undefined);
      if (state?.isRunning === false) this.#follower?.stop();
      else log(`Container ${name} has not ended, and is killed: ${done.trim()}`);
      next = [['kill', name], killTimeoutMs];
    }
  }

  async #check(shellCommand: string, timeoutMs: number): Promise<number | undefined> {
    const { cli, name } = this.#options;
    const words = ['exec', name, '/bin/sh', '-c', shellCommand];
    return cli.run(words, { timeoutMs, signal: this.#letGo.signal }).then(
      () => 0,
      (error: unknown) => (error instanceof DockerError ? error.exitCode : undefined),
    );
  }
}
