import type { Sandboxes } from '../../../platform/files/sandboxes.ts';
import type { ContainerDns } from '../docker/container-dns.ts';
import { containerEnvironment, passEnvironment } from '../docker/container-environment.ts';
import { resumeTime } from '../docker/container-logs.ts';
import { containerState } from '../docker/container-state.ts';
import type { EndedContainers } from '../docker/ended-containers.ts';
import type { ImagePuller } from '../docker/image-puller.ts';
import { RunningContainer, type RunningContainerOptions } from '../docker/running-container.ts';
import { memoryLimitBytes, runWords } from '../docker/run-words.ts';
import type { Executor, RunningTask, TaskLaunch } from './executor.ts';

export interface DockerExecutorOptions extends Omit<RunningContainerOptions, 'name' | 'target' | 'memoryLimitBytes'> {
  readonly sandboxes: Sandboxes;
  readonly images: ImagePuller;
  readonly endedContainers: EndedContainers;
  readonly workDir: string;
  readonly sandboxDirectory: string;
  readonly enableCfs: boolean;
  readonly dns: readonly ContainerDns[];
  readonly maxOutputBytes: number;
}

/** DOCKER_NAME_PREFIX of Mesos (src/slave/containerizer/docker.hpp), and what it calls a container since 1.4. */
export const containerName = (containerId: string): string => `mesos-${containerId}`;

/** The image is there by now, so this takes as long as the Engine needs to start a container. */
const runTimeoutMs = 120_000;

/** Runs containers with the Docker CLI, as Mesos's docker containerizer and docker executor do. */
export function dockerExecutor(options: DockerExecutorOptions): Executor {
  const watched = (launch: TaskLaunch) =>
    new RunningContainer({
      ...options,
      name: containerName(launch.containerId),
      target: { directory: launch.directory, maxOutputBytes: options.maxOutputBytes },
      memoryLimitBytes: memoryLimitBytes(launch.task),
    });
  return {
    launch: async (launch) => {
      try {
        await start(launch, options);
      } catch (error) {
        throw new Error(`Failed to launch container: ${error instanceof Error ? error.message : String(error)}`);
      }
      const state = await containerState(options.cli, containerName(launch.containerId)).catch(() => undefined);
      return removedAtEnd(watched(launch).start(state), launch, options.endedContainers);
    },
    attach: async (launch) => {
      const name = containerName(launch.containerId);
      const state = await containerState(options.cli, name);
      if (state?.hasStarted !== true) {
        if (state !== undefined) options.endedContainers.removeNow(name);
        return undefined;
      }
      const since = await resumeTime(options.cli, name, launch.directory, options.sandboxes);
      return removedAtEnd(watched(launch).start(state, since), launch, options.endedContainers);
    },
  };
}

function removedAtEnd(running: RunningTask, { containerId }: TaskLaunch, ended: EndedContainers): RunningTask {
  void running.ended.then((end) => {
    if (end !== undefined) ended.add(containerName(containerId));
  });
  return running;
}

/** @throws Error when there is no running container in the end */
async function start(launch: TaskLaunch, options: DockerExecutorOptions): Promise<void> {
  const { task, containerId, signal } = launch;
  const { cli, sandboxes, images, sandboxDirectory, enableCfs, dns } = options;
  const name = containerName(containerId);
  const { docker } = task.container ?? {};
  if (docker === undefined) throw new Error(noContainerizer);
  const environment = passEnvironment(containerEnvironment(task, name, sandboxDirectory));
  const environmentFile = `${options.workDir}/meta/docker/${containerId}.env`;
  const words = withContext('Failed to create docker run options', () =>
    runWords(task, {
      name,
      sandbox: mountable(launch, options.workDir),
      sandboxDirectory,
      enableCfs,
      dns,
      volumes: launch.volumes ?? [],
      environmentWords: ['--env-file', environmentFile, ...environment.words],
    }),
  );
  await images.provide(docker.image, { sandbox: launch.directory, isForced: docker.force_pull_image === true, signal });
  signal.throwIfAborted();
  await linkSandbox(launch, options);
  await sandboxes.writeRecord(environmentFile, environment.fileText);
  try {
    const shownAs = `${cli.program} run ${docker.image}`;
    await cli.run(words, { timeoutMs: runTimeoutMs, env: environment.inherited, shownAs });
  } catch (error) {
    options.endedContainers.removeNow(name);
    throw error;
  } finally {
    await sandboxes.remove(environmentFile);
  }
}

/** In Mesos's words; type MESOS with an image needs the image provisioner of its other containerizer. */
const noContainerizer =
  'None of the enabled containerizers (docker, mesos) could create a container for the provided TaskInfo: ' +
  'an image in a container of type MESOS needs an image provider, which this agent has not';

function withContext<T>(context: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw new Error(`${context}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** A path with a colon cannot be mounted, a link to it can (MESOS-1833; DOCKER_SYMLINK_DIRECTORY). */
function mountable({ directory, containerId }: TaskLaunch, workDir: string): string {
  return directory.includes(':') ? `${workDir}/docker/links/${containerId}` : directory;
}

async function linkSandbox(launch: TaskLaunch, { workDir, sandboxes }: DockerExecutorOptions): Promise<void> {
  const path = mountable(launch, workDir);
  if (path === launch.directory) return;
  await sandboxes.makeFolder(`${workDir}/docker/links`);
  await sandboxes.link(launch.directory, path);
}
