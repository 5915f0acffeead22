import { clusterClient } from '../checks/cluster-client.ts';
import type { GeneratedFile } from '../generators/generated-file.ts';
import type { Plan } from '../planning/plan/plan.ts';
import { systemClock } from '../platform/clock.ts';
import type { Context } from '../platform/context.ts';
import { freeSpace } from '../platform/files/free-space.ts';
import { memoryFree } from '../platform/memory-free.ts';
import { findPortHolder } from '../platform/network/port-holder.ts';
import { openSshTunnel } from '../platform/network/ssh-tunnel.ts';
import { timeConnect } from '../platform/network/time-connect.ts';
import { startDaemon } from '../platform/processes/daemon.ts';
import { maySignal } from '../platform/processes/process-identity.ts';
import { streamingCommands } from '../platform/processes/streaming-commands.ts';
import { adoptedRuntime } from './adopted/adopted-runtime.ts';
import type { ClusterRuntime, FoundLab } from './cluster-runtime.ts';
import { composeFileName } from './docker/compose/compose-file.ts';
import { dockerEngine } from './docker/docker-engine.ts';
import { dockerRuntime } from './docker/docker-runtime.ts';
import { containerOn } from './docker/start/published-ports.ts';
import { embeddedRuntime } from './embedded/embedded-runtime.ts';
import { labRegistry, registryFolder } from './embedded/lab-registry.ts';
import { readHostsRecord } from './hosts/hosts-record.ts';
import { hostsRegistry } from './hosts/hosts-registry.ts';
import { hostsRuntime } from './hosts/hosts-runtime.ts';
import { vagrantRuntime } from './hosts/vagrant/vagrant-runtime.ts';

/** What runtimes need of the rooms that they do not know. */
export interface Planner {
  /** What the spec of a lab says. */
  readonly planOf: (directory: string) => Promise<Plan>;
  /** The Compose files that the generator writes for a plan. */
  readonly composeFiles: (plan: Plan) => readonly GeneratedFile[];
}

/** What there is of a lab, and on which runtime. */
export interface FoundOn {
  readonly runtime: ClusterRuntime;
  readonly found: Exclude<FoundLab, { readonly kind: 'nothing' }>;
}

/** All runtimes. One command makes them once: they keep their connections. */
export interface Runtimes {
  readonly docker: ClusterRuntime;
  readonly embedded: ClusterRuntime;
  readonly hosts: ClusterRuntime;
  readonly vagrant: ClusterRuntime;
  readonly adopted: ClusterRuntime;
  /** The one that a lab has by its files; undefined for a lab on one host, which has a choice. */
  readonly ofFolder: (directory: string) => Promise<ClusterRuntime | undefined>;
  /** The one that has something of a lab. @param signal as of ClusterRuntime.find */
  readonly find: (directory: string, signal?: AbortSignal) => Promise<FoundOn | undefined>;
  /** The same, without asking machines that nothing was started on from here. */
  readonly findHere: (directory: string) => Promise<FoundOn | undefined>;
}

/** The runtimes of this machine: the one place where they get their real world. */
export function realRuntimes(context: Context, planner: Planner): Runtimes {
  const { files } = context;
  const all = runtimesIn(context, planner);
  const isThere = (directory: string, name: string) => files.kindOf(`${directory}/${name}`) !== undefined;
  /** By its files, or by what was started of it before they were changed. */
  const onMachines = (directory: string): ClusterRuntime | undefined => {
    if (isThere(directory, 'Vagrantfile')) return all.vagrant;
    return isThere(directory, 'nodes') || readHostsRecord(files, directory) !== undefined ? all.hosts : undefined;
  };
  // Without files that would start one it may be a cluster of somebody else's; else nobody need read its spec.
  const ofOthers = async (directory: string): Promise<FoundOn | undefined> => {
    if (!isThere(directory, 'mesos-cluster.yaml') || isThere(directory, composeFileName)) return undefined;
    const found = await all.adopted.find({ directory });
    return found.kind === 'nothing' ? undefined : { runtime: all.adopted, found };
  };
  const findOn = async (
    directory: string,
    candidates: readonly ClusterRuntime[],
    signal?: AbortSignal,
  ): Promise<FoundOn | undefined> => {
    for (const runtime of candidates) {
      const found = await runtime.find({ directory }, signal);
      if (found.kind !== 'nothing') return { runtime, found };
    }
    return undefined;
  };
  return {
    ...all,
    ofFolder: async (directory) => onMachines(directory) ?? (await ofOthers(directory))?.runtime,
    find: async (directory, signal) => {
      const machines = onMachines(directory);
      const others = machines === undefined ? await ofOthers(directory) : undefined;
      if (others !== undefined) return others;
      // First the one that is asked without starting a process.
      return findOn(directory, [all.embedded, machines ?? all.docker], signal);
    },
    findHere: (directory) => {
      const wasStarted = readHostsRecord(files, directory) !== undefined;
      return findOn(directory, [all.embedded, ...(wasStarted ? [onMachines(directory) ?? all.hosts] : [])]);
    },
  };
}

function runtimesIn(context: Context, { planOf, composeFiles }: Planner) {
  const { files, env, tryPort, signal, stdin, stdout, toolFolder } = context;
  const clock = systemClock;
  const state = registryFolder(env);
  const docker = {
    ...{ files, clock, env, cwd: context.cwd, toolFolder, signal, planOf },
    ...{ runCommand: context.runCommand, streams: streamingCommands, tryPort, findPortHolder, freeSpace },
    hasTerminal: () => stdin.isTerminal && stdout.isTerminal,
    composeFiles,
  };
  const nodeTexts = (plan: Plan) =>
    new Map(
      composeFiles(plan).flatMap(({ path, content }) => {
        const node = /^nodes\/([^/]+)\/docker-compose\.yml$/.exec(path)?.[1];
        return node === undefined ? [] : [[node, content] as const];
      }),
    );
  const hosts = { ...docker, openTunnel: openSshTunnel, timeConnect, registry: hostsRegistry(files, state), nodeTexts };
  const endOrphans = async (workFolder: string) => {
    const { endOrphansBelow } = await import('./embedded/end-orphans.ts');
    return endOrphansBelow(workFolder, files);
  };
  return {
    docker: dockerRuntime(docker),
    embedded: embeddedRuntime({
      ...{ files, clock, startDaemon, tryPort, findPortHolder, endOrphans, maySignal, freeSpace },
      containerOn: (port) => containerOn(port, dockerEngine(docker)),
      registry: labRegistry(files, state),
      memory: memoryFree,
      script: `${toolFolder}/create-mesos-cluster.cjs`,
    }),
    hosts: hostsRuntime(hosts),
    vagrant: vagrantRuntime(hosts),
    adopted: adoptedRuntime({ client: clusterClient(), clock, wallClock: Date.now, planOf }),
  };
}
