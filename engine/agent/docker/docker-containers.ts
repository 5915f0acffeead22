import { parseObject } from '../../../protocol/json.ts';
import { agentDefaults } from '../../../protocol/mesos-defaults.ts';
import type { AgentOptions, AgentWorld, DockerTasks } from '../agent-options.ts';
import { containerName, dockerExecutor } from '../executors/docker-executor.ts';
import type { Executor } from '../executors/executor.ts';
import { mesosContainers, type ContainerState } from './container-state.ts';
import { dockerCli, DockerError, type DockerCli } from './docker-cli.ts';
import { EndedContainers } from './ended-containers.ts';
import { imagePuller } from './image-puller.ts';
import { homesFolder, registryLogins } from './registry-login.ts';

/** The containers of an agent whose tasks Docker runs. */
export interface DockerContainers {
  readonly executor: Executor;
  /**
   * Waits until the Engine answers; resolves with the containers that agents started on it.
   * @throws Error in Mesos's words when there is no CLI, or the Engine does not answer in time
   */
  readonly list: (signal?: AbortSignal) => Promise<readonly ContainerState[]>;
  /**
   * Removes containers that nobody looks after, and resolves when they are gone.
   * @param found as `list` gave them
   * @param kept ids (of Mesos) of those that go on
   * @param own ids of those that this agent or a former one in its folder started: removed whatever `killOrphans` says
   */
  readonly removeOrphans: (
    found: readonly ContainerState[],
    kept: ReadonlySet<string>,
    own: ReadonlySet<string>,
  ) => Promise<void>;
  /** Removes the container of a task that is forgotten. */
  readonly forget: (containerId: string) => void;
  /** Removes all containers that have ended. */
  readonly removeEnded: () => Promise<void>;
  /** Leaves the rest to the agent that comes next. */
  readonly stop: () => void;
}

const defaultMaxEnded = 10;
const defaultEngineTimeoutMs = 30_000;
const defaultPullTimeoutMs = 600_000;
const listTimeoutMs = 10_000;
const listRetryMs = 500;
const removeTimeoutMs = 120_000;

/** @throws Error when the registry credentials are no JSON object */
export async function dockerContainers(
  options: AgentOptions,
  docker: DockerTasks,
  { processes, sandboxes, log }: AgentWorld,
): Promise<DockerContainers> {
  const { workDir } = options;
  const { configJson } = docker;
  const config = parseObject(configJson);
  if (configJson !== undefined && config === undefined)
    throw new Error('Failed to parse docker config: it is not a JSON object');
  // Of an agent that was killed while it pulled.
  await sandboxes.remove(homesFolder(workDir));
  const cli = dockerCli(docker, processes);
  const logins = registryLogins({ workDir, config, sandboxes });
  const engineTimeoutMs = docker.engineTimeoutMs ?? defaultEngineTimeoutMs;
  const maxKept = docker.maxEndedContainers ?? defaultMaxEnded;
  const endedContainers = new EndedContainers({ cli, removeDelayMs: docker.removeDelayMs, maxKept, log });
  const executor = dockerExecutor({
    cli,
    processes,
    sandboxes,
    log,
    endedContainers,
    images: imagePuller(cli, logins, docker.pullTimeoutMs ?? defaultPullTimeoutMs),
    workDir,
    sandboxDirectory: docker.sandboxDirectory ?? agentDefaults.sandboxDirectory,
    enableCfs: docker.enableCfs ?? false,
    dns: docker.dns ?? [],
    maxOutputBytes: options.maxOutputBytes ?? 10 * 1024 * 1024,
    engineTimeoutMs,
  });
  return {
    executor,
    list: (signal) => listWithin(engineTimeoutMs, cli, log, signal),
    removeOrphans: async (found, kept, own) => {
      const ownNames = new Set([...own].map(containerName));
      const keptNames = new Set([...kept].map(containerName));
      const orphans = found.filter(({ name }) => !keptNames.has(name) && (docker.killOrphans || ownNames.has(name)));
      if (orphans.length === 0) return;
      log(`Removing ${orphans.length} orphaned Docker containers: ${orphans.map(({ name }) => name).join(' ')}`);
      await cli
        .run(['rm', '-f', '-v', ...orphans.map(({ id }) => id)], { timeoutMs: removeTimeoutMs })
        .catch((error: unknown) => {
          log(error instanceof Error ? error.message : String(error));
          for (const { name } of orphans) endedContainers.removeNow(name);
        });
    },
    forget: (containerId) => {
      endedContainers.forget(containerName(containerId));
    },
    removeEnded: () => endedContainers.removeAll(),
    stop: () => {
      endedContainers.stop();
    },
  };
}

/** Mesos gives up at once and leaves it to its supervisor; the Engine beside us may only be starting. */
async function listWithin(
  timeoutMs: number,
  cli: DockerCli,
  log: (line: string) => void,
  signal?: AbortSignal,
): Promise<readonly ContainerState[]> {
  const deadline = performance.now() + timeoutMs;
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await mesosContainers(cli, listTimeoutMs, signal);
    } catch (error) {
      const isOver = signal?.aborted === true || performance.now() > deadline;
      if (!(error instanceof DockerError)) throw error;
      if (isOver || error.kind === 'missing') throw new Error(`Failed to create docker: ${error.message}`);
      if (attempt === 0) log(`Waiting for Docker, ${timeoutMs / 1000} s at most: ${error.message}`);
      await new Promise((resolve) => setTimeout(resolve, listRetryMs));
    }
  }
}
