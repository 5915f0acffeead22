import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { eventually } from '../engine/master/master-for-test.ts';
import { listOf, type Loose } from '../engine/marathon/shapes/loose.ts';
import { fetchJson } from '../engine/scheduler-client.ts';
import { requireTool } from '../support/require-tool.ts';
import { startClientCluster } from './client-cluster.ts';
import { installedPackages } from './installed-packages.ts';
import { startedProgram } from './started-program.ts';

const version = 'mesos-framework@0.5.3';

/** Examples of the package, with the tasks that each keeps; two more want a ZooKeeper. */
const examples: readonly (readonly [string, number])[] = [
  ['commandScheduler.js', 1],
  ['dockerSchedulerBridgeNetworking.js', 4],
  ['dockerSchedulerHostNetworking.js', 4],
  ['dockerSchedulerApacheFlink.js', 5],
];

describe.skipIf(!requireTool(`npm's ${version}`, ['npm', 'view', version, 'version']))('mesos-framework', () => {
  test('runs its examples, with nothing changed but where the master is', async () => {
    const { master, masterPort } = await startClientCluster();
    const folder = join(await installedPackages(version), 'node_modules/mesos-framework');
    const outputs = examples.map(([name]) => {
      const text = readFileSync(join(folder, 'examples', name), 'utf8');
      const file = join(folder, 'examples', `here-${name}`);
      writeFileSync(
        file,
        text.replace(/"masterUrl": "[\d.]+"/, '"masterUrl": "127.0.0.1"').replace('5050', masterPort),
      );
      return startedProgram(process.execPath, [file], { cwd: folder });
    });
    const running = async () => {
      const frameworks = listOf((await fetchJson(`${master}/state`)).frameworks);
      return frameworks
        .flatMap(({ name, tasks }): Loose[] => (name === 'marathon' ? [] : (tasks as Loose[])))
        .filter(({ state }) => state === 'TASK_RUNNING').length;
    };
    const wanted = examples.reduce((sum, [, tasks]) => sum + tasks, 0);
    await eventually(async () => (await running()) >= wanted, 60_000).catch((error: unknown) => {
      throw new Error(outputs.map(({ output }) => output().slice(-3000)).join('\n---\n'), { cause: error });
    });
    // It calls it an error when the example has a task start again that has ended.
    const errors = outputs.flatMap(({ output }) => output().match(/^error: (?!.*restartable state).*/gm) ?? []);
    expect(errors).toEqual([]);
  });
});
