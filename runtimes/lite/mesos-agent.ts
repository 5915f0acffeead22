import { resolve } from 'node:path';
import type { AgentOptions, DockerTasks } from '../../engine/agent/agent-options.ts';
import type { ContainerDns } from '../../engine/agent/docker/container-dns.ts';
import { CleanedUp, startAgent } from '../../engine/agent/start-agent.ts';
import type { Component } from '../../engine/component.ts';
import { parseAttributes } from '../../protocol/parse-attributes.ts';
import { parseResources } from '../../protocol/parse-resources.ts';
import { itemsOf } from '../../protocol/parse-value.ts';
import { flagsOf } from '../../planning/flag-tables/available-flags.ts';
import { newRecoveryToken } from '../../engine/agent/recovery/recovery-timeout.ts';
import { endTasksWords } from './end-tasks.ts';
import { findMasters, parseMaster, withClosing, type MasterAddress } from './find-masters.ts';
import { agentFlagOptions, fetchFlagOptions } from './flag-options/agent-options.ts';
import { containerDns } from './flag-options/container-dns.ts';
import { optionsBy } from './flag-options/flag-options.ts';
import { mesosAddress } from './mesos-address.ts';
import { mesosLogging, mesosRelease, mesosVersion, servedLog } from './mesos-common.ts';
import { loadMesosFlags, type MesosFlags } from './mesos-flags.ts';
import { ProgramError, type Program, type ProgramWorld } from './program.ts';
import { flagHelp } from './program-help.ts';
import { withoutEffect } from './without-effect.ts';

const optionNames = Object.keys(agentFlagOptions);
const fetchNames = Object.keys(fetchFlagOptions);

const understood: ReadonlySet<string> = new Set([
  ...['ip', 'port', 'advertise_ip', 'hostname', 'master', 'zk_session_timeout', 'work_dir', 'quiet', 'log_dir'],
  ...['resources', 'attributes', 'containerizers', 'recover', 'recovery_timeout'],
  ...['docker', 'docker_socket', 'docker_kill_orphans', 'docker_remove_delay', 'docker_stop_timeout', 'docker_config'],
  ...['cgroups_enable_cfs', 'sandbox_directory', 'fetcher_cache_dir', 'logging_level', 'external_log_file'],
  'default_container_dns',
  ...[...optionNames, ...fetchNames],
]);

/** `mesos-agent` of the lite set. */
export const mesosAgent: Program = {
  logStyle: 'glog',
  version: mesosVersion,
  help: () => flagHelp('mesos-agent', flagsOf('mesos-agent', 'lite'), 'mesos'),
  prepare: (words, { environment, readFile }) => {
    const flags = loadMesosFlags('mesos-agent', { arguments: words, environment, readFile }, ['work_dir']);
    const master = masterOf(flags);
    checkContainerizers(flags);
    checkRecover(flags);
    const dns = containerDns(flags);
    inMesosWords(() => itemsOf(parseResources(flags.text('resources') ?? '')));
    inMesosWords(() => itemsOf(parseAttributes(flags.text('attributes') ?? '')));
    return {
      ...mesosLogging(flags),
      withoutEffect: withoutEffect(flags.givenNames(), understood, (name) => flags.text(name)),
      start: (world) => start(flags, master, dns, world),
    };
  },
};

function inMesosWords<Value>(action: () => Value, before = ''): Value {
  try {
    return action();
  } catch (error) {
    throw new ProgramError(`${before}${error instanceof Error ? error.message : String(error)}`);
  }
}

function masterOf(flags: MesosFlags): MasterAddress {
  const text = flags.text('master');
  if (text === undefined) throw new ProgramError('Missing required option `--master` or `--master_detector`.');
  return inMesosWords(() => parseMaster(text), 'Failed to create a master detector: ');
}

const containerizersOf = (flags: MesosFlags): readonly string[] =>
  (flags.text('containerizers') ?? '').split(',').map((name) => name.trim());

