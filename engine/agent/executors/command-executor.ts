import type { ProcessEnd, ProcessRequest, StartedProcess } from '../../../platform/processes/process-request.ts';
import type { Processes } from '../../../platform/processes/processes.ts';
import type { WindowSize } from '../../../platform/processes/terminal-process.ts';
import { valueAt } from '../../../protocol/json.ts';
import { agentDefaults } from '../../../protocol/mesos-defaults.ts';
import type { CommandInfo, Json } from '../../../protocol/mesos.ts';
import { Switchboard } from '../containers/switchboard.ts';
import type { Executor, RunningTask, TaskEnd, TaskLaunch } from './executor.ts';

/**
 * Runs the command of a task as a process, as Mesos's command executor does (src/launcher/executor.cpp and
 * posix/executor.cpp): in the sandbox, as leader of a process group of its own.
 */
export function commandExecutor(
  processes: Processes,
  maxOutputBytes: number,
  heartbeatMs: number = agentDefaults.heartbeatMs,
): Executor {
  return {
    launch: async (launch) => {
      const { command } = launch.task;
      if (command === undefined) throw new Error(`Expecting task '${launch.task.task_id.value}' to have a command`);
      const request = toRequest(launch, command, maxOutputBytes);
      const killed: Killed = {};
      const timeLeft = timeLeftOf(killed);
      const tty = launch.task.container?.tty_info;
      const starting =
        tty === undefined
          ? processes.start({ ...request, timeLeft })
          : startInTerminal(request, tty, processes, heartbeatMs);
      const started = await starting.catch((error: unknown) => {
        throw launchFailure(error);
      });
      return toRunningTask(started, request, processes, killed);
    },
  };
}

/** @param error is its cause */
export const launchFailure = (error: unknown): Error =>
  new Error(`Failed to launch command: ${error instanceof Error ? error.message : String(error)}`, { cause: error });

interface Started extends Pick<StartedProcess, 'id'> {
  /** As of a process; undefined when it was let go. */
  readonly ended: Promise<ProcessEnd | undefined>;
  /** Where it outlives the agent. */
  readonly letGo?: () => void;
  /** Of the command itself, where it has a terminal. */
  readonly commandId?: number;
  /** The same, where something waits for it that outlives the agent. */
  readonly programId?: () => Promise<number | undefined>;
  readonly switchboard?: Switchboard;
}

/** A process with a terminal, that one can attach to; its output is in its files as that of others is. */
async function startInTerminal(
  request: ProcessRequest,
  tty: Json,
  processes: Processes,
  heartbeatMs: number,
): Promise<Started> {
  const size = valueAt(tty, 'window_size') as WindowSize | undefined;
  const process = await processes.startPiped({ ...request, terminal: size === undefined ? {} : { size } });
  const switchboard = new Switchboard({ process, waitsForListener: false, heartbeatMs });
  const ended = process.ended.then(async (end) => {
    await switchboard.finished;
    return end;
  });
  return { id: process.id, commandId: process.commandId, ended, switchboard };
}

/** @throws Error for a command without a value */
export function toRequest({ task, directory, environment }: TaskLaunch, command: CommandInfo, maxOutputBytes: number) {
  const value = command.value ?? '';
  if (value === '') {
    const what = command.shell === false ? 'Executable' : 'Shell command';
    throw new Error(`${what} of task '${task.task_id.value}' is not specified!`);
  }
  const variables = (command.environment?.variables ?? []).map((each) => [each.name, each.value ?? ''] as const);
  return {
    ...toProgram(command, value),
    cwd: directory,
    ...(command.user === undefined ? {} : { user: command.user }),
    // What marks the process as ours must not be overridden.
    environment: { ...environment, ...Object.fromEntries(variables), ...markOf(directory) },
    stdoutFile: `${directory}/stdout`,
    stderrFile: `${directory}/stderr`,
    maxOutputBytes,
  } satisfies ProcessRequest;
}

export function toProgram({ shell, arguments: words = [] }: CommandInfo, value: string) {
  if (shell !== false) return { program: '/bin/sh', arguments: ['-c', value] };
  // The first argument is what the program is told to be called.
  const [argv0 = value, ...others] = words;
  return { program: value, argv0, arguments: others };
}

