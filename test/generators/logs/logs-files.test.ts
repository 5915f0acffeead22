import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { composeFiles } from '../../../generators/compose/compose-files.ts';
import { dashboards } from '../../../generators/grafana/dashboards/dashboards.ts';
import { logsDashboard } from '../../../generators/grafana/dashboards/logs-dashboard.ts';
import { planCluster } from '../../../planning/plan/plan-cluster.ts';
import type { ClusterSpec } from '../../../planning/shape/cluster-spec.ts';
import { readCompose } from '../../support/compose-file.ts';

const filesOf = (spec: Partial<ClusterSpec> = {}) =>
  composeFiles(planCluster({ name: 'lab', preset: 'single', addons: ['logs'], ...spec }));
const textOf = (files: ReturnType<typeof filesOf>, path: string) =>
  files.find((file) => file.path === path)?.content ?? '';
const servicesOf = (spec: Partial<ClusterSpec> = {}) => {
  const [compose] = filesOf(spec);
  return readCompose(compose?.content ?? '').services;
};

describe('a lab with the add-on logs', () => {
  it('has one collector on one host, which has the sandboxes of all agents to read, and one capability', () => {
    const { logs } = servicesOf({ counts: { agents: 3 } });
    expect(logs?.volumes).toEqual([
      './logs/collector:/etc/alloy:ro',
      'logs-positions:/positions',
      '${DOCKER_SOCKET:-/var/run/docker.sock}:/var/run/docker.sock:ro',
      'agent1-work:/agents/agent1:ro',
      'agent2-work:/agents/agent2:ro',
      'agent3-work:/agents/agent3:ro',
    ]);
    expect(logs).toMatchObject({ read_only: true, cap_drop: ['ALL'], cap_add: ['DAC_READ_SEARCH'] });
    expect(logs).not.toHaveProperty('privileged');
    expect(logs).not.toHaveProperty('ports');
  });

  it("has the folders of the agents where they use the machine's Engine", () => {
    const { logs, agent1, agent2 } = servicesOf({ agentDocker: 'socket' });
    const folders = [agent1, agent2].map((agent) => String(agent?.environment?.MESOS_WORK_DIR));
    expect(new Set(folders).size).toBe(2);
    expect(logs?.volumes).toEqual(
      expect.arrayContaining(folders.map((folder, index) => `${folder}:/agents/agent${index + 1}:ro`)),
    );
  });

  it('keeps logs for a bounded time, by a Loki that listens where only the lab is', () => {
    expect(parse(textOf(filesOf(), 'logs/loki/loki.yml'))).toMatchObject({
      server: { http_listen_port: 3100, grpc_listen_address: '127.0.0.1', grpc_listen_port: 3101 },
      compactor: { retention_enabled: true },
      limits_config: { retention_period: '24h' },
      analytics: { reporting_enabled: false },
    });
    expect(servicesOf().loki).not.toHaveProperty('ports');
  });

  it('has the data sources that there are in one Grafana, which shows the cluster first where it can', () => {
    const sources = (spec: Partial<ClusterSpec>) =>
      filesOf(spec)
        .filter(({ path }) => path.startsWith('grafana/provisioning/datasources/'))
        .map(({ content }) => (parse(content) as { datasources: object[] }).datasources[0]);
    expect(sources({})).toMatchObject([{ type: 'loki', url: 'http://loki:3100', isDefault: true }]);
    expect(sources({ addons: ['logs', 'metrics'] })).toMatchObject([
      { type: 'prometheus', url: 'http://prometheus:9095', isDefault: true },
      { type: 'loki', url: 'http://loki:3100', isDefault: false },
    ]);
    const home = (spec: Partial<ClusterSpec>) =>
      servicesOf(spec).grafana?.environment?.GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH;
    expect([home({}), home({ addons: ['metrics', 'logs'] })]).toEqual([
      '/etc/grafana/dashboards/logs.json',
      '/etc/grafana/dashboards/cluster.json',
    ]);
    expect(textOf(filesOf(), 'grafana/dashboards/logs.json')).not.toBe('');
    expect(textOf(filesOf(), 'grafana/dashboards/cluster.json')).toBe('');
  });
});

describe.each([...dashboards, logsDashboard])('the dashboard $title', ({ variables, panels }) => {
  it('uses each variable that it offers, and no other but those of Grafana', () => {
    const offered = variables.map((variable) => (variable.kind === 'one' ? variable.label : variable.name));
    const used = panels.flatMap(({ queries }) =>
      queries.flatMap(({ query }) => [...query.matchAll(/\$([a-z_]+)/g)].map(([, name]) => name ?? '')),
    );
    const own = used.filter((name) => !['__rate_interval', '__auto'].includes(name));
    expect([...new Set(own)].sort()).toEqual([...offered].sort());
  });
});
