import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '../engine/agent/running-agent.ts';
import { freePort } from '../engine/load-balancer/balancer-support.ts';
import { MarathonClient } from '../engine/marathon/marathon-for-test.ts';
import { listOf, type Loose } from '../engine/marathon/shapes/loose.ts';
import { eventually } from '../engine/master/master-for-test.ts';
import { fetchJson } from '../engine/scheduler-client.ts';
import { requireTool } from '../support/require-tool.ts';
import { startClientCluster } from './client-cluster.ts';
import { startedProgram } from './started-program.ts';

const configuration = (marathon: string) => `
global: { scrape_interval: 500ms }
scrape_configs:
  - job_name: apps
    marathon_sd_configs: [{ servers: ["${marathon}"], refresh_interval: 500ms }]
`;

describe.skipIf(!requireTool('prometheus', ['prometheus', '--version']))('Prometheus', () => {
  test('finds the tasks of Marathon, with their labels, and forgets those that are gone', async () => {
    const { marathon } = await startClientCluster();
    const client = new MarathonClient(marathon);
    await client.post('/v2/apps', {
      ...{ id: '/shop/web', cpus: 0.1, mem: 16, instances: 2, labels: { team: 'a' } },
      networks: [{ mode: 'container/bridge' }],
      container: {
        type: 'DOCKER',
        docker: { image: 'nginx' },
        portMappings: [{ containerPort: 80, hostPort: 0, name: 'http', labels: { scrape: 'yes' } }],
      },
    });
    await client.settled();
    const folder = temporaryFolder();
    const file = join(folder, 'prometheus.yml');
    writeFileSync(file, configuration(marathon));
    const port = await freePort();
    const listen = `--web.listen-address=127.0.0.1:${port}`;
    const { output } = startedProgram('prometheus', [
      `--config.file=${file}`,
      `--storage.tsdb.path=${folder}/data`,
      listen,
    ]);
    let targets: readonly Loose[] = [];
    const untilTargets = (count: number) =>
      eventually(async () => {
        const url = `http://127.0.0.1:${port}/api/v1/targets?state=active`;
        const answer = await fetchJson(url).catch(() => undefined);
        targets = answer === undefined ? [] : listOf(answer.data.activeTargets);
        return answer !== undefined && targets.length === count;
      }, 30_000).catch(() => {
        throw new Error(`${JSON.stringify(targets)}\n${output().slice(-3000)}`);
      });
    await untilTargets(2);
    const { tasks } = await client.app('/shop/web');
    expect(targets.map(({ discoveredLabels: labels }): unknown => labels.__address__).sort()).toEqual(
      listOf(tasks)
        .map(({ host, ports }) => `${String(host)}:${String(ports[0])}`)
        .sort(),
    );
    expect(targets[0].discoveredLabels).toMatchObject({
      __meta_marathon_app: '/shop/web',
      __meta_marathon_app_label_team: 'a',
      __meta_marathon_image: 'nginx',
      __meta_marathon_port_mapping_label_scrape: 'yes',
    });
    await client.put('/v2/apps//shop/web', { instances: 1 });
    await client.settled();
    await untilTargets(1);
  });
});
