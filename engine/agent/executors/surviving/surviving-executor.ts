import type { Processes } from '../../../../platform/processes/processes.ts';
import type { SurvivingProcesses } from '../../../../platform/processes/surviving/surviving-process.ts';
import type { Sandboxes } from '../../../../platform/files/sandboxes.ts';
import type { CommandInfo } from '../../../../protocol/mesos.ts';
import { endFile, makeRecordsFolder, readProcess } from '../../recovery/orphans.ts';
import { launchFailure, timeLeftOf, toRequest, toRunningTask, type Killed } from '../command-executor.ts';
import type { Executor, TaskLaunch } from '../executor.ts';

export interface SurvivingOptions {
  readonly workDir: string;
  readonly maxOutputBytes: number;
  readonly processes: Processes;
  readonly sandboxes: Sandboxes;
  readonly survivors: SurvivingProcesses;
}

/**
 * Runs commands so that they outlive the process of their agent, as those of Mesos do, which have an executor; the next
 * agent in the folder goes on with them (docs/agent-recovery.md).
 * @param others runs those that end with their agent
 */
export function survivingExecutor(others: Executor, options: SurvivingOptions): Executor {
  const { workDir, processes, sandboxes, survivors } = options;
  const requestOf = (launch: TaskLaunch, command: CommandInfo, killed: Killed) => ({
    ...toRequest(launch, command, options.maxOutputBytes),
    timeLeft: timeLeftOf(killed),
    endFile: endFile(workDir, launch.directory),
  });
  return {
    launch: async (launch) => {
      const command = survivingCommand(launch);
      if (command === undefined) return others.launch(launch);
      const killed: Killed = {};
      const request = requestOf(launch, command, killed);
      await makeRecordsFolder(workDir, sandboxes);
      const process = await survivors.start(request).catch((error: unknown) => {
        throw launchFailure(error);
      });
      return toRunningTask(process, request, processes, killed);
    },
    attach: async (launch) => {
      const command = survivingCommand(launch);
      const record = await readProcess(workDir, launch.directory, sandboxes);
      if (command === undefined || record === undefined) return undefined;
      const killed: Killed = {};
      const request = requestOf(launch, command, killed);
      const process = await survivors.attach(record.id, record.startTime, request);
      return process === undefined ? undefined : toRunningTask(process, request, processes, killed);
    },
  };
}

/**
 * The command of a task that survives: its framework checkpoints, it needs no terminal, which is the agent's, and no name
 * other than its file's, which no POSIX shell can give a program.
 */
function survivingCommand({ task, isCheckpointed }: TaskLaunch): CommandInfo | undefined {
  const { command, container } = task;
  if (!isCheckpointed || command === undefined || container?.tty_info !== undefined) return undefined;
  if (command.shell !== false) return command;
  const [argv0 = command.value] = command.arguments ?? [];
  return argv0 === command.value ? command : undefined;
}
