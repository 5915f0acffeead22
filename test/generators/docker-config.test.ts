import { describe, expect, it } from 'vitest';
import { composeFiles } from '../../generators/compose/compose-files.ts';
import { nativeConfig } from '../../generators/native/native-config.ts';
import { imageSetNames } from '../../planning/catalogue/roles.ts';
import { planCluster } from '../../planning/plan/plan-cluster.ts';
import type { ClusterSpec } from '../../planning/shape/cluster-spec.ts';
import { readCompose, type Service } from '../support/compose-file.ts';

const planOf = (dockerConfig: string, spec: Partial<ClusterSpec>) =>
  planCluster({ name: 'lab', ...spec, mesos: { agent: { dockerConfig } } });

/** The services of a lab, of all of its Compose files. */
const servicesOf = (dockerConfig: string, spec: Partial<ClusterSpec>): readonly Service[] =>
  composeFiles(planOf(dockerConfig, spec)).flatMap(({ content }) => Object.values(readCompose(content).services));
const isAgent = ({ labels }: Service) => labels?.['create-mesos-cluster.role'] === 'mesos-agent';

const mount = (source: string, target: string) => ({
  ...{ type: 'bind', source, target, read_only: true },
  bind: { create_host_path: false },
});
const inLab = mount('./secrets/config.json', '/etc/mesos/docker-config.json');

describe.each(imageSetNames)('agents of %s', (set) => {
  it.each<[string, Partial<ClusterSpec>, ReturnType<typeof mount>]>([
    ['secrets/config.json', {}, inLab],
    ['secrets/config.json', { agentDocker: 'socket' }, inLab],
    ['/srv/config.json', {}, mount('/srv/config.json', '/srv/config.json')],
    ['/srv/config.json', { preset: 'two-host' }, mount('/srv/config.json', '/srv/config.json')],
  ])('alone have the credentials of %s with %j, where their Mesos is told that they are', (file, spec, expected) => {
    const services = servicesOf(file, { ...spec, images: { set } });
    const agents = services.filter(isAgent);
    expect(agents.length).toBeGreaterThan(1);
    for (const agent of agents) {
      expect(agent.environment).toMatchObject({ MESOS_DOCKER_CONFIG: `file://${expected.target}` });
      expect(agent.volumes).toContainEqual(expected);
    }
    for (const other of services.filter((each) => !isAgent(each))) {
      expect(JSON.stringify(other)).not.toContain(expected.source);
    }
  });
});

it('agents of packages are told where the credentials are on their machine', () => {
  const plan = planOf('/srv/config.json', { preset: 'two-host', nativeConfig: true });
  const flag = nativeConfig(plan).filter(({ path }) => path.endsWith('/etc/mesos-slave/docker_config'));
  expect(flag.map(({ content }) => content)).toEqual(['file:///srv/config.json\n', 'file:///srv/config.json\n']);
});
