import type { TaskInfo } from '../../../protocol/mesos.ts';
import type { AgentOptions, AgentWorld } from '../agent-options.ts';
import { commandExecutor } from './command-executor.ts';
import type { Executor } from './executor.ts';
import { containerImage, simulatedDockerExecutor } from './simulated-docker-executor.ts';

/** Which executor a task is run by. */
export function chooseExecutor(options: AgentOptions, world: AgentWorld): (task: TaskInfo) => Executor {
  const commands = commandExecutor(world.processes, options.maxOutputBytes ?? 10 * 1024 * 1024);
  const containers =
    options.dockerTasks === 'simulated' ? simulatedDockerExecutor(options.host, world.sandboxes) : dockerCliExecutor;
  return (task) => (containerImage(task) === undefined ? commands : containers);
}

/** Its place, until there is one. */
const dockerCliExecutor: Executor = {
  launch: (launch) => {
    const image = containerImage(launch.task) ?? '';
    throw new Error(
      `Failed to run container of image ${image}: this agent cannot run containers with the Docker CLI yet`,
    );
  },
};
