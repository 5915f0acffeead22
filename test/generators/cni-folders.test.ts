import { describe, expect, it } from 'vitest';
import { composeFiles } from '../../generators/compose/compose-files.ts';
import { nativeConfig } from '../../generators/native/native-config.ts';
import { imageSetNames } from '../../planning/catalogue/roles.ts';
import { planCluster } from '../../planning/plan/plan-cluster.ts';
import type { ClusterSpec } from '../../planning/shape/cluster-spec.ts';
import { readCompose, type Service } from '../support/compose-file.ts';

/** The agents of a lab, as Compose files have them. */
function agentsOf(spec: Partial<ClusterSpec>): readonly Service[] {
  const agents = composeFiles(planCluster({ name: 'lab', ...spec })).flatMap(({ content }) =>
    Object.values(readCompose(content).services).filter(
      ({ labels }) => labels?.['create-mesos-cluster.role'] === 'mesos-agent',
    ),
  );
  expect(agents.length).toBeGreaterThan(1);
  return agents;
}

const pass = (flags: Readonly<Record<string, string>>): Partial<ClusterSpec> => ({ mesos: { agent: { flags } } });
const ways = [{}, { agentDocker: 'socket' }, { preset: 'two-host' }] as const satisfies readonly Partial<ClusterSpec>[];

describe('agents of clusterd', () => {
  it.each(ways)('know both CNI folders, have the second one made, and may mount: %j', (spec) => {
    for (const agent of agentsOf(spec)) {
      expect(agent).toMatchObject({
        environment: {
          MESOS_NETWORK_CNI_PLUGINS_DIR: '/opt/cni/bin',
          MESOS_NETWORK_CNI_CONFIG_DIR: '/etc/mesos/cni',
        },
        tmpfs: ['/etc/mesos/cni'],
        privileged: true,
      });
    }
  });

  it('keep them with an image of their own: most such are another copy of clusterd, and others take them', () => {
    const images = { overrides: { 'mesos-agent': { image: 'mirror.example/avhost/mesos-mini:v1' } } };
    for (const agent of agentsOf({ images })) expect(agent).toMatchObject({ tmpfs: ['/etc/mesos/cni'] });
  });

  it('have the folders that the user names, and nothing that would hide what the image has there', () => {
    const flags = { network_cni_config_dir: '/etc/cni/net.d', network_cni_plugins_dir: '/usr/lib/cni' };
    for (const agent of ways.flatMap((spec) => agentsOf({ ...spec, ...pass(flags) }))) {
      expect(agent.environment).toMatchObject({
        MESOS_NETWORK_CNI_PLUGINS_DIR: '/usr/lib/cni',
        MESOS_NETWORK_CNI_CONFIG_DIR: '/etc/cni/net.d',
      });
      expect(agent).not.toHaveProperty('tmpfs');
      expect(agent.privileged).toBe(true);
    }
  });

  it('find the folder on machines without containers, too: install.sh makes it', () => {
    const conf = (spec: Partial<ClusterSpec>) =>
      nativeConfig(planCluster({ name: 'lab', preset: 'two-host', ...spec })).find(
        ({ path }) => path === 'native/test167/node.conf',
      )?.content;
    expect(conf({})).toMatch(/^folder \/etc\/mesos\/cni$/m);
    expect(conf(pass({ network_cni_config_dir: '/etc/cni/net.d' }))).not.toMatch(/^folder/m);
    expect(conf({ images: { set: 'stock' } })).not.toMatch(/^folder/m);
  });
});

describe.each(imageSetNames.filter((set) => set !== 'clusterd'))('agents of %s', (set) => {
  it.each(ways)('have none of it: %j', (spec) => {
    for (const agent of agentsOf({ ...spec, images: { set } })) {
      expect(Object.keys(agent.environment ?? {}).filter((name) => name.includes('CNI'))).toEqual([]);
      expect(agent).not.toHaveProperty('tmpfs');
      const isShared = 'agentDocker' in spec || 'preset' in spec;
      expect(agent.privileged ?? false).toBe(set === 'stock' && isShared);
    }
  });
});
