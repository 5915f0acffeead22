import { describe, expect, it } from 'vitest';
import { planCluster } from '../../../../planning/plan/plan-cluster.ts';
import { dockerEngine } from '../../../../runtimes/docker/docker-engine.ts';
import { warmNodes, type WarmNode } from '../../../../runtimes/hosts/images/warm-nodes.ts';
import { fakeMachines, fakeWorld, heardOptions } from '../fake-machines.ts';

const plan = planCluster({ name: 'lab', preset: 'three-vm' });
const told = heardOptions(plan);
const silent = { code: 'MACHINE_NODE_UNREACHABLE', message: 'it is off', fix: 'switch it on' } as const;

/** Nodes with Engines of their own, of which some are silent. */
function nodes(off: readonly string[]) {
  const machines = fakeMachines(0, () => ({ kind: 'ended', exitCode: 0, stdout: '', stderr: '' }));
  const world = { ...fakeWorld(machines, plan), runCommand: machines.runCommand };
  const all = plan.nodes.map((node): WarmNode => {
    const { name } = node;
    return { node, engine: off.includes(name) ? silent : dockerEngine(world, `unix:///run/${name}`) };
  });
  return { machines, all };
}

const agents = plan.nodes.filter(({ roles }) => roles.includes('mesos-agent')).map(({ name }) => name);

describe('images warm on machines', () => {
  it('pulls on the machines with agents alone', async () => {
    const { machines, all } = nodes([]);
    const warmed = await warmNodes(all, ['web:1'], told);
    expect(warmed.map(({ engine, outcome }) => [engine, outcome])).toEqual(agents.map((name) => [name, 'pulled']));
    const asked = machines.calls.map(({ endpoint, words }) => `${endpoint} ${words.join(' ')}`);
    expect(asked).toEqual(agents.map((name) => `unix:///run/${name} pull web:1`));
  });

  it('says of a machine that is silent that it failed there, and goes on with the others', async () => {
    const [first = '', ...others] = agents;
    const { all } = nodes([first]);
    const warmed = await warmNodes(all, ['web:1'], told);
    const failure = { words: '', cause: 'it is off', fix: 'switch it on' };
    expect(warmed).toEqual([
      ...others.map((engine) => ({ engine, image: 'web:1', outcome: 'pulled' })),
      { engine: first, image: 'web:1', outcome: 'failed', failure },
    ]);
  });

  it('fails as a whole where none answers', async () => {
    const { all } = nodes(agents);
    await expect(warmNodes(all, ['web:1'], told)).rejects.toThrow('it is off');
  });
});
