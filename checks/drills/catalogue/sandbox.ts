import { textAt } from '../../../protocol/json.ts';
import { tellMarathon } from '../drill-app.ts';
import type { Drill } from '../drill.ts';
import { askAnyOf } from '../looks.ts';
import { commandRuns, plus, predict, seconds, sources } from '../predictions.ts';

/** What its app may use, and what it writes, in MB. */
const quotaMb = 16;
const writtenMb = 64;

const fills = (app: string, hostname: string) => ({
  id: `${app}-fill`,
  // Where the flags were read from that the prediction comes from.
  constraints: [['hostname', 'CLUSTER', hostname]],
  cmd: `dd if=/dev/zero of=filled bs=1048576 count=${writtenMb} && sleep 3600`,
  ...{ cpus: 0.1, mem: 32, disk: quotaMb, instances: 1 },
});

export const fillSandbox: Drill = {
  name: 'fill-sandbox',
  title: 'a task writes more into its sandbox than it may, and is killed for that',
  harm: 'its own app',
  needs: { loadBalancer: true, diskQuota: true },
  plan: ({ facts, app }) => {
    const [agent] = facts.agents;
    const filling = fills(app, agent?.hostname ?? '');
    const runs = commandRuns(facts);
    const { diskWatchMs } = facts.settings;
    const turns = facts.disk.measured + 1;
    const formula = `it starts; then container_disk_watch_interval ${seconds(diskWatchMs)} until its turn, ${turns === 1 ? 'as the only one' : `one of ${turns}`} that the agent measures; twice, as the first look may be before it has written`;
    return {
      target: filling.id,
      words: [
        `${filling.id} writes ${writtenMb} MB into its sandbox on ${agent?.id ?? ''}, of which it may use ${quotaMb}.`,
        'The agent looks at one sandbox after another, and kills what is over its quota; other tasks of the agent are left alone.',
      ],
      predictions: [
        predict('task-lost', 'the agent has killed it', {
          ...plus(runs, { fromMs: 0, toMs: 2 * turns * diskWatchMs }),
          formula,
          source: sources.disk,
        }),
      ],
      run: async (stage) => {
        const { cluster, signal } = stage;
        await stage.strike(`deploy ${filling.id}`, async () => {
          await tellMarathon(cluster, { method: 'POST', path: '/v2/apps', body: filling }, signal);
        });
        await stage.follow(
          async (either) => {
            const answer = await askAnyOf(cluster, cluster.target.marathons, `/v2/apps${filling.id}`, either);
            return textAt(answer?.json, 'app', 'lastTaskFailure', 'message');
          },
          // posix/disk.cpp: "Disk usage (64MB) exceeds quota (16MB)".
          [['task-lost', (message = '') => /exceeds quota/i.test(message)]],
        );
      },
    };
  },
};
