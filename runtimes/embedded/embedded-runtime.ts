import { UserError } from '../../errors/user-error.ts';
import { explainingFailures } from '../../lab/write-failure.ts';
import { stateFolder } from '../../lab/lab-layout.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Daemon, DaemonMessage, StartDaemon } from '../../platform/processes/daemon.ts';
import type { FreeSpace } from '../../platform/files/free-space.ts';
import type { FileSystem } from '../../platform/files/file-system.ts';
import type { FindPortHolder } from '../../platform/network/port-holder.ts';
import { isRunning, signalProcess, type maySignal } from '../../platform/processes/process-identity.ts';
import type { TryPort } from '../../platform/network/try-port.ts';
import {
  partActions,
  type ClusterRuntime,
  type Lab,
  type RefusableVerb,
  type RunningLab,
  type StartedLab,
  type StartOptions,
} from '../cluster-runtime.ts';
import type { Removal } from '../labs-facet.ts';
import { changeAgentsOf, possibleChange } from './agents/change-agents.ts';
import { askProcess } from './ask-process.ts';
import { embeddedLogs } from './component-log.ts';
import { embeddedCluster } from './embedded-cluster.ts';
import { embeddedDoctor, embeddedInstead, fullLabDisk } from './embedded-doctor.ts';
import { embeddedLabs, type LabRegistry } from './lab-registry.ts';
import { cannot, machinesHere, oneAddress, ofOtherUser, withoutParts } from './one-process.ts';
import { leftOut, planToRun } from './plan-to-run.ts';
import { askedFor, embeddedLab, findEmbedded, withPage } from './find-embedded.ts';
import { runFolder, type RunRequest } from './run-folder.ts';
import { formerFolder, readRunRecord } from './run-record.ts';
import { flagsWithoutEffect } from '../lite/flag-options/spec-flags.ts';
import { startFailure } from './start-failure.ts';
import { refuseTooMany, simulationWarning } from './simulation.ts';
import { hasOwnAddresses } from './ports/own-addresses.ts';
import { checkPorts } from './ports/taken-ports.ts';

/** The slice of the world that the embedded runtime uses. */
export interface EmbeddedDependencies {
  readonly files: FileSystem;
  readonly clock: Clock;
  readonly startDaemon: StartDaemon;
  readonly tryPort: TryPort;
  readonly findPortHolder: FindPortHolder;
  /** As in PortQuestions. */
  readonly containerOn: (port: number) => Promise<string | undefined>;
  readonly registry: LabRegistry;
  /** Ends the tasks whose agent had its work folder below this one, and was killed; says how many. */
  readonly endOrphans: (workFolder: string) => Promise<number>;
  readonly freeSpace: FreeSpace;
  /** Whether this user may end a process. */
  readonly maySignal: typeof maySignal;
  readonly memory: Parameters<typeof refuseTooMany>[1];
  /** The built program: it runs the process of a lab, too. */
  readonly script: string;
}

const changes: ReadonlySet<RefusableVerb> = new Set<RefusableVerb>(['up', 'down', ...partActions]);

/** Starting takes tens of milliseconds; a machine that swaps may take long. */
const startDeadlineMs = 20_000;

/** A process that is asked to end has to end its tasks first, of which there may be thousands. */
const endDeadlineMs = 10_000;

/** Masters, agents, Marathon and load balancer of our own, in one Node.js process per lab: no Docker, no network. */
export function embeddedRuntime(world: EmbeddedDependencies): ClusterRuntime {
  const { files } = world;
  return {
    name: 'embedded',
    times: { readyMs: 60_000, appsMs: 60_000, intervalMs: 20 },
    refusal: ({ directory }, verb) =>
      Promise.resolve(changes.has(verb) ? ofOtherUser(world, directory, verb) : withoutParts(verb)),
    find: ({ directory }) => {
      const found = findEmbedded(files, directory);
      return Promise.resolve(
        'lab' in found ? { ...found, lab: { ...found.lab, ...knownOfLab(world, directory) } } : found,
      );
    },
    prepare: (_, { plan }) => refuseTooMany(plan.simulatedAgents, world.memory),
    start: async (lab, options) => {
      const change = await possibleChange(world, lab.directory, options);
      const started = await (change === undefined
        ? startInSight(world, lab, options)
        : changeAgentsOf(world, change, options));
      return { ...started, ...knownOfLab(world, lab.directory) };
    },
    remove: (lab) => remove(world, lab),
    control: ({ directory }, action, names, signal) => askProcess(world, directory, { action, names, signal }),
    logs: (lab, request, onLine) => embeddedLogs(world, lab, request, onLine),
    exec: () => Promise.reject(cannot('exec')),
    doctor: (question) => embeddedDoctor(world, question),
    labs: embeddedLabs(world.registry),
    instead: (failed) => embeddedInstead(world, failed),
  };
}

