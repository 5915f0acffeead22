import { describe, expect, it } from 'vitest';
import { composeFiles } from '../../generators/compose/compose-files.ts';
import { liteImageFiles } from '../../generators/lite-image.ts';
import { checkSpec } from '../../planning/rules/check-spec.ts';
import type { ClusterSpec } from '../../planning/shape/cluster-spec.ts';
import { planCluster } from '../../planning/plan/plan-cluster.ts';
import { readCompose, sourceOf, type Service } from '../support/compose-file.ts';

type LiteService = Service & {
  readonly build?: { readonly context: string; readonly dockerfile: string; readonly args: unknown };
  readonly pull_policy?: string;
};

const specOf = (spec: Partial<ClusterSpec>): ClusterSpec => ({
  name: 'lab',
  ...spec,
  images: { set: 'lite', ...spec.images },
});
const services = (spec: Partial<ClusterSpec>, file = 0) =>
  Object.entries(readCompose(composeFiles(planCluster(specOf(spec)))[file]?.content ?? '').services).map(
    ([name, service]): readonly [string, LiteService] => [name, service],
  );
const builders = (spec: Partial<ClusterSpec>, file = 0) =>
  services(spec, file).flatMap(([name, { build }]) => (build === undefined ? [] : [{ name, ...build }]));

describe('the lite image', () => {
  it('is built by one service of a file, and never pulled', () => {
    const ours = services({ preset: 'ha' }).filter(([, { image }]) => image?.startsWith('create-mesos-cluster/'));
    expect(ours.map(([name]) => name)).toEqual([
      ...['master1', 'master2', 'master3', 'agent1', 'agent2', 'agent3'],
      ...['marathon1', 'marathon-lb'],
    ]);
    expect(new Set(ours.map(([, service]) => service.pull_policy))).toEqual(new Set(['never']));
    expect(builders({ preset: 'ha' })).toEqual([
      {
        name: 'master1',
        context: '.mesos-cluster/tool',
        dockerfile: '../../images/lite/Dockerfile',
        args: { BASE: 'node:22-alpine', DOCKER_CLI: 'docker:28-cli' },
      },
    ]);
  });

  it('is built on every machine that needs it, from the lab two folders above', () => {
    const spec: Partial<ClusterSpec> = {
      nodes: [
        { name: 'one', address: '10.0.0.1', roles: ['zookeeper', 'mesos-master'] },
        { name: 'two', address: '10.0.0.2', roles: ['mesos-agent', 'marathon'] },
        { name: 'three', address: '10.0.0.3', roles: ['zookeeper'] },
      ],
    };
    const paths = { context: '../../.mesos-cluster/tool', dockerfile: '../../images/lite/Dockerfile' };
    expect(builders(spec, 0)).toMatchObject([{ name: 'mesos-master', ...paths }]);
    expect(builders(spec, 1)).toMatchObject([{ name: 'mesos-agent', ...paths }]);
    expect(builders(spec, 2)).toEqual([]);
  });

  it('is made from the images that the spec names', async () => {
    const images = { build: { base: 'registry:5000/node:22', dockerCli: 'registry:5000/docker:28' } };
    expect(builders({ images })).toMatchObject([
      { args: { BASE: 'registry:5000/node:22', DOCKER_CLI: 'registry:5000/docker:28' } },
    ]);
    const problems = await checkSpec({ name: 'lab', images: { set: 'lite', build: { base: 'Node:22' } } });
    expect(problems).toMatchObject([{ code: 'SPEC_IMAGE', path: ['images', 'build', 'base'] }]);
    expect(await checkSpec({ name: 'lab', images: { build: { base: 'node:24' } } })).toMatchObject([
      { severity: 'warning', path: ['images', 'build'] },
    ]);
  });

  it('is built by the first that is left when images are replaced, and those are asked as other images are', () => {
    const images = { overrides: { 'mesos-master': { image: 'avhost/mesos-mini:v1' } } };
    expect(builders({ images }).map(({ name }) => name)).toEqual(['agent1']);
    const [, master] = services({ images }).find(([name]) => name === 'master1') ?? [];
    expect(master).toMatchObject({ healthcheck: { test: expect.arrayContaining(['bash']) as string[] } });
    expect(master).not.toHaveProperty('pull_policy');
  });

  it('starts at once, as its programs wait for what they need by themselves', () => {
    const waits = (set: 'lite' | 'clusterd') =>
      services({ images: { set } }).flatMap(([, { depends_on: needs = {} }]) => Object.values(needs));
    expect(waits('lite').filter(({ condition }) => condition !== 'service_started')).toEqual([]);
    expect(waits('clusterd').some(({ condition }) => condition === 'service_healthy')).toBe(true);
  });

  it('has agents without privileges, also those that share an Engine', () => {
    const agents = services({ agentDocker: 'socket' }).filter(([name]) => name.startsWith('agent'));
    expect(agents).toHaveLength(2);
    for (const [, agent] of agents) {
      expect(agent).not.toHaveProperty('privileged');
      expect(agent).not.toHaveProperty('pid');
      expect(agent.volumes?.filter((mount) => sourceOf(mount).includes('cgroup'))).toEqual([]);
    }
  });

  it('needs no Java and little memory', () => {
    const byName = new Map(services({ mesos: { agent: { resources: 'cpus:1;mem:512' } } }));
    expect(byName.get('marathon1')?.environment).not.toHaveProperty('JAVA_OPTS');
    expect(['master1', 'agent1', 'marathon1', 'marathon-lb'].map((name) => byName.get(name)?.mem_limit)).toEqual([
      ...['256m', '768m', '256m', '256m'],
    ]);
  });

  it('has its Dockerfile only in labs that use it', () => {
    const paths = (spec: ClusterSpec) => liteImageFiles(planCluster(spec)).map(({ path }) => path);
    expect(paths(specOf({}))).toEqual(['images/lite/Dockerfile']);
    expect(paths({ name: 'lab' })).toEqual([]);
    const image = 'other:1';
    const overrides = {
      'mesos-master': { image },
      'mesos-agent': { image },
      marathon: { image },
      'marathon-lb': { image },
    };
    expect(paths(specOf({ images: { overrides } }))).toEqual([]);
  });
});
