import { shownConfig, type MesosDnsConfig } from '../../../engine/mesos-dns/mesos-dns-config.ts';
import { parseZkUrl } from '../../../protocol/zk-url.ts';
import { findMasters, withClosing, type Masters } from '../find-masters.ts';
import type { Program, ProgramWorld } from '../program.ts';
import { loadGoFlags } from './go-flags.ts';
import { readMesosDnsConfig } from './read-config.ts';

/** The release whose names and API the engine has. */
const release = 'v0.6.0';

const help = `Usage: mesos-dns [-config=FILE]

  -config string
    \tpath to config file (json) (default "config.json")
  -v value
    \t1: the configuration as well
  -version
    \toutput the version
`;

/** Mesos's own (ZOOKEEPER_SESSION_TIMEOUT). */
const sessionTimeoutMs = 10_000;

/** `mesos-dns` of the lite set. */
export const mesosDns: Program = {
  logStyle: 'mesos-dns',
  hasGoFlags: true,
  version: `${release} (create-mesos-cluster ${__VERSION__}, image set lite)\n`,
  help: () => help,
  prepare: (words, world) => {
    const { config: file, verbosity, withoutEffect } = loadGoFlags(words);
    const { config, unknown } = readMesosDnsConfig(file, world);
    return {
      withoutEffect,
      start: (running) => {
        const { log } = running;
        for (const key of unknown) log(`${config.file}: Mesos-DNS has no key ${key}: it has no effect`);
        if (verbosity > 0) log(`Mesos-DNS configuration: ${JSON.stringify(shownConfig(config, 0))}`);
        const masters = mastersOf(config, log);
        return withClosing(start(config, masters, running), () => masters?.close() ?? Promise.resolve());
      },
    };
  },
};

const mastersOf = ({ zk }: MesosDnsConfig, log: (line: string) => void): Masters | undefined =>
  zk === '' ? undefined : findMasters({ kind: 'zookeeper', url: parseZkUrl(zk) }, { sessionTimeoutMs, log });

async function start(config: MesosDnsConfig, masters: Masters | undefined, { own, log }: ProgramWorld) {
  const { startMesosDns } = await import('../../../engine/mesos-dns/start-mesos-dns.ts');
  return startMesosDns(
    { config, discovery: masters?.discovery, names: [own.hostname()], version: release },
    {
      log,
      resolve: async (name) => [(await own.resolve(name === '' ? own.hostname() : name)) ?? []].flat(),
      now: Date.now,
      random: Math.random,
    },
  );
}
