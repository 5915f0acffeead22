import { createServer } from 'node:net';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, onTestFinished, test } from 'vitest';
import { lookAtPrometheus } from '../../../checks/addons/look-at-addons.ts';
import { clusterAt } from '../../../checks/cluster-target.ts';
import { startMetrics } from '../../../engine/metrics/start-metrics.ts';
import { alertRules } from '../../../generators/metrics/alert-rules.ts';
import { dashboards } from '../../../generators/grafana/dashboards/dashboards.ts';
import { prometheusFiles } from '../../../generators/metrics/prometheus-files.ts';
import { systemClock } from '../../../platform/clock.ts';
import { testLab } from '../../end-to-end/lab-process.ts';
import { freePort } from '../../engine/load-balancer/balancer-support.ts';
import { requireTool } from '../../support/require-tool.ts';
import { startedProgram } from '../started-program.ts';
import { startedPrometheus, until, written, type StartedPrometheus } from './started-prometheus.ts';

/** Times of a lab are minutes: here all is noticed within seconds. */
const timing = { windowSeconds: 15, patienceSeconds: 1 };
const intervalSeconds = 1;

const hasPrometheus = requireTool('prometheus', ['prometheus', '--version']);
const hasNodeExporter = requireTool('prometheus-node-exporter', ['prometheus-node-exporter', '--version']);

/** A lab with agents that look at sandboxes, as only that isolator does, and its exporter. */
async function labWithMetrics() {
  const port = await freePort();
  const isolation =
    "mesos: { agent: { flags: { isolation: 'posix/cpu,posix/mem,disk/du', container_disk_watch_interval: 1secs } } }";
  const lab = await testLab(`  metrics: ${port}\naddons: [metrics]\ncounts: { agents: 2 }\n${isolation}\n`);
  const up = await lab.run('up');
  expect([up.status, up.stderr]).toEqual([0, expect.any(String)]);
  expect(up.stdout).toMatch(/✓ the metrics exporter reaches every part/);
  const deploy = async (app: { readonly id: string }, ...flags: readonly string[]) => {
    const path = `apps${app.id}.json`;
    writeFileSync(join(lab.directory, path), JSON.stringify({ cpus: 0.1, mem: 32, instances: 1, ...app }));
    const { status, stderr } = await lab.run('deploy', path, ...flags);
    expect([status, stderr]).toEqual([0, expect.any(String)]);
  };
  const remove = async (id: string) => {
    const { status } = await fetch(`http://127.0.0.1:${lab.ports.marathon}/v2/apps${id}?force=true`, {
      method: 'DELETE',
    });
    expect(status).toBe(200);
  };
  return { lab, port, deploy, remove, up };
}

const clusterOfNone = { masters: [], marathons: [], zookeepers: [], hosts: {} };

const sleeps = { id: '/sleeps', cmd: 'dd if=/dev/zero of=some bs=1024 count=1024; sleep 1000', disk: 100 };
const served = {
  ...{ id: '/served', labels: { HAPROXY_GROUP: 'external' } },
  networks: [{ mode: 'container/bridge' }],
  container: {
    type: 'DOCKER',
    docker: { image: 'nginx' },
    portMappings: [{ containerPort: 80, hostPort: 0, servicePort: 0 }],
  },
};

/** What stands for one of Docker's labs that is not here: it answers mntr as a real one (3.8) did. */
async function startFakeZookeeper(): Promise<string> {
  const port = await freePort();
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => socket.end('zk_version\t3.8.0\nzk_outstanding_requests\t0\n'));
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
  });
  return `127.0.0.1:${port}`;
}

/** An exporter of its own for it. */
async function exporterOf(zookeeper: string): Promise<string> {
  const { url, stop } = await startMetrics(
    {
      ...{ host: '127.0.0.1', port: 0 },
      targets: { masters: [], marathons: [], loadBalancers: [], zookeepers: [zookeeper] },
    },
    { log: () => undefined, clock: systemClock.now, now: Date.now, sleep: systemClock.sleep },
  );
  onTestFinished(stop);
  return new URL(url).host;
}

async function nodeExporter(): Promise<readonly string[]> {
  if (!hasNodeExporter) return [];
  const address = `127.0.0.1:${await freePort()}`;
  startedProgram('prometheus-node-exporter', [`--web.listen-address=${address}`]);
  return [address];
}

/** Each query of each panel, with something chosen. */
const panelQueries = (chosen: Readonly<Record<string, string>>) =>
  dashboards.flatMap(({ id, panels }) =>
    panels.flatMap(({ title, queries }) =>
      queries.map(({ query }) => {
        const text = query
          .replaceAll('$__rate_interval', '10s')
          .replaceAll(/\$(agent|app)/g, (_, name: string) => chosen[name] ?? '');
        return { where: `${id}: ${title}: ${query}`, query: text };
      }),
    ),
  );

const hasAlert = async (prometheus: StartedPrometheus, name: string) =>
  (await prometheus.firing()).some((alert) => alert.name === name);

