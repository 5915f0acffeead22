import type { Component } from '../../../engine/component.ts';
import { chronosDiscovery } from '../../../engine/discovery/zookeeper-discovery.ts';
import { zookeeperStore } from '../../../engine/framework/storage/zookeeper-store.ts';
import { parseZkUrl, type ZkUrl } from '../../../protocol/zk-url.ts';
import { findMasters, openSession, parseMaster, withClosing, type MasterAddress } from '../find-masters.ts';
import type { GivenFlags } from '../given-flags.ts';
import { loadScallopFlags } from '../marathon-flags.ts';
import { ProgramError, type Program, type ProgramWorld } from '../program.ts';
import { flagHelp } from '../program-help.ts';
import { withoutEffect } from '../without-effect.ts';
import { chronosFlagTable, chronosLetters } from './chronos-flag-table.ts';

const understood: ReadonlySet<string> = new Set([
  ...['master', 'zk_hosts', 'zk_path', 'zk_auth', 'zk_timeout', 'hostname', 'http_address', 'http_port', 'user'],
  ...['failover_timeout', 'failure_retry', 'disable_after_failures', 'mesos_task_cpu', 'mesos_task_mem'],
  ...['mesos_task_disk', 'mesos_checkpoint', 'mesos_role', 'mesos_framework_name', 'webui_url'],
  ...['reconciliation_interval', 'decline_offer_duration', 'job_history_limit', 'mesos_authentication_principal'],
  // It always asks for offers as soon as a job waits, and looks no further ahead than it has to.
  ...['revive_offers_for_new_jobs', 'min_revive_offers_interval', 'leader_max_idle_time'],
  // Chronos 3 reads neither.
  ...['task_epsilon', 'cluster_name'],
]);

/** `chronos` of the lite set. */
export const chronos: Program = {
  logStyle: 'marathon',
  version: `chronos 3.0.2 (create-mesos-cluster ${__VERSION__}, image set lite)\n`,
  help: () => flagHelp('chronos', chronosFlagTable, 'marathon'),
  prepare: (words, { environment }) => {
    const flags = loadScallopFlags(chronosFlagTable, withPort(words, environment['PORT0']));
    const master = readOption('master', flags.sure('master'), parseMaster);
    const zk = readOption('zk_hosts', flags.sure('zk_hosts'), (text) => groupOf(text, flags));
    return {
      withoutEffect: withoutEffect(flags.givenNames(), understood, (name) => flags.text(name)),
      start: (world) => start(flags, master, zk, world),
    };
  },
};

/** The image's start.sh adds --http_port from PORT0; a port on the command line beats it here. */
function withPort(words: readonly string[], port: string | undefined): readonly string[] {
  const long = words.map((word) => chronosLetters[word] ?? word);
  const hasPort = long.some((word) => word === '--http_port' || word.startsWith('--http_port='));
  return hasPort || port === undefined || port === '' ? long : [...long, '--http_port', port];
}

/** `host:2181,host:2181`, or a URL of which the servers count; the path has a flag of its own. */
function groupOf(hosts: string, flags: GivenFlags): ZkUrl {
  const servers = hosts.replace(/^zk:\/\//, '').replace(/\/.*$/, '');
  const auth = flags.text('zk_auth');
  return parseZkUrl(`zk://${auth === undefined ? '' : `${auth}@`}${servers}${flags.sure('zk_path')}`);
}

function readOption<Value>(name: string, text: string, read: (text: string) => Value): Value {
  try {
    return read(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ProgramError(`[scallop] Error: Bad arguments for option '${name}': '${text}' - ${reason}`);
  }
}

async function start(flags: GivenFlags, master: MasterAddress, zk: ZkUrl, world: ProgramWorld): Promise<Component> {
  const options = { sessionTimeoutMs: flags.number('zk_timeout'), log: world.log };
  const masters = findMasters(master, options);
  const session = openSession(zk, options);
  const { startChronos } = await import('../../../engine/chronos/start-chronos.ts');
  const started = startChronos(
    {
      host: flags.text('http_address') ?? '0.0.0.0',
      port: flags.number('http_port'),
      hostname: flags.text('hostname') ?? world.own.hostname(),
      masters: masters.discovery,
      election: chronosDiscovery(session, zk.path),
      ...settingsOf(flags),
    },
    { log: world.log, store: zookeeperStore(session, zk.path) },
  );
  return withClosing(started, async () => {
    await Promise.all([masters.close(), session.close()]);
  });
}

function settingsOf(flags: GivenFlags) {
  const webUrl = flags.text('webui_url');
  const principal = flags.text('mesos_authentication_principal');
  return {
    frameworkName: flags.sure('mesos_framework_name'),
    user: flags.sure('user'),
    role: flags.sure('mesos_role'),
    checkpoint: flags.isOn('mesos_checkpoint'),
    failoverTimeoutSeconds: flags.number('failover_timeout'),
    taskCpus: flags.number('mesos_task_cpu'),
    taskMem: flags.number('mesos_task_mem'),
    taskDisk: flags.number('mesos_task_disk'),
    failureRetryMs: flags.number('failure_retry'),
    disableAfterFailures: flags.number('disable_after_failures'),
    reconciliationIntervalMs: flags.number('reconciliation_interval') * 1000,
    jobHistoryLimit: flags.number('job_history_limit'),
    ...(flags.isGiven('decline_offer_duration') && {
      declineOfferSeconds: flags.number('decline_offer_duration') / 1000,
    }),
    ...(webUrl !== undefined && { webUrl }),
    ...(principal !== undefined && { principal }),
  };
}
