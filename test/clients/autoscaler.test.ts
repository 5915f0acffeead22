import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { Agent, get } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import { startAutoscaler } from '../../autoscaling/program/start-autoscaler.ts';
import { currentSessionsOf, readStatistics, requestsOf } from '../../checks/haproxy-statistics.ts';
import { temporaryFolder } from '../engine/agent/running-agent.ts';
import { freePort, startFakeTask } from '../engine/load-balancer/balancer-support.ts';
import { MarathonClient } from '../engine/marathon/marathon-for-test.ts';
import { eventually } from '../engine/master/master-for-test.ts';
import { requireTool } from '../support/require-tool.ts';
import { startClientCluster } from './client-cluster.ts';
import { startedProgram } from './started-program.ts';

const host = '127.0.0.1';

/** Gives something once the Prometheus has scraped the autoscaler. */
const query = 'sum(autoscaler_looks_total) * 0 + 45';

describe.skipIf(!requireTool('prometheus', ['prometheus', '--version']))('a real Prometheus', () => {
  test('scrapes the autoscaler, whose app has a query of it for a metric', async () => {
    const { marathon, master } = await startClientCluster();
    const [port, own] = [await freePort(), await freePort()];
    const urls = { marathons: [marathon], masters: [master], loadBalancers: [], prometheus: `http://${host}:${port}` };
    const lines: string[] = [];
    const world = {
      log: (line: string) => lines.push(line),
      now: Date.now,
      sleep: (ms: number, signal: AbortSignal) => sleep(ms, undefined, { signal }),
    };
    const autoscaler = await startAutoscaler({ host, port: own, urls, intervalMs: 200 }, world);
    onTestFinished(() => autoscaler.stop());
    const client = new MarathonClient(marathon);
    await client.post('/v2/apps', {
      ...{ id: '/shop', cmd: 'sleep 1000', cpus: 0.1, mem: 16, instances: 1 },
      labels: { AUTOSCALE_MAX: '9', AUTOSCALE_METRIC: `prometheus: ${query}`, AUTOSCALE_TARGET: '10' },
    });
    const folder = temporaryFolder();
    const file = join(folder, 'prometheus.yml');
    const target = `{ targets: ["${host}:${own}"] }`;
    const job = `{ job_name: autoscaler, scrape_interval: 500ms, static_configs: [${target}] }`;
    writeFileSync(file, `scrape_configs: [${job}]\n`);
    const listen = `--web.listen-address=${host}:${port}`;
    startedProgram('prometheus', [`--config.file=${file}`, `--storage.tsdb.path=${folder}/data`, listen]);
    await eventually(async () => (await client.app('/shop')).instances === 5, 30_000).catch(() => {
      throw new Error(lines.join('\n'));
    });
    expect(lines.join('\n')).toContain('/shop scaled from 1 to 5: prometheus 45 of 10 an instance: ratio 4.5, 1 → 5');
    const input = await (await fetch(`${autoscaler.url}/metrics`)).text();
    const checked = spawnSync('promtool', ['check', 'metrics'], { input, encoding: 'utf8' });
    expect([checked.status, checked.stdout, checked.stderr]).toEqual([0, '', '']);
  });
});

describe.skipIf(!requireTool('haproxy', ['haproxy', '-v']))('a real HAProxy', () => {
  test('counts each request over a connection that is kept, as the autoscaler reads it', async () => {
    const task = await startFakeTask((_, answer) => answer.end('sold'));
    const [stats, service] = [await freePort(), await freePort()];
    const file = join(temporaryFolder(), 'haproxy.cfg');
    const sections = [
      'defaults\n  mode http\n  timeout connect 5s\n  timeout client 30s\n  timeout server 30s',
      `listen statistics\n  bind ${host}:${stats}\n  stats enable\n  stats uri /haproxy?stats`,
      `frontend shop_10000\n  bind ${host}:${service}\n  default_backend shop_10000`,
      `backend shop_10000\n  server agent1_31000 ${host}:${task}`,
    ];
    writeFileSync(file, `${sections.join('\n')}\n`);
    const { output } = startedProgram('haproxy', ['-db', '-f', file]);
    const statistics = async () => (await fetch(`http://${host}:${stats}/haproxy?stats;csv`)).text();
    await eventually(() =>
      statistics().then(
        () => true,
        () => false,
      ),
    ).catch(() => {
      throw new Error(output());
    });
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    onTestFinished(() => {
      agent.destroy();
    });
    const ask = () =>
      new Promise<void>((resolve, reject) => {
        get({ host, port: service, agent }, (answer) => answer.resume().once('end', resolve)).once('error', reject);
      });
    for (let count = 0; count < 20; count++) await ask();
    const csv = await statistics();
    expect(requestsOf(readStatistics(csv), 10_000)).toEqual([{ server: 'agent1_31000', total: 20 }]);
    expect(currentSessionsOf(readStatistics(csv), 10_000)).toEqual([{ server: 'agent1_31000', total: 0 }]);
  });
});
