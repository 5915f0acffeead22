import { join } from 'node:path';
import { startServant, type Servant } from '../platform/processes/servant.ts';
import type { ClusterOptions, DeployedApp, PartState, TestClock, TestCluster } from './test-cluster.ts';
import { waitFor } from './wait-for.ts';

// The bundle is CommonJS: this is the folder that the program's files are in, too.
declare const __dirname: string;

type Started = Pick<TestCluster, 'masterUrls' | 'agentUrls' | 'marathonUrls' | 'servicePorts' | 'folder'> & {
  readonly loadBalancerUrls: readonly string[];
};

const deployMs = 30_000;

/**
 * Starts a Mesos cluster for tests, in a process beside this one, on ports that nobody uses; resolves when it is ready.
 * Whatever becomes of this process, the cluster ends with it and leaves nothing.
 * @throws Error that names every option that is wrong
 */
export async function startCluster(options: ClusterOptions = {}): Promise<TestCluster> {
  const { clock, ...rest } = options;
  const script = join(__dirname, 'create-mesos-cluster.cjs');
  const leaptMs = clock === undefined ? undefined : aheadMs(clock);
  const servant = startServant(script, ['__fixture']);
  const leap = async (ms: number) => {
    await servant.ask('leap', { ms });
  };
  let started: Started;
  let unfollow: (() => void) | undefined;
  try {
    started = (await servant.ask('start', { options: rest, leaptMs })) as Started;
    unfollow = clock?.follow(leap);
    // It may have gone on while the cluster started, of which nobody has heard.
    const missedMs = clock === undefined ? 0 : aheadMs(clock) - (leaptMs ?? 0);
    if (missedMs > 0) await leap(missedMs);
  } catch (error) {
    unfollow?.();
    await endCleanly(servant, script);
    throw error;
  }
  let ended: Promise<void> | undefined;
  return {
    ...clusterOf(started, servant),
    end: () => {
      unfollow?.();
      ended ??= endCleanly(servant, script);
      return ended;
    },
  };
}

/** By how much it is ahead of the system's time. */
const aheadMs = (clock: TestClock): number => clock.now() - Date.now();

function clusterOf({ loadBalancerUrls, ...started }: Started, { ask }: Servant): Omit<TestCluster, 'end'> {
  const control =
    (action: string) =>
    async (...names: readonly string[]): Promise<void> => {
      await ask('control', { action, names });
    };
  return {
    ...started,
    masterUrl: started.masterUrls[0] ?? '',
    marathonUrl: started.marathonUrls[0] ?? '',
    loadBalancerUrl: loadBalancerUrls[0] ?? '',
    deploy: async (app, { timeoutMs = deployMs } = {}) => (await ask('deploy', { app, timeoutMs })) as DeployedApp,
    waitFor,
    ready: async () => {
      await ask('ready', {});
    },
    stop: control('stop'),
    kill: control('kill'),
    pause: control('pause'),
    partition: control('partition'),
    heal: control('heal'),
    start: control('start'),
    states: async () => (await ask('states', {})) as Readonly<Record<string, PartState>>,
  };
}

/** One that was killed could not clean up: another one does. */
async function endCleanly(servant: Servant, script: string): Promise<void> {
  if (await servant.dismiss()) return;
  const other = startServant(script, ['__fixture']);
  await other.ask('sweep', {}).finally(() => other.dismiss());
}

/** A clock for `startCluster({ clock })`. */
export function testClock(): TestClock {
  const followers = new Set<(ms: number) => Promise<void>>();
  let leaptMs = 0;
  return {
    now: () => Date.now() + leaptMs,
    advance: async (ms) => {
      if (!Number.isFinite(ms) || ms < 0) {
        throw new Error(`advance: found ${ms}, allowed is a time in milliseconds, from 0`);
      }
      leaptMs += ms;
      await Promise.all([...followers].map((leap) => leap(ms)));
    },
    follow: (leap) => {
      followers.add(leap);
      return () => followers.delete(leap);
    },
  };
}
