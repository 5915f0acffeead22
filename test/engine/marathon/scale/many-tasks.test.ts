import { expect, test } from 'vitest';
import { memoryStore, type RecordStore } from '../../../../engine/framework/storage/record-store.ts';
import type { TaskInfo } from '../../../../protocol/mesos.ts';
import { pluck } from '../shapes/loose.ts';
import { sleeper, startWithFakeMaster, waitFor } from '../marathon-for-test.ts';

/** A store that can be told to take its time. */
function slowStore() {
  const store = memoryStore();
  let gate: Promise<void> = Promise.resolve();
  const appended: string[] = [];
  const slow: RecordStore = {
    ...store,
    append: async (batch) => {
      await gate;
      appended.push(batch);
      return store.append(batch);
    },
  };
  const close = () => {
    let open: () => void = () => undefined;
    gate = new Promise((resolve) => (open = resolve));
    return open;
  };
  return { slow, appended, close };
}

const agents = Array.from({ length: 10 }, (_, index) => ({ id: `S${index}` }));

test('updates that come while something is saved are saved together, and acknowledged only then', async () => {
  const { slow, appended, close } = slowStore();
  const launched: TaskInfo[] = [];
  const onLaunch = (task: TaskInfo) => launched.push(task);
  const { master, client } = await startWithFakeMaster({ agents, onLaunch }, {}, slow);
  await client.post('/v2/apps', sleeper({ instances: 50 }));
  await waitFor(() => {
    expect(launched).toHaveLength(50);
  });
  const open = close();
  const before = appended.length;
  for (const task of launched) master.run(task);
  // What is known is shown at once; it may yet be forgotten, and then it is sent again.
  await waitFor(async () => {
    expect((await client.app('/sleeper')).tasksRunning).toBe(50);
  });
  expect(master.callsOf('ACKNOWLEDGE')).toEqual([]);
  open();
  await waitFor(() => {
    expect(master.callsOf('ACKNOWLEDGE')).toHaveLength(100);
  });
  await client.settled();
  const withTasks = appended.slice(before).filter((batch) => batch.includes('instance:'));
  expect(withTasks.length).toBeLessThanOrEqual(2);
  const uuids = master.callsOf('ACKNOWLEDGE').map((call): unknown => call.acknowledge.uuid);
  expect(new Set(uuids).size).toBe(100);
});

test.each(['/v2/tasks', '/v2/apps/sleeper/tasks'])('%s of many tasks is sent while it is made', async (path) => {
  const { master, client } = await startWithFakeMaster({ agents }, { maxInstancesPerOffer: 100 });
  await client.post('/v2/apps', sleeper({ instances: 600, cpus: 0.01, mem: 1 }));
  await client.settled();
  const { status, headers, body } = await client.get(path);
  expect([status, headers.get('content-type'), headers.get('content-length')]).toEqual([200, 'application/json', null]);
  const ids = pluck(body.tasks, 'id');
  expect([...ids].sort()).toEqual(
    master
      .launched()
      .map((task) => task.task_id.value)
      .sort(),
  );
});

test.each(['/v2/queue?embed=lastUnusedOffers', '/v2/deployments'])(
  '%s of many apps that find no room is sent while it is made',
  async (path) => {
    const { client } = await startWithFakeMaster({ agents });
    const apps = Array.from({ length: 900 }, (_, index) => sleeper({ id: `a${index}`, cpus: 1000 }));
    const { status } = await client.put('/v2/groups', { id: '/g', apps });
    expect(status).toBe(200);
    await waitFor(async () => {
      const answer = await client.get(path);
      expect(answer.headers.get('content-length')).toBeNull();
      const queue = answer.body.queue as { readonly lastUnusedOffers: readonly unknown[] }[] | undefined;
      if (queue !== undefined) {
        expect(queue).toHaveLength(900);
        expect(queue.every(({ lastUnusedOffers }) => lastUnusedOffers.length === agents.length)).toBe(true);
      } else expect(answer.body[0].affectedApps).toHaveLength(900);
    });
  },
);
