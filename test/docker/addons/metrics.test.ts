import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { requireTool } from '../../support/require-tool.ts';
import { dockerLab, localImages, type DockerLab } from '../support/docker-lab.ts';
import { until } from '../support/until.ts';
import { writeApp } from '../support/real-nginx.ts';

const hasDocker = requireTool('Docker Engine', ['docker', 'info']);
const monitoring = { image: 'create-mesos-cluster-test/monitoring:local' };
const overrides = {
  ...localImages.overrides,
  ...{ prometheus: monitoring, grafana: monitoring, 'node-exporter': monitoring, cadvisor: monitoring },
};

interface Series {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: readonly [number, string];
}

/** With Debian's Prometheus and node-exporter; Grafana and cAdvisor only answer their probes. */
describe.skipIf(!hasDocker)('the add-ons metrics and autoscaler of a lab on Docker', () => {
  let lab: DockerLab;
  const prometheus = async (path: string) =>
    ((await lab.ask(9095, `/api/v1/${path}`)) as { readonly data: Readonly<Record<string, unknown>> }).data;
  const seriesOf = async (query: string) =>
    (await prometheus(`query?query=${encodeURIComponent(query)}`))['result'] as readonly Series[];
  const untilSeries = (query: string, count: number) =>
    until(`${String(count)} series of ${query}`, 60_000, async () => {
      const found = await seriesOf(query);
      return found.length === count ? { value: found } : { seen: `${String(found.length)} series` };
    });

  beforeAll(async () => {
    lab = await dockerLab({ addons: ['metrics', 'autoscaler'], timing: 'fast', images: { ...localImages, overrides } });
    const { status, stderr } = await lab.run('up', '--runtime', 'docker');
    expect(status, stderr).toBe(0);
  });
  afterAll(async () => {
    await lab.remove();
  });

  it('has a Prometheus that reaches all that it asks, and takes the rules of the alerts', async () => {
    await untilSeries('up{job=~"mesos|node|prometheus|autoscaler"} == 1', 4);
    const { groups } = await prometheus('rules');
    const rules = (groups as readonly { readonly rules: readonly { readonly health: string }[] }[]).flatMap(
      (group) => group.rules,
    );
    expect(rules.length).toBeGreaterThan(0);
    await until('each rule was evaluated', 60_000, async () => {
      const all = JSON.stringify((await prometheus('rules'))['groups']);
      return /"health":"(?!ok)/.test(all) ? { seen: all.slice(0, 2000) } : { value: true };
    });
  });

  it('exports what master, agents, Marathon, ZooKeeper and load balancer say', async () => {
    await untilSeries('mesos_master_up == 1', 1);
    await untilSeries('mesos_agent_up == 1', 2);
    await untilSeries('marathon_up == 1', 1);
    await untilSeries('zookeeper_up == 1', 1);
    await untilSeries('haproxy_up == 1', 1);
    // From a real one's mntr.
    await untilSeries('zookeeper_outstanding_requests', 1);
  });

  it('has an autoscaler that scales by a query of that Prometheus', async () => {
    const file = writeApp(lab, {
      ...{ id: '/queried', cmd: 'sleep 1000', cpus: 0.1, mem: 16, instances: 1 },
      labels: {
        AUTOSCALE_MAX: '3',
        AUTOSCALE_METRIC: 'prometheus:10 * sum(mesos_agent_up)',
        AUTOSCALE_TARGET: '10',
        AUTOSCALE_COOLDOWN: '1',
      },
    });
    const { status, stderr } = await lab.run('deploy', file, '--wait');
    expect(status, stderr).toBe(0);
    await until('two instances', 60_000, async () => {
      const { app } = (await lab.ask(8080, '/v2/apps/queried')) as { readonly app: { readonly instances: number } };
      return app.instances === 2 ? { value: true } : { seen: JSON.stringify(await lab.ask(8091, '/v1/decisions')) };
    });
  });
});
