import type { Component } from '../../engine/component.ts';
import type { Discovery } from '../../engine/discovery/discovery.ts';
import { inMemoryDiscovery } from '../../engine/discovery/in-memory-discovery.ts';
import { marathonDiscovery } from '../../engine/discovery/zookeeper-discovery.ts';
import { startMarathon } from '../../engine/marathon/start-marathon.ts';
import { memoryStore, type RecordStore } from '../../engine/framework/storage/record-store.ts';
import { zookeeperStore } from '../../engine/framework/storage/zookeeper-store.ts';
import { parseZkUrl, type ZkUrl } from '../../protocol/zk-url.ts';
import { flagsOf } from '../../planning/flag-tables/available-flags.ts';
import { findMasters, openSession, parseMaster, withClosing, type MasterAddress } from './find-masters.ts';
import { optionsBy } from './flag-options/flag-options.ts';
import { marathonFlagOptions } from './flag-options/marathon-options.ts';
import type { GivenFlags } from './given-flags.ts';
import { loadMarathonFlags } from './marathon-flags.ts';
import { ProgramError, type Program, type ProgramWorld } from './program.ts';
import { flagHelp } from './program-help.ts';
import { withoutEffect } from './without-effect.ts';

const optionNames = Object.keys(marathonFlagOptions);

const understood: ReadonlySet<string> = new Set([
  ...['master', 'zk', 'hostname', 'http_address', 'http_port', 'ha', 'zk_session_timeout', 'internal_store_backend'],
  ...optionNames,
]);

/** `marathon` of the lite set. */
export const marathon: Program = {
  logStyle: 'marathon',
  version: `marathon 1.10.26 (create-mesos-cluster ${__VERSION__}, image set lite)\n`,
  help: () => flagHelp('marathon', flagsOf('marathon', 'lite'), 'marathon'),
  prepare: (words, { environment }) => {
    const flags = loadMarathonFlags(words, environment);
    const master = flags.text('master');
    if (master === undefined) throw new ProgramError("[scallop] Error: Required option 'master' not found");
    const masters = readOption('master', master, parseMaster);
    const zk = readOption('zk', flags.text('zk') ?? '', parseZkUrl);
    const backend = flags.text('internal_store_backend') ?? '';
    if (backend !== 'zk' && backend !== 'mem') {
      throw new ProgramError(
        `[scallop] Error: Bad arguments for option 'internal_store_backend': '${backend}' - one of: zk, mem`,
      );
    }
    return {
      withoutEffect: withoutEffect(flags.givenNames(), understood, (name) => flags.text(name)),
      start: (world) => start(flags, masters, zk, world),
    };
  },
};

function readOption<Value>(name: string, text: string, read: (text: string) => Value): Value {
  try {
    return read(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ProgramError(`[scallop] Error: Bad arguments for option '${name}': '${text}' - ${reason}`);
  }
}

/** The group of Marathons and what they share. */
interface Group {
  readonly election: Discovery;
  readonly store: RecordStore;
  readonly close: () => Promise<void>;
}

/** In ZooKeeper, but for what `--internal_store_backend mem` and `--disable_ha` leave out. */
function joinGroup(flags: GivenFlags, zk: ZkUrl, options: Parameters<typeof openSession>[1]): Group {
  const isAlone = !flags.isOn('ha');
  const forgets = flags.text('internal_store_backend') === 'mem';
  if (isAlone && forgets) {
    return { election: inMemoryDiscovery(), store: memoryStore(), close: () => Promise.resolve() };
  }
  const session = openSession(zk, options);
  return {
    election: isAlone ? inMemoryDiscovery() : marathonDiscovery(session, zk.path),
    store: forgets ? memoryStore() : zookeeperStore(session, zk.path),
    close: () => session.close(),
  };
}

async function start(flags: GivenFlags, master: MasterAddress, zk: ZkUrl, world: ProgramWorld): Promise<Component> {
  const session = { sessionTimeoutMs: flags.number('zk_session_timeout'), log: world.log };
  const masters = findMasters(master, session);
  const { election, store, close } = joinGroup(flags, zk, session);
  const [masterUrl, zkUrl] = [flags.text('master'), flags.text('zk')];
  const options = {
    ...optionsBy(marathonFlagOptions, optionNames, flags),
    ...(masterUrl !== undefined && { master: masterUrl }),
    ...(zkUrl !== undefined && { zk: zkUrl }),
    zkSessionTimeoutMs: session.sessionTimeoutMs,
    host: flags.text('http_address') ?? '0.0.0.0',
    port: flags.number('http_port'),
    hostname: flags.text('hostname') ?? world.own.hostname(),
    masters: masters.discovery,
    election,
  };
  return withClosing(startMarathon(options, { log: world.log, store }), async () => {
    await Promise.all([masters.close(), close()]);
  });
}
