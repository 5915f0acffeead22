import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, onTestFinished, test } from 'vitest';
import { marathonDiscovery, masterDiscovery } from '../../../engine/discovery/zookeeper-discovery.ts';
import type { Life } from '../../../engine/lives/life.ts';
import { zookeeperStore } from '../../../engine/framework/storage/zookeeper-store.ts';
import { openZookeeper } from '../../../engine/zookeeper/zookeeper-session.ts';
import { tryPort } from '../../../platform/network/try-port.ts';
import { claimPorts } from '../../../runtimes/embedded/fixture/port-block.ts';
import { disturb } from '../../engine/invariant/disturb.ts';
import { memoryFiles } from '../../engine/invariant/memory-files.ts';
import { startSmallCluster, type Meeting } from '../../engine/invariant/small-cluster.ts';
import { requireTool } from '../../support/require-tool.ts';
import { ZookeeperDisorder } from './zookeeper-disorder.ts';
import { startEnsemble, type Ensemble } from './zookeeper-ensemble.ts';

/*
 * As test/engine/invariant, but over a real ZooKeeper, whose members are killed and paused as well, and in real time: what
 * is done follows from the seed, what comes in between does not. SEED=123 runs that one again, SEED=1,2 several.
 */
const { SEED } = process.env;
const seeds = SEED === undefined ? [1, 2, 3] : SEED.split(',').map(Number);
const file = 'test/docker/zookeeper/zookeeper-invariant.test.ts';

const pace = { steps: 20, slowness: 4, patienceMs: 60_000 };
/** The least that ZooKeeper grants: two of its ticks. */
const sessionTimeoutMs = 4000;

const hasDocker = requireTool('Docker Engine', ['docker', 'info']);

const realTime = () => {
  const start = performance.now();
  return {
    get elapsedMs() {
      return performance.now() - start;
    },
    pass: (ms: number) => sleep(ms),
    random: Math.random,
  };
};

/** Components that meet in ZooKeeper: each run of one has a session of its own, as a process of its own has. */
const inZookeeper =
  ({ servers }: Ensemble, path: string) =>
  (_life: Life, log: (line: string) => void): Meeting => {
    const session = openZookeeper({ servers, sessionTimeoutMs, log });
    return {
      masters: masterDiscovery(session, `${path}/mesos`),
      marathons: marathonDiscovery(session, `${path}/marathon`),
      store: zookeeperStore(session, `${path}/marathon`),
      close: () => session.close(),
    };
  };

async function runSeed(seed: number, ensemble: Ensemble): Promise<void> {
  const time = realTime();
  const journal: string[] = [];
  const say = (line: string) => journal.push(`${time.elapsedMs.toFixed()} ms ${line}`);
  const { first, release } = await claimPorts(tryPort, Math.random);
  onTestFinished(release);
  const ports = { masters: first, agents: first + 10, marathons: first + 20, tasks: first + 50, tasksEach: 50 };
  const cluster = await startSmallCluster({
    ...{ log: say, files: memoryFiles(time), ports, slowness: pace.slowness },
    meet: inZookeeper(ensemble, `/seed-${seed}-${process.pid}`),
  });
  const others = new ZookeeperDisorder(ensemble);
  try {
    await disturb(cluster, {
      ...{ ...pace, seed, time, say },
      others: { next: (random) => others.next(random), heal: () => others.heal() },
    });
  } catch (error) {
    const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
    throw new Error(`Seed ${seed} failed: SEED=${seed} npx vitest run ${file}\n${reason}\n${journal.join('\n')}`);
  } finally {
    await others.heal();
    await cluster.end();
  }
}

describe.skipIf(!hasDocker)(
  'over a real ZooKeeper each app has its instances in the end, none lost, none doubled',
  () => {
    let ensemble: Ensemble;

    beforeAll(async () => {
      ensemble = await startEnsemble(`invariant-${process.pid}`);
      await ensemble.isServing();
    });

    afterAll(() => ensemble.remove());

    test.each(seeds)('seed %i', { timeout: 150_000 }, async (seed) => {
      await runSeed(seed, ensemble);
    });
  },
);