/** The variable by which processes of a task are found again, also those that left its process group. */
export const markName = 'CREATE_MESOS_CLUSTER_TASK';

export const markOf = (directory: string) => ({ [markName]: directory });

/**
 * When what was told to end is killed. All of the task's processes have this time, and not only the shell: one that waits for
 * a program does not pass the signal on, but ends of it.
 */
export interface Killed {
  deadline?: number;
}

export const timeLeftOf = (killed: Killed) => (): number =>
  killed.deadline === undefined ? 0 : killed.deadline - performance.now();

/** A task as its process is. */
export function toRunningTask(
  started: Started,
  request: ProcessRequest,
  processes: Processes,
  killed: Killed,
): RunningTask {
  const { commandId, programId, switchboard, letGo } = started;
  let timer: NodeJS.Timeout | undefined;
  let hasEnded = false;
  const ended = started.ended.then((end) => {
    hasEnded = true;
    clearTimeout(timer);
    if (end === undefined) return undefined;
    return toTaskEnd(killed.deadline === undefined || commandId === undefined ? end : asKilled(end));
  });
  return {
    processId: started.id,
    ...(switchboard !== undefined && { switchboard }),
    ...(letGo !== undefined && { letGo }),
    ...(commandId !== undefined && { commandId: () => Promise.resolve(commandId) }),
    ...(programId !== undefined && { commandId: programId }),
    ended,
    kill: (graceMs) => {
      const newDeadline = performance.now() + graceMs;
      const { deadline } = killed;
      if (hasEnded || (deadline !== undefined && newDeadline >= deadline)) return;
      killed.deadline = newDeadline;
      if (deadline === undefined) processes.signalGroup(commandId ?? started.id, 'SIGTERM');
      clearTimeout(timer);
      timer = setTimeout(() => processes.signalGroup(started.id, 'SIGKILL'), graceMs);
    },
    check: (shellCommand, timeoutMs) => runCheck(shellCommand, timeoutMs, request, processes),
  };
}

/** A terminal tells as a shell does that its command was killed: 128 and the signal. */
function asKilled(end: ProcessEnd): ProcessEnd {
  if (end.kind !== 'exited' || end.status !== 128 + 15) return end;
  return { kind: 'signalled', signal: 'SIGTERM' };
}

async function runCheck(
  shellCommand: string,
  timeoutMs: number,
  { argv0: _, ...request }: ProcessRequest,
  processes: Processes,
): Promise<number | undefined> {
  const check = await processes
    .start({ ...request, program: '/bin/sh', arguments: ['-c', shellCommand] })
    .catch(() => undefined);
  if (check === undefined) return undefined;
  const timer = setTimeout(() => processes.signalGroup(check.id, 'SIGKILL'), timeoutMs);
  const end = await check.ended;
  clearTimeout(timer);
  return end.kind === 'exited' ? end.status : undefined;
}

/** As WSTRINGIFY of Mesos words it (src/common/status_utils.hpp). */
export function toTaskEnd(end: ProcessEnd): TaskEnd {
  if (end.kind === 'exited')
    return {
      succeeded: end.status === 0,
      message: `Command exited with status ${end.status}`,
      status: end.status << 8,
    };
  const [text = end.signal, status] = signals[end.signal] ?? [];
  return {
    succeeded: false,
    message: `Command terminated with signal ${text}`,
    ...(status !== undefined && { status }),
  };
}

/** Names of strsignal(3), and numbers of Linux. */
const signals: Readonly<Record<string, readonly [text: string, number: number]>> = {
  SIGHUP: ['Hangup', 1],
  SIGINT: ['Interrupt', 2],
  SIGQUIT: ['Quit', 3],
  SIGILL: ['Illegal instruction', 4],
  SIGTRAP: ['Trace/breakpoint trap', 5],
  SIGABRT: ['Aborted', 6],
  SIGBUS: ['Bus error', 7],
  SIGFPE: ['Floating point exception', 8],
  SIGKILL: ['Killed', 9],
  SIGUSR1: ['User defined signal 1', 10],
  SIGSEGV: ['Segmentation fault', 11],
  SIGUSR2: ['User defined signal 2', 12],
  SIGPIPE: ['Broken pipe', 13],
  SIGALRM: ['Alarm clock', 14],
  SIGTERM: ['Terminated', 15],
};
