import { excerpt } from '../../checks/excerpt.ts';
import { UserError } from '../../errors/user-error.ts';
import type { CommandResult, RunCommand } from '../../platform/processes/run-command.ts';
import type { CommandWords } from '../../platform/processes/streaming-commands.ts';
import {
  loadCompose,
  rejectedResult,
  type ComposeOptions,
  type ComposePackage,
  type ComposeResult,
} from './compose/compose-package.ts';
import { unreachedProblem } from './preflight/docker-problems.ts';

/** How one call of `docker` is made. */
export interface DockerCall {
  readonly signal?: AbortSignal;
  /** Absolute; only `docker compose` and `docker build` care. */
  readonly cwd?: string;
  readonly timeoutMs?: number;
  readonly onLine?: (line: string) => void;
  /** Variables beside those of our own process. */
  readonly env?: Readonly<Record<string, string>>;
}

/** One Docker Engine, asked with the `docker` program. */
export interface DockerEngine {
  /** Where it is, as the spec says it; undefined: where this user's docker points to. */
  readonly endpoint: string | undefined;
  /** The program with its arguments, for who runs it otherwise. */
  readonly command: (words: readonly string[]) => CommandWords;
  readonly run: (words: readonly string[], call?: DockerCall) => Promise<CommandResult>;
  /**
   * What it prints.
   * @throws UserError MACHINE_NO_DOCKER, or why the Engine is not reached, or COMMAND_FAILED with its words; or the
   * reason of the signal
   */
  readonly ask: (words: readonly string[], call?: DockerCall) => Promise<string>;
  /** Runs it on the user's terminal. */
  readonly attach: (words: readonly string[], signal: AbortSignal) => Promise<CommandResult>;
}

/** An Engine that this machine's Compose is pointed at. */
export interface ComposeEngine extends DockerEngine {
  /**
   * Asks Compose by the docker-compose package, which neither a signal nor a deadline ends: see compose-project.ts.
   * @throws as `ask`, when the command has ended
   */
  readonly compose: <Result extends ComposeResult>(
    command: (compose: ComposePackage, options: ComposeOptions) => Promise<Result>,
    call: Pick<DockerCall, 'signal' | 'cwd'>,
  ) => Promise<Result>;
}

interface EngineWorld {
  readonly runCommand: RunCommand;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Absolute: a folder that is there. */
  readonly cwd: string;
  /** Ends what no call of its own ends. */
  readonly signal: AbortSignal;
  readonly loadCompose?: () => Promise<ComposePackage>;
}

/** A daemon that is busy with containers answers late, but answers. */
const askMs = 30_000;

/**
 * The Engine at an endpoint.
 * @param endpoint `ssh://user@host`, `unix:///socket`, `tcp://host:port`, `context:NAME`
 */
export function dockerEngine(world: EngineWorld, endpoint?: string): ComposeEngine {
  const { runCommand, env, cwd, signal } = world;
  const at = endpointWords(endpoint);
  // Whatever the user's shell says of other projects must not reach ours.
  const without = Object.fromEntries(
    Object.keys(env)
      .filter((name) => name.startsWith('COMPOSE_'))
      .map((name) => [name, undefined]),
  );
  const own = { ...without, ...(endpoint === undefined ? socketVariable(env) : {}) };
  const run: DockerEngine['run'] = (words, call = {}) =>
    runCommand('docker', [...at, ...words], {
      ...{ cwd, stdio: 'capture', signal },
      ...call,
      env: { ...own, ...call.env },
    });
  return {
    endpoint,
    command: (words) => ({ program: 'docker', arguments: [...at, ...words] }),
    run,
    ask: async (words, call = {}) => {
      const timeoutMs = call.timeoutMs ?? askMs;
      const result = await run(words, { timeoutMs, ...call });
      (call.signal ?? signal).throwIfAborted();
      // Those on other machines are reached in their own ways, which know better why not.
      if (endpoint === undefined) refuseUnreached(result);
      return outputOf(result, words, timeoutMs);
    },
    compose: async (command, call) => {
      const compose = await (world.loadCompose ?? loadCompose)();
      // It replaces the environment.
      const options = { cwd, executable: { executablePath: 'docker', options: [...at] }, env: { ...env, ...own } };
      try {
        return await command(compose, { ...options, ...(call.cwd === undefined ? {} : { cwd: call.cwd }) });
      } catch (reason) {
        const result = rejectedResult(reason);
        (call.signal ?? signal).throwIfAborted();
        if (endpoint === undefined) refuseUnreached(result);
        throw failureOf(result, ['compose']);
      }
    },
    attach: (words, attached) =>
      runCommand('docker', [...at, ...words], { cwd, stdio: 'inherit', signal: attached, env: own }),
  };
}

