import type { Context } from '../../platform/context.ts';
import { systemClock } from '../../platform/clock.ts';
import { openSshTunnel } from '../../platform/network/ssh-tunnel.ts';
import { streamingCommands } from '../../platform/processes/streaming-commands.ts';
import { startDaemon } from '../../platform/processes/daemon.ts';
import { findPortHolder } from '../../platform/network/port-holder.ts';
import { composeFiles } from '../../generators/compose/compose-files.ts';
import type { ClusterRuntime, FoundLab } from '../../runtimes/cluster-runtime.ts';
import { composeFileName } from '../../runtimes/docker/compose/compose-file.ts';
import { dockerEngine, type DockerEngine } from '../../runtimes/docker/docker-engine.ts';
import { dockerRuntime } from '../../runtimes/docker/docker-runtime.ts';
import { containerOn } from '../../runtimes/docker/start/published-ports.ts';
import type { DockerWorld } from '../../runtimes/docker/docker-world.ts';
import { hostsRuntime } from '../../runtimes/hosts/hosts-runtime.ts';
import { readHostsRecord } from '../../runtimes/hosts/hosts-record.ts';
import { hostsRegistry } from '../../runtimes/hosts/hosts-registry.ts';
import type { HostsWorld } from '../../runtimes/hosts/hosts-world.ts';
import { vagrantRuntime } from '../../runtimes/hosts/vagrant/vagrant-runtime.ts';
import { embeddedRuntime } from '../../runtimes/embedded/embedded-runtime.ts';
import { labRegistry, registryFolder, type LabRegistry } from '../../runtimes/embedded/lab-registry.ts';
import { preparePlan } from '../../planning/plan/prepare-plan.ts';
import { isForMachines } from '../lab/lab-kind.ts';
import { readLabSpec } from '../lab/read-spec.ts';

/** The labs that run on this machine without Docker. */
export function registryOf({ files, env }: Context): LabRegistry {
  return labRegistry(files, registryFolder(env));
}

/** The runtime that needs nothing but Node.js. */
export function embeddedOf(context: Context): ClusterRuntime {
  const { files, tryPort } = context;
  return embeddedRuntime({
    files,
    clock: systemClock,
    startDaemon,
    tryPort,
    findPortHolder,
    containerOn: (port) => containerOn(port, dockerEngineOf(context)),
    registry: registryOf(context),
    endOrphans: async (workFolder) => {
      const { endOrphansBelow } = await import('../../runtimes/embedded/end-orphans.ts');
      return endOrphansBelow(workFolder, files);
    },
    script: `${context.toolFolder}/create-mesos-cluster.cjs`,
  });
}

/** Real containers on the Docker Engine of this machine. */
export const dockerOf = (context: Context): ClusterRuntime => dockerRuntime(dockerWorld(context));

function dockerWorld(context: Context): DockerWorld {
  const { files, runCommand, tryPort, env, signal, stdin, stdout } = context;
  return {
    files,
    clock: systemClock,
    runCommand,
    env,
    cwd: context.cwd,
    toolFolder: context.toolFolder,
    signal,
    tryPort,
    findPortHolder,
    hasTerminal: () => stdin.isTerminal && stdout.isTerminal,
    planOf: async (directory) => {
      const { spec, locate } = await readLabSpec(context, directory);
      return (await preparePlan(spec, locate)).plan;
    },
    composeText: (plan) => composeFiles(plan).find(({ path }) => path === composeFileName)?.content ?? '',
  };
}

/** Where labs on several machines are remembered, for `list` and `down NAME`. */
export const hostsRegistryOf = ({ files, env }: Context) => hostsRegistry(files, registryFolder(env));

/** The world of a lab on several machines. */
export function hostsWorld(context: Context): HostsWorld {
  return {
    ...dockerWorld(context),
    streams: streamingCommands,
    openTunnel: openSshTunnel,
    registry: hostsRegistryOf(context),
    nodeTexts: (plan) =>
      new Map(
        composeFiles(plan).flatMap(({ path, content }) => {
          const node = /^nodes\/([^/]+)\/docker-compose\.yml$/.exec(path)?.[1];
          return node === undefined ? [] : [[node, content] as const];
        }),
      ),
  };
}

/** The runtime of a lab on machines of its own, by its files; one command has one, which keeps its connections. */
export function machinesOf(context: Context, directory: string): ClusterRuntime {
  const known = machineRuntimes.get(context) ?? new Map<string, ClusterRuntime>();
  machineRuntimes.set(context, known);
  const isVagrant = context.files.kindOf(`${directory}/Vagrantfile`) !== undefined;
  const name = isVagrant ? 'vagrant' : 'hosts';
  const runtime = known.get(name) ?? (isVagrant ? vagrantRuntime : hostsRuntime)(hostsWorld(context));
  known.set(name, runtime);
  return runtime;
}

const machineRuntimes = new WeakMap<Context, Map<string, ClusterRuntime>>();

/** Whether a lab is, or was started as, one on machines of its own. */
const isOnMachines = (context: Context, directory: string): boolean =>
  isForMachines(context, directory) || readHostsRecord(context.files, directory) !== undefined;

/** The Docker Engine that `docker` of this user talks to. */
export const dockerEngineOf = (context: Context): DockerEngine => dockerEngine(context);

/** The runtimes of labs on one host, in the order in which they are tried. */
export const runtimesOf = (context: Context): readonly ClusterRuntime[] => [dockerOf(context), embeddedOf(context)];

/** What is there of a lab, on whichever runtime. */
export interface FoundOn {
  readonly runtime: ClusterRuntime;
  readonly found: FoundLab;
}

/** The runtime that has something of a lab: first the one that is asked without starting a process. */
export async function findOnRuntimes(context: Context, directory: string): Promise<FoundOn | undefined> {
  const runtimes = isOnMachines(context, directory)
    ? [machinesOf(context, directory)]
    : runtimesOf(context).toReversed();
  for (const runtime of runtimes) {
    const found = await runtime.find({ directory });
    if (found.kind !== 'nothing') return { runtime, found };
  }
  return undefined;
}
