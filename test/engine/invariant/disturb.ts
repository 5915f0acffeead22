import { masterState, send } from './ask-cluster.ts';
import { Disorder, heal, type Happening } from './disorder.ts';
import { problemsOf } from './problems.ts';
import { randomFrom, type Random } from './random.ts';
import type { SmallCluster } from './small-cluster.ts';
import { definitionOf, WantedApps } from './wanted-apps.ts';

/** Waits until there are no problems, twice in a row: what is due later must not bring new ones. */
async function untilQuiet({ time, patienceMs, slowness }: Pace, problems: () => Promise<readonly string[]>) {
  const deadline = time.elapsedMs + patienceMs;
  for (let good = 0; good < 2;) {
    const found = await problems();
    good = found.length === 0 ? good + 1 : 0;
    if (time.elapsedMs > deadline) throw new Error(`after ${patienceMs / 1000} s still:\n  ${found.join('\n  ')}`);
    await time.pass((good > 0 ? 300 : 50) * slowness);
  }
}

/** An app as large as what is free on each agent gets there: nothing of them was lost. */
async function fill(cluster: SmallCluster): Promise<void> {
  const agents = (await masterState(cluster))?.slaves ?? [];
  const free = Math.min(...agents.map(({ resources, used_resources: used }) => resources.cpus - used.cpus));
  // One of them is full.
  if (free < 0.1) return;
  const constraints = [['hostname', 'UNIQUE']];
  const app = definitionOf('last', 3, 'last', { constraints, cpus: Math.round(free * 10) / 10 });
  const status = await send('PUT', `${cluster.marathons[0]?.url ?? ''}/v2/apps/last`, app);
  if (status !== 201) throw new Error(`the last app was answered with ${status ?? 'nothing'}`);
}

/** How fast it all goes. */
interface Pace {
  readonly time: { readonly elapsedMs: number; readonly pass: (ms: number) => Promise<void> };
  /** Nothing that is due takes so long. */
  readonly patienceMs: number;
  /** As in ClusterOptions. */
  readonly slowness: number;
}

export interface DisturbOptions extends Pace {
  readonly seed: number;
  readonly steps: number;
  readonly say: (line: string) => void;
  /** What else may happen, beside what happens to components, and what makes that good again. */
  readonly others?: { readonly next: (random: Random) => Happening | undefined; readonly heal: () => Promise<void> };
}

/**
 * Changes apps and stops, kills, pauses and cuts off components, by the chance of a seed; then heals all.
 * @throws Error when something is wrong in the end
 */
export async function disturb(cluster: SmallCluster, options: DisturbOptions): Promise<void> {
  const { seed, steps, say, time, slowness, others } = options;
  const random = randomFrom(seed);
  const asks = cluster.marathons.map(
    ({ url }) =>
      (method: string, path: string, body?: unknown) =>
        send(method, `${url}${path}`, body),
  );
  const apps = new WantedApps(random, asks);
  const disorder = new Disorder(cluster, random);
  const pending: Promise<unknown>[] = [];
  for (let step = 0; step < steps; step++) {
    const happening = others?.next(random) ?? (step < 2 || random.chance(0.4) ? apps.change() : disorder.next());
    say(happening.text);
    const done = happening.done.then((answer) => {
      if (answer !== undefined) say(`  ${answer}`);
    });
    done.catch(() => undefined);
    pending.push(done);
    await time.pass(random.below(120) * slowness);
  }
  say('heal');
  await others?.heal();
  await heal(cluster);
  await Promise.all(pending);
  say('healed');
  await untilQuiet(options, () => problemsOf(cluster, apps));
  await fill(cluster);
  say('filled');
  await untilQuiet(options, () => problemsOf(cluster, apps));
}