/**
 * What Compose files call the socket of the machine's Engine. In virtual machines (Docker Desktop, Colima) it is at its
 * usual place, wherever the user's docker finds it.
 */
function socketVariable({ DOCKER_HOST: host = '', DOCKER_SOCKET: socket, HOME: home = '' }: EngineWorld['env']) {
  const path = host.replace(/^unix:\/\//, '');
  const isOfMachine = path !== host && (home === '' || !path.startsWith(`${home}/`));
  return socket === undefined && isOfMachine ? { DOCKER_SOCKET: path } : {};
}

function endpointWords(endpoint: string | undefined): readonly string[] {
  if (endpoint === undefined) return [];
  if (endpoint.startsWith('context:')) return ['--context', endpoint.slice('context:'.length)];
  // Certificates are in DOCKER_CERT_PATH, or in ~/.docker.
  return ['--host', endpoint, ...(endpoint.startsWith('tcp://') ? ['--tlsverify'] : [])];
}

function refuseUnreached(result: CommandResult): void {
  if (result.kind !== 'ended' || result.exitCode === 0) return;
  const problem = unreachedProblem(result.stderr);
  if (problem !== undefined) throw new UserError(problem);
}

function outputOf(result: CommandResult, words: readonly string[], timeoutMs: number): string {
  if (result.kind === 'ended' && result.exitCode === 0) return result.stdout;
  throw failureOf(result, words, timeoutMs);
}

/** @param timeoutMs of a command that is ended by it */
function failureOf(result: CommandResult, words: readonly string[], timeoutMs?: number): UserError {
  switch (result.kind) {
    case 'missing':
      return new UserError({
        code: 'MACHINE_NO_DOCKER',
        message: 'docker is not on this machine, or not on PATH',
        fix: 'install Docker with Compose v2 (https://docs.docker.com/get-docker/); create-mesos-cluster doctor checks it',
      });
    case 'stopped':
      return new UserError({
        code: 'COMMAND_FAILED',
        message: `${nameOf(words)} ${timeoutMs === undefined ? 'was ended by a signal' : `gave no answer in ${timeoutMs / 1000} s`}`,
        fix: 'look whether the Docker Engine runs: docker info',
      });
    case 'ended':
      return new UserError({
        code: 'COMMAND_FAILED',
        message: `${nameOf(words)} failed (exit code ${result.exitCode})`,
        found: lastLines(`${result.stderr}\n${result.stdout}`, 5),
        fix: 'create-mesos-cluster doctor checks what the lab needs',
      });
  }
}

/** A command as people know it: the verb of Compose stands behind many flags. */
const nameOf = (words: readonly string[]) => ['docker', ...words.slice(0, words[0] === 'compose' ? 1 : 2)].join(' ');

/** Why something long failed: the beginning of what it said, or that it did not end. */
export const failureWords = (end: CommandResult, timeoutMs: number): string =>
  end.kind === 'ended' ? excerpt(end.stderr || end.stdout, 300) : `no end in ${timeoutMs / 60_000} minutes`;

/** The last lines of a text that are not empty, for an error. */
export function lastLines(text: string, count: number): string {
  const lines = text.split('\n').map((line) => line.trimEnd());
  return lines
    .filter((line) => line !== '')
    .slice(-count)
    .join('\n           ');
}
