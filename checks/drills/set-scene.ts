import { portsOfApp } from '../../protocol/marathon/app-ports.ts';
import type { Plan } from '../../planning/plan/plan.ts';
import type { AppDefinition } from '../app-definition.ts';
import { serviceUrl, type Cluster } from '../cluster-target.ts';
import type { Clock } from '../../platform/clock.ts';
import { pollUntil, type PollOptions } from '../poll-until.ts';
import { NotReadyError, waitUntilReady } from '../wait-until-ready.ts';
import { drillApp, freeServicePort, healthyOf, instancesOn, patienceOf, remainsOf, tellMarathon } from './drill-app.ts';
import { readFacts, type DrillFacts } from './drill-facts.ts';
import { DrillRefusal, type Scene } from './drill.ts';
import { leaderOf, marathonLeaderOf, tasksOf } from './looks.ts';
import { startProbe, type SteadyProbe } from './steady-probe.ts';

interface SceneWorld {
  readonly plan: Plan;
  readonly cluster: Cluster;
  readonly clock: Clock;
  readonly intervalMs: number;
  /** For the drill's app to run. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** How long a healthy cluster may take to show that it is. */
const healthyMs = 3000;

/** What is known of the cluster. @throws DrillRefusal when it is not healthy before */
export async function lookAtCluster({
  plan,
  cluster,
  clock,
  signal,
  intervalMs,
}: SceneWorld): Promise<{ readonly facts: DrillFacts; readonly leader: string }> {
  try {
    await waitUntilReady(cluster.target, { signal, timeoutMs: healthyMs, intervalMs, clock });
  } catch (error) {
    if (!(error instanceof NotReadyError)) throw error;
    throw new DrillRefusal(
      'not healthy',
      'the cluster is not healthy, and a drill would show that instead of what it is for',
      {
        found: `${error.step}: ${error.lastSeen}`,
        fix: 'create-mesos-cluster status shows what is down; start brings it back; drill heal ends what a drill left',
      },
    );
  }
  const leader = (await leaderOf(cluster)(signal)) ?? '';
  return { facts: await readFacts(plan, cluster, leader, signal), leader };
}

/**
 * Deploys the drill's app, waits until clients get through to it, and says what is there then.
 * @param group of the drill's apps
 * @throws DrillRefusal when it does not come up
 */
export async function setScene(
  world: SceneWorld,
  { facts, leader }: { readonly facts: DrillFacts; readonly leader: string },
  {
    group,
    nginx,
    wanted,
  }: { readonly group: string; readonly nginx: AppDefinition; readonly wanted: string | undefined },
): Promise<{ readonly scene: Scene; readonly probe: SteadyProbe }> {
  const { cluster, clock, signal, intervalMs, timeoutMs } = world;
  const app = `${group}/web`;
  const asked = await freeServicePort(cluster, signal);
  const made = await tellMarathon(
    cluster,
    { method: 'POST', path: '/v2/apps', body: drillApp(nginx, app, asked, cluster) },
    signal,
  );
  const servicePort = asked === 0 ? firstPort(made) : asked;
  const times = { timeoutMs, intervalMs, signal, clock };
  const up = await pollUntil(async (either) => {
    const [tasks = [], remains] = await Promise.all([tasksOf(cluster, app)(either), remainsOf(cluster, group, either)]);
    const healthy = healthyOf(tasks);
    const wantedCount = instancesOn(facts.agents.length);
    // A deployment that still runs would have what a drill does to the app refused.
    const isDone = healthy >= wantedCount && remains?.deployments === false;
    return { ok: isDone, seen: `${healthy} of ${wantedCount} instances of ${app} are healthy`, tasks };
  }, times);
  if (!up.ok) throw new DrillRefusal('not healthy', "the drill's own app does not come up", { found: up.seen });
  const probe = startProbe(cluster.client, `${serviceUrl(cluster.target.services, servicePort)}/`, clock);
  try {
    const found = await settle(probe, times);
    if (found !== undefined) {
      throw new DrillRefusal('not healthy', "clients do not get through to the drill's own app", { found });
    }
    // Before the load balancer had the app, nobody was a client of it.
    probe.forget();
    const marathonLeader = (await marathonLeaderOf(cluster)(signal)) ?? '';
    const scene: Scene = {
      ...{ facts, app, servicePort },
      tasks: up.value.tasks,
      patienceMs: (await patienceOf(cluster, app, signal)) * 1000,
      leader: facts.masters.find(({ url }) => url === leader)?.id ?? '',
      marathonLeader: partAt(facts.marathons, marathonLeader),
      ...(wanted === undefined ? {} : { wanted }),
    };
    return { scene, probe };
  } catch (error) {
    probe.stop();
    throw error;
  }
}

/** So many good answers in a row are a steady state. */
const steadyCount = 3;

/** Until clients get through, and go on to. @returns what is wrong when they do not in time */
export async function settle(probe: SteadyProbe, times: PollOptions): Promise<string | undefined> {
  const steady = await pollUntil(() => {
    const inARow = probe.goodInARow();
    const last = probe.requests().at(-1)?.answer ?? 'not yet';
    return Promise.resolve({ ok: inARow >= steadyCount, seen: `the last request was answered ${last}` });
  }, times);
  return steady.ok ? undefined : steady.seen;
}

const firstPort = (app: unknown): number => {
  const [port] = portsOfApp(app);
  return port?.servicePort ?? 0;
};

/** Marathon says where its leader is as the others call it. */
function partAt(marathons: DrillFacts['marathons'], place: string): string {
  const found = marathons.find((each) => each.place === place || each.url === `http://${place}`);
  return (found ?? marathons[0])?.id ?? '';
}
