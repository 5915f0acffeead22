import { describe, expect, it } from 'vitest';
import { appOfExecutor } from '../../../engine/metrics/read/containers.ts';
import { collectorConfig, sandboxFiles, taskRules } from '../../../generators/logs/collector-config.ts';

const runs = (executor: string) => `/agents/agent1/slaves/9d2a-S0/frameworks/9d2a-0000/executors/${executor}/runs/4f0c`;
const app = 'shop_web.instance-11111111-2222-3333-4444-555555555555._app.1';

/** As the collector's relabelling does it: all of a value has to match, and the first group is what is kept. */
function labelsOf(path: string) {
  const labels: Record<string, string> = { __path__: path };
  for (const { label, from, pattern = '(.*)' } of taskRules) {
    const [, value] = new RegExp(`^(?:${pattern})$`).exec(labels[from] ?? '') ?? [];
    if (value !== undefined) labels[label] = value;
  }
  return labels;
}

const alternatives = (names: string) => `(?:${names.split(',').join('|')})`;

/** A glob with `*` and `{a,b}`. */
const matches = (glob: string, path: string) =>
  new RegExp(
    `^${glob.replaceAll('*', '[^/]*').replaceAll(/\{([^}]*)\}/g, (_, names: string) => alternatives(names))}$`,
  ).test(path);

const isRead = (path: string) =>
  sandboxFiles.some(({ files, without }) => matches(files, path) && !matches(without, path));

describe('what a collector reads of tasks', () => {
  it('is what each container writes, in a pod, too, and once', () => {
    expect([`${runs(app)}/stdout`, `${runs(app)}/stderr`, `${runs(app)}/containers/1a/stdout`].map(isRead)).toEqual([
      ...[true, true, true],
    ]);
    // The link to the newest run, other files, and what the agent keeps for itself.
    const latest = runs(app).replace('4f0c', 'latest');
    expect(
      [
        `${latest}/stdout`,
        `${latest}/containers/1a/stderr`,
        `${runs(app)}/stdout.logrotate.conf`,
        `${runs(app)}/secret.txt`,
        '/agents/agent1/meta/slaves/latest/stdout',
      ].map(isRead),
    ).toEqual([false, false, false, false, false]);
  });

  it('is labelled by where it is', () => {
    expect(labelsOf(`${runs(app)}/stdout`)).toMatchObject({
      ...{ node: 'agent1', framework: '9d2a-0000', executor: app, container: '4f0c', stream: 'stdout' },
      app: 'shop_web',
    });
    expect(labelsOf(`${runs('default')}/containers/1a/stderr`)).toEqual({
      __path__: `${runs('default')}/containers/1a/stderr`,
      ...{ node: 'agent1', framework: '9d2a-0000', executor: 'default', container: '1a', stream: 'stderr' },
    });
  });

  it.each([
    app,
    'instance-shop_pod.instance-11111111-2222-3333-4444-555555555555',
    'marathon-web.11111111-2222-3333-4444-555555555555',
    'web.marathon-11111111-2222-3333-4444-555555555555',
    'ct:1700000000000:0:job:',
    'default',
  ])('has the app of %s that the metrics of it have', (executor) => {
    const { app: found } = labelsOf(`${runs(executor)}/stdout`);
    expect(found === undefined ? '' : `/${found.replaceAll('_', '/')}`).toBe(appOfExecutor(executor));
  });
});

describe('the configuration of a collector', () => {
  const config = collectorConfig({ lab: 'class-1', lokiUrl: 'http://loki:3100' });

  it('asks the Engine for containers of this lab alone', () => {
    expect(config.match(/discovery\.docker /g)).toHaveLength(1);
    expect(config).toContain('values = ["create-mesos-cluster.lab=class-1"]');
    expect(config.match(/unix:[^"]+/g)).toEqual(['unix:///var/run/docker.sock', 'unix:///var/run/docker.sock']);
  });

  it('sends to the Loki of the lab and nowhere else, and names only parts that it has', () => {
    expect(config.match(/https?:[^"]+/g)).toEqual(['http://loki:3100/loki/api/v1/push']);
    const blocks = [...config.matchAll(/^([a-z_.]+) "([a-z]+)" \{$/gm)].map(([, kind, name]) => `${kind}.${name}`);
    const named = [
      ...config.matchAll(/\b((?:discovery|loki|local)\.[a-z_]+\.[a-z]+)\.(?:targets|rules|output|receiver)/g),
    ];
    expect(named.length).toBeGreaterThan(4);
    for (const [, name] of named) expect(blocks).toContain(name);
  });
});
