import { describe, expect, it } from 'vitest';
import { planCluster } from '../../../../planning/plan/plan-cluster.ts';
import { dockerEngine } from '../../../../runtimes/docker/docker-engine.ts';
import { cleanOnNodes } from '../../../../runtimes/hosts/images/clean-on-nodes.ts';
import { fakeMachines, fakeWorld, heardOptions } from '../fake-machines.ts';

const plan = planCluster({ name: 'lab', preset: 'three-vm', addons: ['registry'] });
const request = { ...heardOptions(plan), plan };
const home = plan.nodes.find(({ roles }) => roles.includes('registry'))?.name ?? '';

describe('images clean on machines', () => {
  it('names the machine with the registry when that does not answer', async () => {
    await expect(cleanOnNodes([], request)).rejects.toMatchObject({
      problems: [
        {
          code: 'MACHINE_NODE_UNREACHABLE',
          message: `${home}, which has the registry, does not answer; nothing was done`,
        },
      ],
    });
  });

  it('asks that machine alone, and says on which one it failed', async () => {
    const machines = fakeMachines(0);
    const world = { ...fakeWorld(machines, plan), runCommand: machines.runCommand };
    const marks = { node: '', detail: '', image: 'registry:2', lab: 'lab', directory: '/lab', composeFile: '' };
    const nodes = plan.nodes.map(({ name }) => ({
      name,
      engine: dockerEngine(world, `unix:///run/${name}`),
      containers: [
        { id: 'registry-store', containerId: name, name, role: 'registry-store', state: 'exited', ...marks },
      ],
    }));
    await expect(cleanOnNodes(nodes, request)).rejects.toMatchObject({
      problems: [
        { code: 'LAB_NOT_RUNNING', message: `${home}: The registry of the lab does not run; nothing was done` },
      ],
    });
    expect(machines.calls).toEqual([]);
  });
});
