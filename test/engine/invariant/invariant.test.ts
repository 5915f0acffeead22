import { describe, expect, test } from 'vitest';
import { inMemoryDiscovery } from '../../../engine/discovery/in-memory-discovery.ts';
import type { Life } from '../../../engine/lives/life.ts';
import { discoveryOf, storeOf } from '../../../engine/lives/world-of-life.ts';
import { frameworkStore } from '../../../runtimes/embedded/framework-store.ts';
import { disturb } from './disturb.ts';
import { memoryFiles } from './memory-files.ts';
import { MemoryNetwork } from './memory-network.ts';
import { startSmallCluster, type Meeting } from './small-cluster.ts';
import { VirtualTime } from './virtual-time.ts';
import { trials } from '../../support/trials.ts';

/*
 * In the end each app has its instances, none lost, none doubled: whatever was stopped, killed, paused and cut off before.
 * Time, network and files are in memory, and all chance is the seed's: a seed is the same run on every machine.
 * SEED=123 runs that one again, SEED=1,2 several, SEEDS=2000 so many.
 */
const { SEED } = process.env;
const seeds =
  SEED === undefined
    ? Array.from({ length: trials('SEEDS', { usual: 25, thorough: 200 }) }, (_, index) => index + 1)
    : SEED.split(',').map(Number);
const file = 'test/engine/invariant/invariant.test.ts';

const pace = { steps: 30, slowness: 1, patienceMs: 20_000 };
const ports = { masters: 5050, agents: 5150, marathons: 8080, tasks: 31_100, tasksEach: 100 };
/** The time that ZooKeeper gives a session. */
const sessionMs = 100;
/** Of all of a seed; who waits for more waits for ever. */
const limitMs = 120_000;

/** All find each other in memory, and have a session that ends as one of ZooKeeper. */
function inMemory(time: VirtualTime) {
  const [ofMasters, ofMarathons] = [inMemoryDiscovery(), inMemoryDiscovery()];
  const files = memoryFiles(time);
  const store = frameworkStore('/store', files);
  const meet = (life: Life): Meeting => ({
    masters: discoveryOf(life, ofMasters, sessionMs),
    marathons: discoveryOf(life, ofMarathons, sessionMs),
    store: storeOf(life, store()),
    close: () => Promise.resolve(),
  });
  return { files, meet };
}

/** @returns all that happened. @throws Error with it, when something is wrong in the end */
async function runSeed(seed: number): Promise<readonly string[]> {
  const time = new VirtualTime(seed);
  const network = new MemoryNetwork(time);
  const journal: string[] = [];
  const say = (line: string) => journal.push(`${time.elapsedMs.toFixed(1)} ms ${line}`);
  const run = async () => {
    const cluster = await startSmallCluster({ ...inMemory(time), log: say, ports, slowness: pace.slowness });
    try {
      await disturb(cluster, { ...pace, seed, time, say });
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
