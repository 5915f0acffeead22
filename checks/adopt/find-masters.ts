import { numberAt, textAt, valueAt } from '../../protocol/json.ts';
import { flagsOf, isHostName, isPort, parsePid, printable, type Asker } from './asker.ts';
import { AdoptFailure, type FoundFlags, type FoundMaster } from './found-cluster.ts';
import { zookeeperHosts } from './zookeeper-hosts.ts';
import { howToTrust } from '../untrusted-certificate.ts';

/** Machines of the ensemble that are asked whether they have a master, too. */
const mostGuesses = 9;

type Read = { readonly master: FoundMaster } | { readonly failure: AdoptFailure };

/**
 * Reads the masters at the URLs, the one that leads them, and those on the machines of their ZooKeeper.
 * @throws AdoptFailure when none of the URLs is a master, or the leader cannot be reached
 */
export async function findMasters(ask: Asker, urls: readonly string[]): Promise<readonly FoundMaster[]> {
  const reads = await Promise.all(urls.map((url) => readMaster(ask, url)));
  const masters = reads.flatMap((read) => ('master' in read ? [read.master] : []));
  const failures = reads.flatMap((read) => ('failure' in read ? [read.failure] : []));
  const [first] = masters;
  if (first === undefined) throw failures[0] ?? new AdoptFailure('not-mesos', 'No URL was given', '', 'Name a master');
  // Something else behind one of several URLs is a mistake; a master that is down is not.
  const wrong = failures.find(({ kind }) => kind === 'not-mesos');
  if (wrong !== undefined) throw wrong;
  for (const { message } of failures) ask.note(`${message}; it was left out.`);
  if (!masters.some(({ leads }) => leads)) masters.push(await leaderOf(ask, first));
  await addGuesses(ask, masters);
  return unique(masters);
}

async function readMaster(ask: Asker, url: string): Promise<Read> {
  const version = await ask.get(`${url}/version`);
  if ('fault' in version) {
    const fix =
      howToTrust(version.fault) ??
      'Is it running, and the port right (5050 unless it was moved)? A firewall or VPN may stand between';
    return { failure: new AdoptFailure('unreachable', `Nobody answers at ${url}`, version.fault, fix) };
  }
  if (version.status === 401 || version.status === 403) {
    const fix =
      'adopt sends no password: let it through, or ask a machine that needs none (authenticate_http_readonly)';
    return {
      failure: new AdoptFailure('not-mesos', `${url} lets nobody in without a password`, String(version.status), fix),
    };
  }
  const flags = await readFlags(ask, url);
  const number = textAt(version.json, 'version');
  const isMaster = 'quorum' in flags || 'registry' in flags || 'allocator' in flags;
  if (number === undefined || !isMaster) return { failure: await somethingElse(ask, url, flags, version.text) };
  const metrics = await ask.json(url, ['/metrics/snapshot']);
  return { master: toMaster(url, printable(number), flags, numberAt(metrics, 'master/elected') === 1) };
}

/** Masters before 1.0 show their flags only in their state. */
async function readFlags(ask: Asker, url: string): Promise<FoundFlags> {
  const found = await ask.json(url, ['/flags', '/master/flags']);
  if (valueAt(found, 'flags') !== undefined) return flagsOf(valueAt(found, 'flags'));
  const state = await ask.json(url, ['/master/state.json'], { size: 'large', followRedirects: false });
  return flagsOf(valueAt(state, 'flags'));
}

function toMaster(url: string, version: string, flags: FoundFlags, leads: boolean): FoundMaster {
  const port = Number(flags['advertise_port'] ?? flags['port'] ?? portOf(url));
  const [hostname = '', ip = ''] = [flags['hostname'], flags['advertise_ip'] ?? flags['ip']];
  return {
    url,
    version,
    flags,
    leads,
    port: isPort(port) ? port : portOf(url),
    ...(isHostName(hostname) ? { hostname } : {}),
    ...(parsePid(`master@${ip}:1`) === undefined ? {} : { ip }),
  };
}

const portOf = (url: string) => Number(new URL(url).port || (url.startsWith('https:') ? 443 : 80));

