import { describe, expect, test } from 'vitest';
import { masterState, send } from './ask-cluster.ts';
import { Disorder, heal } from './disorder.ts';
import { MemoryNetwork } from './memory-network.ts';
import { problemsOf } from './problems.ts';
import { randomFrom } from './random.ts';
import { startSmallCluster, type SmallCluster } from './small-cluster.ts';
import { VirtualTime } from './virtual-time.ts';
import { definitionOf, WantedApps } from './wanted-apps.ts';

/*
 * In the end each app has its instances, none lost, none doubled: whatever was stopped, killed, paused and cut off before.
 * Time, network and files are in memory, and all chance is the seed's: a seed is the same run on every machine.
 * SEED=123 runs that one again, SEED=1,2 several, SEEDS=2000 so many.
 */
const { SEED, SEEDS } = process.env;
const seeds =
  SEED === undefined
    ? Array.from({ length: Number(SEEDS ?? 100) }, (_, index) => index + 1)
    : SEED.split(',').map(Number);
const file = 'test/engine/invariant/invariant.test.ts';

const steps = 30;
/** Nothing that is due takes so long. */
const patienceMs = 20_000;
/** Of all of a seed; who waits for more waits for ever. */
const limitMs = 120_000;

/** Waits until there are no problems, twice in a row: what is due later must not bring new ones. */
async function untilQuiet(time: VirtualTime, problems: () => Promise<readonly string[]>): Promise<void> {
  const deadline = time.elapsedMs + patienceMs;
  for (let good = 0; good < 2;) {
    const found = await problems();
    good = found.length === 0 ? good + 1 : 0;
    if (time.elapsedMs > deadline) throw new Error(`after ${patienceMs / 1000} s still:\n  ${found.join('\n  ')}`);
    await time.pass(good > 0 ? 300 : 50);
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

async function disturb(cluster: SmallCluster, seed: number, time: VirtualTime, say: (line: string) => void) {
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
    const happening = step < 2 || random.chance(0.4) ? apps.change() : disorder.next();
    say(happening.text);
    const done = happening.done.then((answer) => {
      if (answer !== undefined) say(`  ${answer}`);
    });
    done.catch(() => undefined);
    pending.push(done);
    await time.pass(random.below(120));
  }
  say('heal');
  await heal(cluster);
  await Promise.all(pending);
  say('healed');
  await untilQuiet(time, () => problemsOf(cluster, apps));
  await fill(cluster);
  say('filled');
  await untilQuiet(time, () => problemsOf(cluster, apps));
}

/** @returns all that happened. @throws Error with it, when something is wrong in the end */
async function runSeed(seed: number): Promise<readonly string[]> {
  const time = new VirtualTime(seed);
  const network = new MemoryNetwork(time);
  const journal: string[] = [];
  const say = (line: string) => journal.push(`${time.elapsedMs.toFixed(1)} ms ${line}`);
  const run = async () => {
    const cluster = await startSmallCluster({ time, log: say });
    try {
      await disturb(cluster, seed, time, say);
    } finally {
      await cluster.end();
    }
  };
  try {
    await time.until(run(), limitMs);
    return journal;
  } catch (error) {
    const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
    throw new Error(`Seed ${seed} failed: SEED=${seed} npx vitest run ${file}\n${reason}\n${journal.join('\n')}`);
  } finally {
    network.end();
    time.end();
  }
}

describe('in the end each app has its instances, none lost, none doubled', () => {
  test.each(seeds)('seed %i', { timeout: 60_000 }, async (seed) => {
    await runSeed(seed);
  });
});

test('a seed is the same run each time', async () => {
  expect(await runSeed(1)).toEqual(await runSeed(1));
});
