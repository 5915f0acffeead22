import type { AppDefinition, AppSeen, TaskSeen } from '../app-definition.ts';
import { CheckFailure, expectSeen, foundBefore, type Check, type VerifiedApp, type VerifyRun } from './check.ts';
import { serviceUrl } from '../cluster-target.ts';
import { describeAnswer, UnreachableError, type ClusterAnswer } from '../cluster-client.ts';
import { readStatistics, sessionsBetween, sessionsOf } from '../haproxy-statistics.ts';
import { lookAtAgents } from '../look-at-masters.ts';
import type { Seen } from '../poll-until.ts';
import { askForApp, deploy, lookAtApp } from './verify-apps.ts';

const nginxOf = (run: VerifyRun) => foundBefore(run.found.nginx, 'nginx');
const withoutBalancer = ({ cluster }: VerifyRun) =>
  cluster.target.loadBalancer === undefined || cluster.target.services === undefined
    ? 'this cluster has no load balancer, or its URL was not given (--lb)'
    : undefined;

/** Said wherever a container's answer is quoted. */
const simulation = ({ headers, text }: ClusterAnswer) =>
  /simulated/i.test(JSON.stringify(headers)) || /simulated/i.test(text.slice(0, 4096))
    ? ' (a simulated container)'
    : '';

/** Hostnames of the active agents. */
async function agentHosts(run: VerifyRun, signal: AbortSignal): Promise<ReadonlySet<string>> {
  const { agents } = await lookAtAgents(run.cluster, foundBefore(run.found.leader, 'the leading master'), signal);
  return new Set(agents.map(({ hostname }) => hostname));
}

/** Marathon puts instances where the first offer fits; only a constraint spreads them. */
const spread = (app: AppDefinition, hosts: number): AppDefinition =>
  app.constraints === undefined && hosts >= 2 && (app.instances ?? 1) <= hosts
    ? { ...app, constraints: [['hostname', 'UNIQUE']] }
    : app;

async function deployNginx(run: VerifyRun, signal: AbortSignal): Promise<string> {
  const hosts = await agentHosts(run, signal);
  const { app, evidence } = await deploy(run, spread(run.apps.nginx, hosts.size), signal);
  run.found.nginx = app;
  return evidence;
}

async function checkHealthy(run: VerifyRun, signal: AbortSignal): Promise<string> {
  const app = nginxOf(run);
  const { seen, seenApp, hopeless } = await expectSeen(
    run,
    (either) => lookAtApp(run, app, either),
    run.times.startMs,
    signal,
  );
  if (hopeless === true || seenApp === undefined) throw new CheckFailure(seen);
  const agents = new Set(runningTasks(seenApp).map(({ agentId }) => agentId)).size;
  const hosts = await agentHosts(run, signal);
  const mustSpread = app.isOurs && hosts.size >= 2 && (app.definition.instances ?? 1) >= 2;
  if (mustSpread && agents < 2) {
    throw new CheckFailure(`${seen}: all on one agent, although ${hosts.size} are active`);
  }
  return `${seen}, on ${agents === 1 ? 'one agent' : `${agents} agents`}`;
}

const runningTasks = (app: AppSeen) => app.tasks.filter(({ state }) => state === 'TASK_RUNNING');

