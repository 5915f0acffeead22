import { describe, expect, it } from 'vitest';
import { isUserError } from '../../errors/user-error.ts';
import { preparePlan } from '../../planning/plan/prepare-plan.ts';
import type { ClusterSpec, NodeSpec } from '../../planning/shape/cluster-spec.ts';

const plan = async (spec: Omit<ClusterSpec, 'name'>) =>
  (await preparePlan({ name: 'lab', ...spec }, (path) => ({ kind: 'path', path: path.join('.') }))).plan;

const problemsOf = (spec: Omit<ClusterSpec, 'name'>) =>
  plan(spec).then(
    () => [],
    (error: unknown) => {
      if (!isUserError(error)) throw error;
      return error.problems;
    },
  );

type Bounds = NonNullable<NonNullable<ClusterSpec['autoscale']>['agents']>;

const lab = (agents: Bounds, more: Omit<ClusterSpec, 'name'> = {}): Omit<ClusterSpec, 'name'> => ({
  ...{ addons: ['autoscaler'], counts: { agents: 2 }, autoscale: { agents } },
  ...more,
});

const machines = ['a', 'b', 'c'].map((name, index): NodeSpec => ({
  ...{ name, address: `192.168.56.${index + 251}` },
  roles: index === 0 ? ['zookeeper', 'mesos-master', 'marathon', 'autoscaler'] : ['mesos-agent'],
}));

const place = (path: string) => ({ kind: 'path', path });

describe('bounds of the number of agents', () => {
  it('are told to the autoscaler, with a cooldown of two minutes by default', async () => {
    const words = async (agents: Bounds) => {
      const { nodes } = await plan(lab(agents));
      const all = nodes.flatMap(({ components }) => components);
      return all.find(({ role }) => role === 'autoscaler')?.arguments.join(' ');
    };
    expect(await words({ min: 1, max: 4 })).toContain('--agents 1-4 --agents-cooldown 2mins');
    expect(await words({ min: 1, max: 4, cooldown: '30secs' })).toContain('--agents-cooldown 30secs');
  });

  it.each<[string, Bounds, string, string]>([
    ['no number', { min: 0, max: 4 }, 'autoscale.agents.min', 'SPEC_VALUE'],
    ['a minimum above the maximum', { min: 4, max: 3 }, 'autoscale.agents.min', 'SPEC_COMBINATION'],
    ['no time', { min: 1, max: 4, cooldown: 'soon' }, 'autoscale.agents.cooldown', 'SPEC_VALUE'],
    ['too short a time', { min: 1, max: 4, cooldown: '10ms' }, 'autoscale.agents.cooldown', 'SPEC_VALUE'],
    ['more than the agents that there are', { min: 3, max: 4 }, 'counts.agents', 'SPEC_COMBINATION'],
    ['fewer', { min: 1, max: 1 }, 'counts.agents', 'SPEC_COMBINATION'],
    ['more than a lab can have', { min: 1, max: 10_001 }, 'autoscale.agents.max', 'SPEC_VALUE'],
  ])('are refused with %s', async (_, agents, path, code) => {
    expect(await problemsOf(lab(agents))).toEqual([expect.objectContaining({ code, place: place(path) })]);
  });

  it('are refused without an autoscaler, and where machines are named one by one', async () => {
    expect(await problemsOf(lab({ min: 1, max: 4 }, { addons: [] }))).toMatchObject([{ place: place('autoscale') }]);
    const { counts: _, ...named } = lab({ min: 1, max: 4 }, { nodes: machines });
    expect(await problemsOf(named)).toMatchObject([
      { place: place('autoscale.agents'), message: expect.stringContaining('names its machines one by one') },
    ]);
  });

  it('are refused where the most agents could not be had, in the words for so many', async () => {
    const [shared, ...others] = await problemsOf(lab({ min: 1, max: 40 }, { agentDocker: 'socket' }));
    expect([shared, others]).toMatchObject([
      { place: place('autoscale.agents.max'), message: expect.stringMatching(/^With 40 agents: /) },
      [],
    ]);
    const ports = lab({ min: 1, max: 4 }, { ports: { 'mesos-agent': 65_534 } });
    expect(await problemsOf({ ...ports, counts: { agents: 1 } })).toMatchObject([
      { code: 'SPEC_PORT', place: place('autoscale.agents.max'), message: expect.stringContaining('With 4 agents') },
    ]);
    const { counts: _, ...made } = lab({ min: 1, max: 5 }, { nodes: machines, vagrant: { provider: 'virtualbox' } });
    expect(await problemsOf(made)).toMatchObject([
      { place: place('autoscale.agents.max'), message: expect.stringContaining('no address left') },
    ]);
  });

  it('are as they are written where the lab can have so many', async () => {
    const { agentBounds, agents } = await plan(lab({ min: 2, max: 6 }));
    expect([agentBounds, agents.length]).toEqual([{ min: 2, max: 6, cooldown: '2mins' }, 2]);
  });
});
