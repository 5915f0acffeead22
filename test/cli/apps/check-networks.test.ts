import { describe, expect, it } from 'vitest';
import type { AppDefinition } from '../../../cli/apps/app-files.ts';
import { checkNetworks } from '../../../cli/apps/check-networks.ts';
import { planCluster } from '../../../planning/plan/plan-cluster.ts';

const withNetwork = planCluster({ name: 'lab', taskNetwork: 'apps' });
const without = planCluster({ name: 'lab' });
const defined = (definition: object) =>
  ({ kind: 'app', id: '/x', file: 'apps/x.json', definition, apps: [] }) as unknown as AppDefinition;
const docker = { type: 'DOCKER', docker: { image: 'i' } };
const on = (name: string) => ({ id: '/web', container: docker, networks: [{ mode: 'container', name }] });

describe('the Docker networks of apps that are deployed', () => {
  it('are fine where the lab has them, or they are no networks of Docker with a name', () => {
    const fine = [
      on('apps'),
      { id: '/a', cmd: 'true' },
      { ...on('apps'), networks: [{ mode: 'container' }] },
      { ...on('apps'), networks: [{ mode: 'container/bridge' }] },
      { ...on('other'), container: { type: 'MESOS', docker: { image: 'i' } } },
    ];
    expect(checkNetworks(fine.map(defined), withNetwork, 'docker')).toBeUndefined();
  });

  it('are told of where no agent has them, with the one that there is', () => {
    expect(checkNetworks([defined(on('nowhere'))], withNetwork, 'docker')).toBe(
      '/web asks for the Docker network nowhere. This lab has a network apps: an agent whose Engine does not have the network fails the task',
    );
    expect(checkNetworks([defined(on('nowhere'))], without, 'docker')).toContain(
      'This lab has none; taskNetwork: nowhere in mesos-cluster.yaml makes it',
    );
  });

  it.each(['embedded', 'hosts'] as const)('are all fine with %s', (runtime) => {
    expect(checkNetworks([defined(on('nowhere'))], without, runtime)).toBeUndefined();
  });

  it('are what Marathon takes where the app names none', () => {
    const unnamed = [defined({ id: '/web', container: docker, networks: [{}] })];
    expect(checkNetworks(unnamed, withNetwork, 'docker')).toBeUndefined();
    expect(checkNetworks(unnamed, without, 'docker')).toBeUndefined();
    const other = planCluster({
      name: 'lab',
      taskNetwork: 'apps',
      marathon: { flags: { default_network_name: 'mine' } },
    });
    expect(checkNetworks(unnamed, other, 'docker')).toContain('/web asks for the Docker network mine. This lab has');
  });

  it('are found in groups, and in the form of before Marathon 1.5', () => {
    const former = {
      id: 'old',
      ipAddress: { networkName: 'former' },
      container: { ...docker, docker: { network: 'USER' } },
    };
    const group = { id: '/g', groups: [{ id: 'h', apps: [former, on('nowhere')] }] };
    expect(checkNetworks([defined(group)], withNetwork, 'docker')).toMatch(
      /^old asks for the Docker network former, \/web asks for the Docker network nowhere\. /,
    );
  });
});
