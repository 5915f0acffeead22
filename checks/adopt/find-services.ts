import { listAt, textAt, valueAt } from '../../protocol/json.ts';
import { flagsOf, isHostName, printable, type Asker } from './asker.ts';
import { AdoptFailure, type FoundMarathon } from './found-cluster.ts';

const mostFrameworks = 8;
/** Where marathon-lb listens (its README: statistics and health on 9090). */
const statisticsPort = 9090;
const mostGuesses = 4;

/**
 * The Marathon of a cluster: at the given URLs, else where its framework says that its pages are.
 * @throws AdoptFailure when a URL was given and is no Marathon
 */
export async function findMarathon(
  ask: Asker,
  given: readonly string[],
  state: unknown,
): Promise<FoundMarathon | undefined> {
  const frameworks = listAt(state, 'frameworks').filter((each) => valueAt(each, 'active') !== false);
  const candidates = given.length > 0 ? given : frameworks.filter(isMarathon).slice(0, mostFrameworks).flatMap(webPage);
  const found: FoundMarathon[] = [];
  for (const url of candidates) {
    const marathon = await readMarathon(ask, url, given.length > 0);
    if (marathon !== undefined) found.push(marathon);
  }
  const [first, ...more] = given.length > 0 ? merged(found) : found;
  if (first === undefined) {
    const framework = frameworks.find(isMarathon);
    const page = framework === undefined ? undefined : textAt(framework, 'webui_url');
    ask.note(
      framework === undefined
        ? 'No Marathon is registered. If there is one: adopt URL --marathon URL.'
        : `Marathon is registered, but its page ${printable(page ?? '(none)')} does not answer this machine: adopt URL --marathon URL.`,
    );
  }
  if (more.length > 0) {
    const others = more.flatMap(({ urls }) => urls[0] ?? []).join(', ');
    ask.note(`There are other Marathons, too: ${others}. adopt URL --marathon URL takes another.`);
  }
  nameOthers(
    ask,
    frameworks.filter((each) => !isMarathon(each)),
  );
  return first;
}

/** What several given URLs say is one Marathon. */
function merged(found: readonly FoundMarathon[]): readonly FoundMarathon[] {
  const [first] = found;
  return first === undefined ? [] : [{ ...first, urls: [...new Set(found.flatMap(({ urls }) => urls))] }];
}

const isMarathon = (framework: unknown) => /marathon/i.test(textAt(framework, 'name') ?? '');

/** The address of a framework's page, as far as one may ask there. */
function webPage(framework: unknown): readonly string[] {
  const text = textAt(framework, 'webui_url') ?? '';
  if (!/^https?:\/\//.test(text) || !URL.canParse(text)) return [];
  const { protocol, host, hostname, username } = new URL(text);
  return username === '' && isHostName(hostname) ? [`${protocol}//${host}`] : [];
}

function nameOthers(ask: Asker, frameworks: readonly unknown[]): void {
  if (frameworks.length === 0) return;
  const names = frameworks.slice(0, 10).map((each) => printable(textAt(each, 'name') ?? '').slice(0, 60));
  ask.note(`Other frameworks are registered, and no part of this description: ${names.join(', ')}.`);
}

async function readMarathon(ask: Asker, url: string, wasGiven: boolean): Promise<FoundMarathon | undefined> {
  const answer = await ask.get(`${url}/v2/info`);
  const info = 'json' in answer ? answer.json : undefined;
  const config = valueAt(info, 'marathon_config');
  if (config === undefined) {
    if (!wasGiven) return undefined;
    const found = 'fault' in answer ? answer.fault : `${String(answer.status)} ${printable(answer.text).slice(0, 80)}`;
    const [kind, message] =
      'fault' in answer
        ? (['unreachable', `Nobody answers at ${url}`] as const)
        : (['not-mesos', `${url} is no Marathon`] as const);
    throw new AdoptFailure(kind, message, found, 'Name a Marathon: --marathon http://HOST:8080');
  }
  const leader = await leaderOf(ask, url);
  const [version, zookeeper] = [textAt(info, 'version'), textAt(info, 'zookeeper_config', 'zk')];
  return {
    urls: [...new Set([...(leader === undefined ? [] : [leader]), url])],
    flags: { ...flagsOf(valueAt(info, 'zookeeper_config')), ...flagsOf(config) },
    ...(version === undefined ? {} : { version: printable(version) }),
    ...(zookeeper === undefined || zookeeper === '' ? {} : { zookeeper }),
  };
}

/**
 * The leading Marathon, when it is another one and can be reached: one that does not lead passes requests on, and says
 * so in a header (Marathon, LeaderProxyFilter). Those that neither lead nor were named are not to be known.
 */
async function leaderOf(ask: Asker, url: string): Promise<string | undefined> {
  const answer = await ask.get(`${url}/v2/leader`);
  if (!('json' in answer)) return undefined;
  const [, host = '', port = ''] = /^(.+):([0-9]{1,5})$/.exec(textAt(answer.json, 'leader') ?? '') ?? [];
  if (!isHostName(host)) return undefined;
  // Under another name but on the same port it may be the very same.
  if (answer.headers['x-marathon-via'] === undefined && port === new URL(url).port) return undefined;
  const leader = `http://${host}:${port}`;
  return (await ask.json(leader, ['/v2/info'])) === undefined ? undefined : leader;
}

/**
 * The load balancer at a given URL, else on one of the machines where the central parts are.
 * @throws AdoptFailure when a URL was given and no load balancer answers there
 */
export async function findLoadBalancer(
  ask: Asker,
  given: string | undefined,
  machines: readonly string[],
): Promise<string | undefined> {
  const guesses = [...new Set(machines)]
    .slice(0, mostGuesses)
    .map((host) => `http://${host}:${String(statisticsPort)}`);
  for (const url of given === undefined ? guesses : [given]) {
    const answer = await ask.get(`${url}/_haproxy_health_check`, { followRedirects: false });
    if ('status' in answer && answer.status === 200) return url;
    if (given === undefined) continue;
    const [kind, found] =
      'fault' in answer ? (['unreachable', answer.fault] as const) : (['not-mesos', String(answer.status)] as const);
    throw new AdoptFailure(
      kind,
      `No load balancer answers at ${url}`,
      found,
      `Name its page of statistics: --lb http://HOST:${String(statisticsPort)}`,
    );
  }
  ask.note(
    `No load balancer answers on port ${String(statisticsPort)} of the masters and Marathons. If there is one: adopt URL --lb URL.`,
  );
  return undefined;
}
