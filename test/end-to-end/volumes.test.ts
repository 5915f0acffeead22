import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { testLab } from './lab-process.ts';

const waitFor = <T>(assertion: () => T | Promise<T>) => vi.waitFor(assertion, { timeout: 60_000, interval: 50 });

interface Task {
  readonly id: string;
  readonly slaveId: string;
  readonly state: string;
}

/** Says each start of it in its volume. */
const db = {
  ...{ id: '/db', cpus: 0.1, mem: 32, instances: 1 },
  cmd: 'echo $MESOS_TASK_ID >> data/starts; sleep 5000',
  container: {
    type: 'MESOS',
    volumes: [{ containerPath: 'data', mode: 'RW', persistent: { size: 16 } }],
  },
};

it('an app with a persistent volume has its data when its task or its agent was stopped or killed', async () => {
  const lab = await testLab('counts:\n  agents: 2\n');
  const marathon = `http://127.0.0.1:${lab.ports.marathon}`;
  const does = async (...words: readonly string[]) => {
    const { status, stderr } = await lab.run(...words);
    expect([words, status, stderr]).toEqual([words, 0, expect.any(String)]);
  };
  const running = async (): Promise<Task> => {
    const answer = await fetch(`${marathon}/v2/apps/db/tasks`, { headers: { Accept: 'application/json' } });
    const { tasks } = (await answer.json()) as { tasks: readonly Task[] };
    expect(tasks).toMatchObject([{ state: 'TASK_RUNNING' }]);
    return tasks[0] as Task;
  };
  const runFolder = join(lab.directory, '.mesos-cluster/run');
  const data = () =>
    readdirSync(runFolder, { recursive: true, encoding: 'utf8' })
      .filter((path) => /\/volumes\/roles\/marathon\/[^/]+\/starts$/.test(path))
      .map((path) => join(runFolder, path));
  /** The task that runs, when it has written as many lines as there were tasks. */
  const afterStarts = (count: number) =>
    waitFor(async () => {
      const task = await running();
      const files = data();
      expect(files).toHaveLength(1);
      const lines = readFileSync(files[0] ?? '', 'utf8')
        .trim()
        .split('\n');
      expect([lines.length, lines.at(-1)]).toEqual([count, task.id]);
      return task;
    });

  writeFileSync(join(lab.directory, 'apps/db.json'), JSON.stringify(db));
  await does('up');
  await does('deploy', 'apps/db.json', '--wait');
  const first = await afterStarts(1);

  await fetch(`${marathon}/v2/apps/db/tasks/${first.id}`, { method: 'DELETE' });
  const second = await afterStarts(2);
  expect(second).toMatchObject({ slaveId: first.slaveId });

  // Its task outlives its agent.
  const state = (await (await fetch(`http://127.0.0.1:${lab.ports.master}/slaves`)).json()) as {
    slaves: readonly { readonly id: string; readonly hostname: string; readonly port: number }[];
  };
  const { components } = JSON.parse((await lab.run('status', '--json')).stdout) as {
    components: readonly { readonly id: string; readonly url: string }[];
  };
  const port = String(state.slaves.find(({ id }) => id === first.slaveId)?.port);
  const agent = components.find(({ url }) => new URL(url).port === port)?.id ?? '';
  for (const verb of ['stop', 'kill']) {
    await does(verb, agent);
    await does('start', agent);
    expect(await afterStarts(2)).toMatchObject({ id: second.id, slaveId: first.slaveId });
  }

  // Then it is deleted with all its data.
  await fetch(`${marathon}/v2/apps/db`, { method: 'DELETE' });
  await waitFor(() => {
    expect(data()).toEqual([]);
  });
}, 240_000);
