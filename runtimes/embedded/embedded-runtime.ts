import { UserError } from '../../errors/user-error.ts';
import { explainingFailures } from '../../lab/write-failure.ts';
import { stateFolder } from '../../lab/lab-layout.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Daemon, DaemonMessage, StartDaemon } from '../../platform/daemon.ts';
import type { FileSystem } from '../../platform/file-system.ts';
import type { FindPortHolder } from '../../platform/port-holder.ts';
import { isRunning, signalProcess } from '../../platform/process-identity.ts';
import type { TryPort } from '../../platform/try-port.ts';
import type { Plan } from '../../spec/plan.ts';
import { targetFromPlan, type ClusterTarget } from '../../checks/cluster-target.ts';
import {
  askedFor,
  type ClusterRuntime,
  type FoundLab,
  type Lab,
  type StartedLab,
  type StartOptions,
} from '../cluster-runtime.ts';
import { componentLog } from './component-log.ts';
import { embeddedCluster, type EmbeddedCluster } from './embedded-cluster.ts';
import type { LabRegistry } from './lab-registry.ts';
import { planToRun } from './plan-to-run.ts';
import { runFolder } from './run-folder.ts';
import { readRunRecord } from './run-record.ts';
import type { RunRequest } from './run-request.ts';
import { startFailure } from './start-failure.ts';
import { checkPortNumbers, checkPorts } from './taken-ports.ts';

/** The slice of the world that the embedded runtime uses. */
export interface EmbeddedDependencies {
  readonly files: FileSystem;
  readonly clock: Clock;
  readonly startDaemon: StartDaemon;
  readonly tryPort: TryPort;
  readonly findPortHolder: FindPortHolder;
  readonly registry: LabRegistry;
  /** Ends the tasks whose agent had its work folder below this one, and was killed; says how many. */
  readonly endOrphans: (workFolder: string) => Promise<number>;
  /** The built program: it runs the process of a lab, too. */
  readonly script: string;
}

/** Starting takes tens of milliseconds; a machine that swaps may take long. */
const startDeadlineMs = 20_000;

/** A process that is asked to end has to end its tasks first. */
const endDeadlineMs = 3000;

/** Masters, agents, Marathon and load balancer of our own, in one Node.js process per lab: no Docker, no network. */
export function embeddedRuntime(world: EmbeddedDependencies): ClusterRuntime {
  const { files } = world;
  return {
    name: 'embedded',
    unavailable: () => Promise.resolve(undefined),
    find: ({ directory }) => find(files, directory),
    start: (lab, options) => start(world, lab, options),
    stop: (lab) => stop(world, lab),
    logs: ({ directory }, componentId) => componentLog(files, runFolder(directory), componentId),
  };
}

function find(files: FileSystem, directory: string): FoundLab {
  const found = readRunRecord(files, directory);
  if (found.kind !== 'record') return { kind: found.kind === 'none' ? 'nothing' : 'remains' };
  const { plan, cluster, asked, process, startedAt } = found.record;
  if (!isRunning(process)) return { kind: 'remains' };
  return { kind: 'running', lab: { plan, target: targetOf(plan, cluster), processId: process.pid, startedAt, asked } };
}

/** Agents go by their addresses here, and there is no ZooKeeper. */
function targetOf(plan: Plan, { agents }: EmbeddedCluster): ClusterTarget {
  const agentAddresses = agents.map(({ host, port }) => ({ hostname: host, port }));
  return targetFromPlan(plan, { withoutZookeeper: true, agentAddresses });
}

async function start(world: EmbeddedDependencies, lab: Lab, options: StartOptions): Promise<StartedLab> {
  const { files, clock } = world;
  const { directory } = lab;
  const { portOffset, signal } = options;
  const ownAddresses = (await world.tryPort('127.0.0.2', 0)) === undefined;
  const cluster = embeddedCluster(options.plan, { portOffset, ownAddresses });
  checkPortNumbers(cluster, portOffset);
  const plan = planToRun(options.plan, cluster);
  await checkPorts(plan, cluster, world, portOffset);
  const folder = runFolder(directory);
  explainingFailures(directory, 'Nothing was started', () => {
    files.makeFolders(folder.path);
    files.writeText(
      folder.cluster,
      JSON.stringify({ plan, cluster, asked: askedFor(options) } satisfies RunRequest),
      false,
    );
  });
  const daemon = world.startDaemon({
    script: world.script,
    arguments: ['__daemon', '--lab', directory],
    cwd: directory,
    logFile: folder.processLog,
  });
  const abandon = async () => {
    await daemon.abandon();
    await stop(world, lab);
  };
  const message = await firstMessage(daemon, clock, signal);
  if (message?.kind !== 'started') {
    const log = files.kindOf(folder.processLog) === 'file' ? files.readText(folder.processLog) : '';
    await abandon();
    throw startFailure(plan, message, { cluster, log, world, deadlineMs: startDeadlineMs });
  }
  world.registry.add(directory);
  return { plan, target: targetOf(plan, cluster), processId: daemon.pid, keep: daemon.letGo, abandon };
}

/** What the process says first; `late` or `interrupted` when that comes before it. */
async function firstMessage(daemon: Daemon, clock: Clock, signal: AbortSignal): Promise<DaemonMessage | undefined> {
  const said = new AbortController();
  const either = AbortSignal.any([said.signal, signal]);
  const deadline = clock.sleep(startDeadlineMs, either).then(
    () => ({ kind: 'late' }),
    () => ({ kind: 'interrupted' }),
  );
  try {
    return await Promise.race([daemon.firstMessage, deadline]);
  } finally {
    said.abort();
  }
}

async function stop(world: EmbeddedDependencies, { directory }: Lab): Promise<boolean> {
  const { files, registry } = world;
  const found = readRunRecord(files, directory);
  if (found.kind === 'none') return false;
  if (found.kind === 'record') await endProcess(world, found.record.process);
  const folder = runFolder(directory);
  await world.endOrphans(folder.workFolder);
  explainingFailures(directory, 'Its processes have ended', () => {
    files.removeTree(folder.path);
    // In a lab this folder holds the tool; elsewhere it was made for the run.
    files.removeEmptyFolder(`${directory}/${stateFolder}`);
  });
  registry.remove(directory);
  return true;
}

/** Asks a process to end, and ends it when it does not. */
async function endProcess({ clock }: EmbeddedDependencies, process: Parameters<typeof isRunning>[0]): Promise<void> {
  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    const until = clock.now() + endDeadlineMs;
    if (!signalProcess(process, signal)) return;
    while (isRunning(process) && clock.now() < until) await clock.sleep(10);
  }
  if (!isRunning(process)) return;
  throw new UserError({
    code: 'COMMAND_FAILED',
    message: `process ${process.pid}, which runs the lab, does not end`,
    fix: `kill -9 ${process.pid}, then down again`,
  });
}