/** src/slave/containerizer/containerizer.cpp, Containerizer::create */
function checkContainerizers(flags: MesosFlags): void {
  const unknown = containerizersOf(flags).find((name) => name !== 'docker' && name !== 'mesos');
  if (unknown === undefined) return;
  throw new ProgramError(`Failed to create a containerizer: Unknown or unsupported containerizer: ${unknown}`);
}

/** src/slave/slave.cpp, Slave::initialize */
function checkRecover(flags: MesosFlags): void {
  const recover = flags.text('recover') ?? '';
  if (recover === 'reconnect' || recover === 'cleanup') return;
  throw new ProgramError(
    `Unknown option for 'recover' flag ${recover}. Please run the agent with '--help' to see the valid options`,
  );
}

async function start(
  flags: MesosFlags,
  master: MasterAddress,
  dns: readonly ContainerDns[],
  world: ProgramWorld,
): Promise<Component> {
  const address = await mesosAddress(flags, world.environment, world.own);
  const { discovery: masters, close } = findMasters(master, {
    sessionTimeoutMs: flags.durationMs('zk_session_timeout'),
    log: world.log,
  });
  const workDir = (flags.text('work_dir') ?? '').replace(/\/+$/, '');
  const fetch = fetchOptions(flags, workDir);
  const logFile = servedLog(flags, 'mesos-agent');
  const recoveryTimeoutMs = flags.durationMs('recovery_timeout');
  const options: AgentOptions = {
    ...address,
    masters,
    resources: flags.text('resources') ?? '',
    attributes: flags.text('attributes') ?? '',
    workDir: workDir === '' ? '/' : workDir,
    version: mesosRelease,
    dockerTasks: containerizersOf(flags).includes('docker') ? { ...dockerTasks(flags), dns } : 'none',
    fetch,
    flags: { ...flags.reported(), fetcher_cache_dir: fetch.cacheFolder },
    ...(logFile === undefined ? {} : { logFile }),
    recovery: flags.text('recover') === 'cleanup' ? 'cleanup' : 'reconnect',
    recoveryTimeoutMs,
    ...optionsBy(agentFlagOptions, optionNames, flags),
  };
  const { afterwards, log, processes, sandboxes, survivors } = world;
  const started = startAgent(options, { log, processes, sandboxes, survivors }, world.signal).catch(
    (error: unknown) => {
      throw error instanceof CleanedUp ? new ProgramError(error.message, 0) : error;
    },
  );
  const armed = started.then(async (component) => {
    // What runs then is in another folder.
    afterwards(recoveryTimeoutMs, endTasksWords(resolve(workDir), await newRecoveryToken(workDir, sandboxes)));
    return component;
  });
  return withClosing(armed, close);
}

/** The cache is in the agent's own folder unless it is said where: Mesos's /tmp/mesos/fetch would be that of all agents. */
function fetchOptions(flags: MesosFlags, workDir: string) {
  return {
    cacheFolder: flags.isGiven('fetcher_cache_dir') ? flags.sure('fetcher_cache_dir') : `${workDir}/fetch`,
    ...optionsBy(fetchFlagOptions, fetchNames, flags),
  };
}

function dockerTasks(flags: MesosFlags): DockerTasks {
  const configJson = flags.text('docker_config');
  const stopTimeoutMs = flags.durationMs('docker_stop_timeout');
  return {
    cli: flags.sure('docker'),
    socket: flags.sure('docker_socket'),
    killOrphans: flags.isOn('docker_kill_orphans'),
    removeDelayMs: flags.durationMs('docker_remove_delay'),
    // The older flag, where somebody gives it (docs/upgrades.md, 1.0).
    stopTimeoutMs: stopTimeoutMs > 0 ? stopTimeoutMs : flags.durationMs('executor_shutdown_grace_period'),
    ...(configJson === undefined ? {} : { configJson }),
    enableCfs: flags.isOn('cgroups_enable_cfs'),
    sandboxDirectory: flags.sure('sandbox_directory'),
    ...(flags.isGiven('executor_registration_timeout')
      ? { pullTimeoutMs: flags.durationMs('executor_registration_timeout') }
      : {}),
  };
}