/** Starts as a step, and says what is not as with Docker before somebody wonders. */
async function startInSight(world: EmbeddedDependencies, lab: Lab, options: StartOptions): Promise<StartedLab> {
  const { plan, tell } = options;
  tell.warn('Docker containers are simulated: their ports answer and say so. Commands are real processes');
  if (plan.simulatedAgents !== undefined) tell.warn(simulationWarning(plan.simulatedAgents));
  const missing = leftOut(plan);
  if (missing.length > 0)
    tell.warn(`Without ${missing.map(({ role }) => role).join(', ')}: the embedded runtime does not have them`);
  const unused = flagsWithoutEffect(plan);
  if (unused.length > 0) tell.warn(`The embedded runtime does nothing with ${unused.join(', ')}`);
  if (plan.placement === 'machines') tell.warn(machinesHere(plan));
  else if (plan.bind !== '127.0.0.1') tell.warn(`Ports are open on 127.0.0.1 alone, not on ${plan.bind}`);
  const count = plan.nodes.flatMap((node) => node.components).length - missing.length - plan.zookeepers.length;
  const title = `Starting ${count} component${count === 1 ? '' : 's'} in one process`;
  return tell.step({ title, deadlineMs: startDeadlineMs }, () => start(world, lab, options));
}

async function start(world: EmbeddedDependencies, lab: Lab, options: StartOptions): Promise<StartedLab> {
  const { files, clock } = world;
  const { directory } = lab;
  const { signal } = options;
  const ownAddresses = await hasOwnAddresses(world);
  if (!ownAddresses && options.plan.placement === 'machines') throw oneAddress(options.plan.nodes.length);
  const cluster = embeddedCluster(options.plan, { ownAddresses });
  const plan = planToRun(options.plan, cluster);
  await checkPorts(plan, cluster, world, options.upWith);
  const folder = runFolder(directory);
  explainingFailures(directory, 'Nothing was started', () => {
    files.makeFolders(folder.path);
    files.writeText(
      folder.cluster,
      JSON.stringify({ plan, cluster, asked: askedFor(options), settings: options.settings } satisfies RunRequest),
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
    const about = { cluster, log, world, deadlineMs: startDeadlineMs, upWith: options.upWith };
    throw await startFailure(plan, message, about);
  }
  world.registry.add(directory);
  const asked = askedFor(options);
  const running = embeddedLab({ plan, cluster, asked, settings: options.settings, process: { pid: daemon.pid } });
  return { ...withPage(files, directory, running), keep: daemon.letGo, abandon };
}

/** What only the system, and its process, know of a lab that runs: it writes to its folder alone. */
const knownOfLab = (
  world: EmbeddedDependencies,
  directory: string,
): Required<Pick<RunningLab, 'fullDisk' | 'changesTo'>> => ({
  fullDisk: () => Promise.resolve(fullLabDisk(world.freeSpace, directory)),
  // Agents alone come or go.
  changesTo: async (options) => (await possibleChange(world, directory, options)) !== undefined,
});

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

async function remove(world: EmbeddedDependencies, lab: Lab): Promise<Removal | undefined> {
  const problem = ofOtherUser(world, lab.directory, 'down');
  if (problem !== undefined) throw new UserError(problem);
  const removed = await stop(world, lab);
  return removed === undefined ? undefined : { removed, kept: [] };
}

/** @returns what there was, in words */
async function stop(world: EmbeddedDependencies, { directory }: Lab): Promise<string | undefined> {
  const { files, registry } = world;
  const found = readRunRecord(files, directory);
  if (found.kind === 'none') {
    // The process that was given up has removed its folder itself, but does not know of this.
    registry.remove(directory);
    return undefined;
  }
  const folder = runFolder(directory);
  // The process and the tasks of which a copy tells are the other lab's.
  const isCopy = found.kind === 'record' && formerFolder(files, directory, found.record)?.isCopy === true;
  if (!isCopy) {
    if (found.kind === 'record') await endProcess(world, found.record.process);
    await world.endOrphans(folder.workFolder);
  }
  explainingFailures(directory, 'Its processes have ended', () => {
    files.removeTree(folder.path);
    // In a lab this folder holds the tool; elsewhere it was made for the run.
    files.removeEmptyFolder(`${directory}/${stateFolder}`);
  });
  registry.remove(directory);
  return isCopy ? 'what was copied of the run of another lab' : 'its process, its tasks and their folders';
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
