import { textAt } from '../../../protocol/json.ts';
import { tellMarathon } from '../drill-app.ts';
import type { Drill } from '../drill.ts';
import { askAnyOf } from '../looks.ts';
import { commandRuns, plus, predict, seconds, sources } from '../predictions.ts';

/** What its app may use, and what it writes, in MB. */
const quotaMb = 16;
const writtenMb = 64;

const fills = (app: string) => ({
  id: `${app}-fill`,
  cmd: `dd if=/dev/zero of=filled bs=1048576 count=${writtenMb} && sleep 3600`,
  ...{ cpus: 0.1, mem: 32, disk: quotaMb, instances: 1 },
});

export const fillSandbox: Drill = {
  name: 'fill-sandbox',
  title: 'a task writes more into its sandbox than it may, and is killed for that',
  harm: 'its own app',
  needs: { loadBalancer: true, diskQuota: true },
  plan: ({ facts, app }) => {
    const { id } = fills(app);
    const runs = commandRuns(facts);
    const { diskWatchMs } = facts.settings;
    const formula = `it starts; then container_disk_watch_interval ${seconds(diskWatchMs)}, twice at most`;
    return {
      target: id,
      words: [
        `${id} writes ${writtenMb} MB into its sandbox, of which it may use ${quotaMb}.`,
        'The agent looks at sandboxes now and then, and kills what is over its quota; other tasks of the agent are left alone.',
      ],
      predictions: [
        predict('task-lost', 'the agent has killed it', {
          ...plus(runs, { fromMs: 0, toMs: 2 * diskWatchMs }),
          formula,
          source: sources.disk,
        }),
      ],
      run: async (stage) => {
        const { cluster, signal } = stage;
        await stage.strike(`deploy ${id}`, async () => {
          await tellMarathon(cluster, { method: 'POST', path: '/v2/apps', body: fills(app) }, signal);
        });
        await stage.follow(
          async (either) => {
            const answer = await askAnyOf(cluster, cluster.target.marathons, `/v2/apps${id}`, either);
            return textAt(answer?.json, 'app', 'lastTaskFailure', 'message');
          },
          // posix/disk.cpp: "Disk usage (64MB) exceeds quota (16MB)".
          [['task-lost', (message = '') => /exceeds quota/i.test(message)]],
        );
      },
    };
  },
};