/** From here a task's address may lead nowhere, e.g. into the network of one Docker Engine. */
const elsewhere: ReadonlySet<string> = new Set(['ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'TIMEOUT']);

interface InstanceSeen extends Seen {
  readonly unreachable?: true;
}

async function lookAtInstance(run: VerifyRun, task: TaskSeen, signal: AbortSignal): Promise<InstanceSeen> {
  const { client, target } = run.cluster;
  const place = `${task.host}:${task.ports[0] ?? 0}`;
  try {
    const answer = await client.ask(`${client.urlFor(place)}/`, signal, { timeoutMs: 3000, maxBytes: 1024 * 1024 });
    return { ok: answer.status === 200, seen: `${place} answers ${answer.status}${simulation(answer)}` };
  } catch (error) {
    const known = Object.hasOwn(target.hosts, place) || Object.hasOwn(target.hosts, task.host);
    if (known || !(error instanceof UnreachableError) || !elsewhere.has(error.code)) throw error;
    const healthy = task.alive === true ? ', but healthy for Marathon' : '';
    return {
      ok: task.alive === true,
      seen: `${place} is not reachable from this machine${healthy}`,
      unreachable: true,
    };
  }
}

async function checkInstances(run: VerifyRun, signal: AbortSignal): Promise<string> {
  const { id } = nginxOf(run);
  const look = async (either: AbortSignal): Promise<Seen> => {
    const app = await askForApp(run, id, either);
    const tasks = app === undefined ? [] : runningTasks(app);
    const seen = await Promise.all(tasks.map((task) => lookAtInstance(run, task, either)));
    return { ok: tasks.length > 0 && seen.every(({ ok }) => ok), seen: seen.map((each) => each.seen).join(', ') };
  };
  return (await expectSeen(run, look, run.times.lookMs, signal)).seen;
}

/** URL of the first service port, as this machine reaches it. */
async function servicePortOf(
  run: VerifyRun,
  signal: AbortSignal,
): Promise<{ readonly url: string; readonly port: number }> {
  const { id } = nginxOf(run);
  const { services } = run.cluster.target;
  const port = (await askForApp(run, id, signal))?.servicePort;
  if (port === undefined || services === undefined) throw new CheckFailure(`${id} has no service port`);
  return { port, url: `${serviceUrl(services, port)}/` };
}

async function checkServicePort(run: VerifyRun, signal: AbortSignal): Promise<string> {
  const { url, port } = await servicePortOf(run, signal);
  const { statistics, read } = sessionReader(run, port);
  const look = async (either: AbortSignal): Promise<Seen> => {
    const before = await read(either);
    const answer = await run.cluster.client.ask(url, either);
    if (answer.status !== 200) return { ok: false, seen: `${url} answers ${describeAnswer(answer)}` };
    // Another program may listen on that port.
    const after = await read(either);
    const seen = `${url} answers 200${simulation(answer)}`;
    if (sessionsBetween(before, after).some(({ total }) => total > 0)) return { ok: true, seen };
    const shown = after.length === 0 ? `no server of service port ${port}` : 'no session for it';
    return { ok: false, seen: `${seen}, but not by the load balancer: ${statistics} shows ${shown}` };
  };
  return (await expectSeen(run, look, run.times.lookMs, signal)).seen;
}

/** Reads what the load balancer's statistics say of a service port. */
function sessionReader({ cluster: { client, target } }: VerifyRun, port: number) {
  const statistics = `${target.loadBalancer ?? ''}/haproxy?stats;csv`;
  const read = async (signal: AbortSignal) =>
    sessionsOf(readStatistics((await client.ask(statistics, signal)).text), port);
  return { statistics, read };
}

/**
 * Real nginx instances answer alike, so the load balancer's own statistics tell who was asked: marathon-lb's are
 * HAProxy's, ours have the same form.
 */
async function checkRoundRobin(run: VerifyRun, signal: AbortSignal): Promise<string> {
  const { client } = run.cluster;
  const { url, port } = await servicePortOf(run, signal);
  const app = nginxOf(run);
  const { statistics, read } = sessionReader(run, port);
  const before = await read(signal);
  let asked = 0;
  const look = async (either: AbortSignal): Promise<Seen> => {
    const wanted = runningTasks(foundBefore(await askForApp(run, app.id, either), app.id)).length;
    for (let request = 0; request < 2 * wanted; request++) {
      asked++;
      const answer = await client.ask(url, either);
      if (answer.status !== 200)
        return { ok: false, seen: `request ${asked}: ${url} answers ${describeAnswer(answer)}` };
    }
    const after = await read(either);
    if (after.length === 0)
      return { ok: false, seen: `${statistics} shows no server behind ${url} (service port ${port})` };
    const reached = sessionsBetween(before, after);
    const words = reached.map(({ server, total }) => `${server} ${total}`).join(', ');
    const count = reached.filter(({ total }) => total > 0).length;
    return {
      ok: count >= wanted && count > 0,
      seen: `${asked} requests reached ${count} of ${wanted} instances: ${words}`,
    };
  };
  return (await expectSeen(run, look, run.times.lookMs, signal)).seen;
}

export const nginxDeployed: Check = {
  name: 'nginx-deployed',
  title: 'nginx is deployed',
  needs: ['leading-master', 'marathon'],
  run: deployNginx,
};

/** In this order. */
export const nginxChecks: readonly Check[] = [
  { name: 'nginx-healthy', title: 'nginx runs and is healthy', needs: ['nginx-deployed'], run: checkHealthy },
  { name: 'nginx-answers', title: 'each instance of nginx answers', needs: ['nginx-healthy'], run: checkInstances },
  {
    name: 'nginx-service-port',
    title: 'nginx answers through the load balancer',
    needs: ['nginx-healthy', 'load-balancer'],
    unless: withoutBalancer,
    run: checkServicePort,
  },
  {
    name: 'nginx-round-robin',
    title: 'the load balancer reaches every instance',
    needs: ['nginx-service-port'],
    unless: withoutBalancer,
    run: checkRoundRobin,
  },
];

export type { VerifiedApp };
