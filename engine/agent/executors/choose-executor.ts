import type { TaskInfo } from '../../../protocol/mesos.ts';
import type { AgentOptions, AgentWorld } from '../agent-options.ts';
import { commandExecutor } from './command-executor.ts';
import type { Executor } from './executor.ts';
import { outlivingExecutor } from './outliving-executor.ts';
import { survivingExecutor } from './surviving/surviving-executor.ts';
import { containerImage, simulatedDockerExecutor } from './simulated-docker-executor.ts';

/** Of an agent whose containerizers are `mesos` alone (src/slave/containerizer/composing.cpp). */
const noContainers: Executor = {
  launch: () =>
    Promise.reject(
      new Error('None of the enabled containerizers (mesos) could create a container for the provided TaskInfo'),
    ),
};

/** Which executor a task is run by, and what runs commands. @param docker runs containers; simulated ones if it is missing */
export function chooseExecutors(
  options: AgentOptions,
  world: AgentWorld,
  docker: Executor | undefined,
): { readonly commands: Executor; readonly executorFor: (task: TaskInfo) => Executor } {
  const { processes, sandboxes } = world.outliving ?? world;
  const outliving = (executor: Executor) =>
    world.outliving === undefined ? executor : outlivingExecutor(executor, world.outliving);
  const maxOutputBytes = options.maxOutputBytes ?? 10 * 1024 * 1024;
  const mortal = commandExecutor(processes, maxOutputBytes, options.heartbeatMs);
  const { survivors } = world;
  const commands =
    survivors === undefined
      ? outliving(mortal)
      : survivingExecutor(mortal, { workDir: options.workDir, maxOutputBytes, processes, sandboxes, survivors });
  const others =
    options.dockerTasks === 'none' ? noContainers : outliving(simulatedDockerExecutor(options.host, sandboxes));
  const containers = docker ?? others;
  return { commands, executorFor: (task) => (containerImage(task) === undefined ? commands : containers) };
}
