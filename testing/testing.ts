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
  const servant = startServant(script, ['__fixture']);
  const leaptMs = clock === undefined ? undefined : clock.now() - Date.now();
  let started: Started;
  try {
    started = (await servant.ask('start', { options: rest, leaptMs })) as Started;
  } catch (error) {
    await endCleanly(servant, script);
    throw error;
  }
  const unfollow = clock?.follow(async (ms) => {
    await servant.ask('leap', { ms });
  });
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
      if (!(ms >= 0)) throw new Error(`advance: found ${ms}, allowed is a time in milliseconds, from 0`);
      leaptMs += ms;
      await Promise.all([...followers].map((leap) => leap(ms)));
    },
    follow: (leap) => {
      followers.add(leap);
      return () => followers.delete(leap);
    },
  };
}