describe.skipIf(!hasPrometheus)('the metrics of a lab in a real Prometheus', () => {
  test('promtool finds nothing wrong with configuration, rules and metrics; each query of each panel gives data', async () => {
    const { lab, port, deploy } = await labWithMetrics();
    await deploy(sleeps, '--wait');
    await deploy(served, '--wait');
    const generated = await lab.run('generate');
    expect(generated.status).toBe(0);
    const own = join(lab.directory, 'metrics/prometheus');
    for (const words of [
      ['check', 'config', `${own}/prometheus.yml`],
      ['check', 'rules', `${own}/alerts.yml`],
    ]) {
      const { exitCode, stdout, stderr } = await execa('promtool', words, { reject: false });
      expect([words, exitCode, stderr]).toEqual([words, 0, '']);
      expect(stdout).toContain('SUCCESS: 6 rules found');
    }
    const input = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
    const checked = await execa('promtool', ['check', 'metrics'], { input, reject: false, all: true });
    expect([checked.exitCode, checked.all]).toEqual([0, '']);

    const jobs = [
      { name: 'mesos', addresses: [`127.0.0.1:${port}`, await exporterOf(await startFakeZookeeper())] },
      { name: 'node', addresses: await nodeExporter() },
    ];
    const prometheus = await startedPrometheus(written(prometheusFiles({ jobs, intervalSeconds, timing })));
    const cluster = clusterAt({ ...clusterOfNone, addons: { prometheus: prometheus.url } });
    await until(async () => {
      const targets = await prometheus.targets();
      // As the check of verify sees them.
      expect([targets, await lookAtPrometheus(cluster, new AbortController().signal)]).toEqual([
        targets.map(() => 'up'),
        { ok: true, seen: expect.stringMatching(/: (?!0)(\d+) of \1 targets are up$/) },
      ]);
    });
    const queries = panelQueries({ agent: `127.0.0.1:${lab.ports.master + 1}`, app: '/sleeps' }).filter(
      // cAdvisor has no package in Debian (docs/compatibility.md).
      ({ query }) => !query.includes('container_cpu_usage') && (hasNodeExporter || !query.includes('node_')),
    );
    expect(queries.length).toBeGreaterThan(45);
    await until(async () => {
      const empty: string[] = [];
      for (const { where, query } of queries) if ((await prometheus.count(query)) === 0) empty.push(where);
      expect(empty).toEqual([]);
    });
    // What they compare has data, too, and none of them is an alert while all is well.
    for (const { name, query } of alertRules(timing)) {
      for (const part of query.split(/ or (?!vector)| > 0 and on \(app\) /)) {
        if (part.includes('marathon_queue')) continue;
        const [measured = ''] = part.split(/ (?:[<>]=?|==) (?=[\d.]+$|marathon)/);
        expect([name, measured, (await prometheus.count(measured)) > 0]).toEqual([name, measured, true]);
      }
    }
    expect(await prometheus.firing()).toEqual([]);
  });

  test('each alert fires in a drill, says of what, and resolves', async () => {
    const { lab, port, deploy, remove } = await labWithMetrics();
    await deploy(sleeps, '--wait');
    const jobs = [{ name: 'mesos', addresses: [`127.0.0.1:${port}`] }];
    const prometheus = await startedPrometheus(written(prometheusFiles({ jobs, intervalSeconds, timing })));
    const becomes = (name: string, expected: boolean) =>
      until(async () => {
        expect([name, await hasAlert(prometheus, name)]).toEqual([name, expected]);
      });
    const labelsOf = async (name: string) => (await prometheus.firing()).find((alert) => alert.name === name)?.labels;
    const did = async (...words: readonly string[]) => {
      const { status, stderr } = await lab.run(...words);
      expect([words, status, stderr]).toEqual([words, 0, expect.any(String)]);
    };
    await until(async () => {
      expect(await prometheus.value('sum(mesos_agent_up)')).toBe(2);
    });

    await did('kill', 'agent2');
    await becomes('MesosAgentLost', true);
    await did('start', 'agent2');
    await becomes('MesosAgentLost', false);

    await did('kill', 'master1');
    await becomes('MesosNoLeader', true);
    await did('start', 'master1');
    await becomes('MesosNoLeader', false);

    // No agent has so many processors: the app waits, and what is offered is of no use.
    await deploy({ id: '/large', cmd: 'sleep 1000', cpus: 1000 } as { readonly id: string });
    await becomes('MarathonAppNotHealthy', true);
    await becomes('MarathonOffersDeclinedWhileQueueWaits', true);
    expect((await labelsOf('MarathonOffersDeclinedWhileQueueWaits'))?.['app']).toBe('/large');
    await remove('/large');
    await becomes('MarathonAppNotHealthy', false);
    await becomes('MarathonOffersDeclinedWhileQueueWaits', false);

    await deploy({ id: '/fails', cmd: 'false', backoffSeconds: 1, backoffFactor: 1 } as { readonly id: string });
    await becomes('MesosTasksFailAgainAndAgain', true);
    expect((await labelsOf('MesosTasksFailAgainAndAgain'))?.['framework']).toBe('marathon');
    await remove('/fails');
    await becomes('MesosTasksFailAgainAndAgain', false);

    await deploy({ id: '/fills', cmd: 'dd if=/dev/zero of=much bs=1024 count=9800; sleep 1000', disk: 10 } as {
      readonly id: string;
    });
    await becomes('MesosSandboxNearlyFull', true);
    expect((await labelsOf('MesosSandboxNearlyFull'))?.['app']).toBe('/fills');
    await remove('/fills');
    await becomes('MesosSandboxNearlyFull', false);
    await until(async () => {
      expect(await prometheus.firing()).toEqual([]);
    });
  }, 300_000);
});