/** What is at a URL that is no master's, and what its user may have meant. */
async function somethingElse(ask: Asker, url: string, flags: FoundFlags, text: string): Promise<AdoptFailure> {
  const failure = (message: string, found: string, fix: string) => new AdoptFailure('not-mesos', message, found, fix);
  if (flags['master'] !== undefined && flags['work_dir'] !== undefined) {
    return failure(
      `${url} is a Mesos agent`,
      `an agent of ${printable(flags['master'])}`,
      'Name a master: http://HOST:5050',
    );
  }
  const info = await ask.json(url, ['/v2/info']);
  if (textAt(info, 'name') !== undefined && valueAt(info, 'marathon_config') !== undefined) {
    const master = printable(textAt(info, 'marathon_config', 'master') ?? 'a master that it does not name');
    return failure(`${url} is a Marathon`, `a Marathon at ${master}`, `adopt http://MASTER:5050 --marathon ${url}`);
  }
  const found = text === '' ? 'an empty answer' : printable(text).slice(0, 80);
  return failure(`${url} is no Mesos master`, found, 'Name a master: http://HOST:5050');
}

/** @throws AdoptFailure when a standby names no leader, or one that cannot be reached from here */
async function leaderOf(ask: Asker, standby: FoundMaster): Promise<FoundMaster> {
  const answer = await ask.get(`${standby.url}/redirect`, { followRedirects: false });
  const location = 'headers' in answer ? (answer.headers.location ?? '') : '';
  const base = URL.canParse(location, standby.url) ? new URL(location, standby.url) : undefined;
  if (base === undefined || location === '' || !isHostName(base.hostname)) {
    throw new AdoptFailure(
      'unreachable',
      `${standby.url} does not lead, and knows no master that does`,
      location === '' ? 'no leading master' : printable(location),
      'Wait until the masters have elected one: a majority of them and of ZooKeeper must run',
    );
  }
  const url = `${base.protocol}//${base.host}`;
  const read = await readMaster(ask, url);
  if ('failure' in read) {
    throw new AdoptFailure(
      'unreachable',
      `The leading master, ${url}, cannot be reached from here`,
      read.failure.found,
      `The cluster calls it ${base.hostname}: name it in /etc/hosts, or give the URL by which this machine reaches it`,
    );
  }
  return { ...read.master, leads: true };
}

/** Masters often run beside ZooKeeper: nothing else tells where the others are. */
async function addGuesses(ask: Asker, masters: FoundMaster[]): Promise<void> {
  const leader = masters.find(({ leads }) => leads) ?? masters[0];
  if (leader === undefined) return;
  const known = new Set(masters.flatMap(({ url, ip, hostname }) => [new URL(url).hostname, ip, hostname]));
  const hosts = zookeeperHosts(leader.flags['zk'])
    .map(({ host }) => host)
    .filter((host) => !known.has(host))
    .slice(0, mostGuesses);
  const reads = await Promise.all(
    hosts.map(async (host) => ({ host, read: await readMaster(ask, `http://${host}:${String(leader.port)}`) })),
  );
  for (const { read } of reads) {
    if ('master' in read && read.master.flags['zk'] === leader.flags['zk']) masters.push(read.master);
  }
  const quorum = Number(leader.flags['quorum']);
  const found = unique(masters).length;
  if (Number.isInteger(quorum) && quorum > 0 && found < 2 * quorum - 1) {
    ask.note(
      `The quorum is ${String(quorum)}, so there should be ${String(2 * quorum - 1)} masters; ${String(found)} found. Name the others, too: adopt URL URL.`,
    );
  }
}

/** A master that was reached by its name and by its address is one. */
function unique(masters: readonly FoundMaster[]): readonly FoundMaster[] {
  const seen = new Set<string>();
  return masters.filter(({ url, ip, port }) => {
    const key = `${ip ?? new URL(url).hostname}:${String(ip === undefined ? portOf(url) : port)}`;
    if (seen.has(key) || seen.has(url)) return false;
    seen.add(key).add(url);
    return true;
  });
}
