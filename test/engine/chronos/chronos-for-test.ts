import { expect, onTestFinished } from 'vitest';
import type { ChronosOptions } from '../../../engine/chronos/chronos-options.ts';
import { startChronos } from '../../../engine/chronos/start-chronos.ts';
import { inMemoryDiscovery } from '../../../engine/discovery/in-memory-discovery.ts';
import { memoryStore, type RecordStore } from '../../../engine/framework/storage/record-store.ts';
import type { TaskInfo } from '../../../protocol/mesos.ts';
import { FakeMaster } from '../marathon/fake-master.ts';
import type { Loose } from '../marathon/shapes/loose.ts';
import { MarathonClient, mastersAt, waitFor } from '../marathon/marathon-for-test.ts';

/** A clock that a test sets forward. */
export class TestClock {
  now: number;
  constructor(iso: string) {
    this.now = Date.parse(iso);
  }
  readonly read = () => this.now;
}

interface World {
  readonly store?: RecordStore;
  readonly clock?: () => number;
}

/** A Chronos, asked as an outsider would; it ends with the test. */
export async function startTestChronos(more: Partial<ChronosOptions> = {}, { store, clock }: World = {}) {
  const log: string[] = [];
  const component = await startChronos(
    {
      ...{ host: '127.0.0.1', port: 0, hostname: 'localhost' },
      ...{ masters: inMemoryDiscovery(), election: inMemoryDiscovery() },
      ...{ failureRetryMs: 5, minReviveMs: 0 },
      ...more,
    },
    {
      store: store ?? memoryStore(),
      log: (line) => {
        log.push(line);
      },
      ...(clock !== undefined && { clock }),
    },
  );
  onTestFinished(() => component.stop());
  return { component, log, client: new MarathonClient(component.url), url: component.url };
}

/** A Chronos that is registered with a fake master, at which tasks that are launched run until a test ends them. */
export async function startWithFakeMaster(
  masterOptions: ConstructorParameters<typeof FakeMaster>[0] = {},
  more: Partial<ChronosOptions> = {},
  world: World = {},
) {
  const master = await new FakeMaster(masterOptions).start();
  onTestFinished(() => master.close());
  const masters = mastersAt(master.url);
  const chronos = await startTestChronos({ masters, ...more }, world);
  await waitFor(() => {
    expect(master.callsOf('SUBSCRIBE')).toHaveLength(1);
  });
  return { ...chronos, master, masters };
}

/** As a fake master's `onLaunch`: each task comes to a good end at once. */
export const finishAtOnce = (task: TaskInfo, master: FakeMaster) => {
  master.run(task);
  master.update(task, 'TASK_FINISHED');
};

/** Waits until as many tasks as that were launched. @returns the last one */
export const launchedBy = (master: FakeMaster, count: number): Promise<TaskInfo> =>
  waitFor(() => {
    const launched = master.launched();
    expect(launched).toHaveLength(count);
    return launched.at(-1) as TaskInfo;
  });

export const jobOf = async (client: MarathonClient, name: string): Promise<Record<string, Loose>> =>
  (await client.get(`/v1/scheduler/job/${name}`)).body as Record<string, Loose>;

/** Long before any test, and long after. */
export const never = 'R/2999-01-01T00:00:00Z/P1Y';

export async function post(client: MarathonClient, job: object): Promise<void> {
  const path = 'parents' in job ? 'dependency' : 'iso8601';
  expect(await client.post(`/v1/scheduler/${path}`, job)).toMatchObject({ status: 204, text: '' });
}
