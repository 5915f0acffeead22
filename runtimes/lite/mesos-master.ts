import type { Component } from '../../engine/component.ts';
import { inMemoryDiscovery } from '../../engine/discovery/in-memory-discovery.ts';
import { masterDiscovery } from '../../engine/discovery/zookeeper-discovery.ts';
import { fileRegistry } from '../../engine/master/registry/file-registry.ts';
import { inMemoryRegistry, type RegistryStore } from '../../engine/master/registry/registry-store.ts';
import { zookeeperRegistry } from '../../engine/master/registry/zookeeper-registry.ts';
import { startMaster } from '../../engine/master/start-master.ts';
import { machineMetrics } from '../../platform/machine-metrics.ts';
import { parseZkUrl, type ZkUrl } from '../../protocol/zk-url.ts';
import { flagsOf } from '../../planning/flag-tables/available-flags.ts';
import { openSession, withClosing, type Masters } from './find-masters.ts';
import { optionsBy } from './flag-options/flag-options.ts';
import { masterFlagOptions } from './flag-options/master-options.ts';
import { mesosAddress } from './mesos-address.ts';
import { loadMesosFlags, type MesosFlags } from './mesos-flags.ts';
import { mesosLogging, mesosVersion, servedLog } from './mesos-common.ts';
import { flagHelp } from './program-help.ts';
import { ProgramError, type Program, type ProgramWorld } from './program.ts';
import { withoutEffect } from './without-effect.ts';

const optionNames = Object.keys(masterFlagOptions);

const understood: ReadonlySet<string> = new Set([
  ...['ip', 'port', 'advertise_ip', 'hostname', 'zk', 'zk_session_timeout', 'quorum', 'cluster', 'quiet', 'log_dir'],
  ...['logging_level', 'external_log_file', ...optionNames],
]);

/** `mesos-master` of the lite set. */
export const mesosMaster: Program = {
  logStyle: 'glog',
  version: mesosVersion,
  help: () => flagHelp('mesos-master', flagsOf('mesos-master', 'lite'), 'mesos'),
  prepare: (words, { environment, readFile }) => {
    const flags = loadMesosFlags('mesos-master', { arguments: words, environment, readFile });
    checkRegistry(flags);
    const zk = zookeeperUrl(flags);
    return {
      ...mesosLogging(flags),
      withoutEffect: withoutEffect(flags.givenNames(), understood, (name) => flags.text(name)),
      start: (world) => start(flags, zk, world),
    };
  },
};

/** The words of src/master/main.cpp, in its order. */
function checkRegistry(flags: MesosFlags): void {
  const registry = flags.text('registry') ?? '';
  if (registry === 'in_memory') return;
  if (registry !== 'replicated_log') {
    throw new ProgramError(`'${registry}' is not a supported option for registry persistence`);
  }
  if (!flags.isGiven('work_dir')) throw new ProgramError('--work_dir needed for replicated log based registry');
  if (!flags.isGiven('zk')) return;
  if (!flags.isGiven('quorum')) {
    throw new ProgramError('Need to specify --quorum for replicated log based registry when using ZooKeeper');
  }
  // The real one aborts after its election, or hangs for ever.
  if (flags.number('quorum') < 1) throw new ProgramError(`--quorum must be 1 or more, not ${flags.sure('quorum')}`);
}

function zookeeperUrl(flags: MesosFlags): ZkUrl | undefined {
  const text = flags.text('zk');
  if (text === undefined) return undefined;
  try {
    return parseZkUrl(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const isUnreadable = reason.startsWith('Error parsing');
    throw new ProgramError(isUnreadable ? reason : `Failed to create a master contender: ${reason}`);
  }
}

/** Without ZooKeeper a master is alone, and leads. */
function election(
  flags: MesosFlags,
  zk: ZkUrl | undefined,
  { log, sandboxes }: ProgramWorld,
): Masters & { readonly registry: RegistryStore } {
  const isKept = flags.text('registry') !== 'in_memory';
  if (zk === undefined) {
    const path = `${flags.text('work_dir') ?? ''}/operator-registry.json`;
    const registry = isKept ? fileRegistry(path, sandboxes) : inMemoryRegistry();
    return { discovery: inMemoryDiscovery(), registry: registry(), close: () => Promise.resolve() };
  }
  const session = openSession(zk, { sessionTimeoutMs: flags.durationMs('zk_session_timeout'), log });
  const registry = isKept ? zookeeperRegistry(session, zk.path) : inMemoryRegistry()();
  return { discovery: masterDiscovery(session, zk.path), registry, close: () => session.close() };
}

async function start(flags: MesosFlags, zk: ZkUrl | undefined, world: ProgramWorld): Promise<Component> {
  const address = await mesosAddress(flags, world.environment, world.own);
  const workDir = flags.text('work_dir');
  if (workDir !== undefined) await world.sandboxes.makeFolder(workDir === '' ? '/' : workDir);
  const { discovery, registry, close } = election(flags, zk, world);
  const path = servedLog(flags, 'mesos-master');
  const options = {
    ...optionsBy(masterFlagOptions, optionNames, flags),
    ...address,
    cluster: flags.text('cluster') ?? '',
    quorum: flags.isGiven('quorum') ? flags.number('quorum') : 1,
    discovery,
    registry,
    flags: flags.reported(),
    ...(path === undefined ? {} : { logFile: { path, sandboxes: world.sandboxes } }),
    systemMetrics: machineMetrics,
  };
  return withClosing(startMaster(options, { log: world.log }), close);
}
