import { describe, expect, it } from 'vitest';
import { planCluster } from '../../planning/plan/plan-cluster.ts';
import { checkSpec } from '../../planning/rules/check-spec.ts';
import type { ClusterSpec } from '../../planning/shape/cluster-spec.ts';
import { parseTimeRange } from '../../planning/values/time-range.ts';

type Simulation = NonNullable<ClusterSpec['simulatedAgents']>;

const withAgents = (simulatedAgents: Simulation, more: Partial<ClusterSpec> = {}): ClusterSpec => ({
  name: 'lab',
  simulatedAgents,
  ...more,
});

const problemsOf = async (spec: ClusterSpec) =>
  (await checkSpec(spec)).map(({ code, path }) => `${code} ${path.join('.')}`);

describe('simulated agents of a spec', () => {
  it('are planned with every default filled in', () => {
    expect(planCluster(withAgents({ count: 3 })).simulatedAgents).toEqual({
      count: 3,
      resources: 'cpus:8;mem:16384;disk:102400;ports:[31000-32000]',
      attributes: '',
      racks: 0,
      zones: 0,
      tasks: {
        startDelay: { fromMs: 0, toMs: 0 },
        crashRate: 0,
        crashAfter: { fromMs: 0, toMs: 60_000 },
      },
    });
  });

  it('are planned as the spec says, with times in milliseconds', async () => {
    const spec = withAgents({
      count: 10_000,
      resources: 'cpus:4',
      attributes: { disks: 'ssd' },
      racks: 20,
      zones: 3,
      tasks: { startDelay: '1secs-2secs', endAfter: '5mins', crashRate: 0.01, crashAfter: '0secs-1mins' },
    });
    expect(await problemsOf(spec)).toEqual([]);
    expect(planCluster(spec).simulatedAgents).toEqual({
      count: 10_000,
      resources: 'cpus:4',
      attributes: 'disks:ssd',
      racks: 20,
      zones: 3,
      tasks: {
        startDelay: { fromMs: 1000, toMs: 2000 },
        endAfter: { fromMs: 300_000, toMs: 300_000 },
        crashRate: 0.01,
        crashAfter: { fromMs: 0, toMs: 60_000 },
      },
    });
  });

  it('are none when their number is 0', () => {
    expect(planCluster(withAgents({ count: 0 })).simulatedAgents).toBeUndefined();
  });

  it.each<[string, Simulation, string]>([
    ['a negative number', { count: -1 }, 'SPEC_VALUE simulatedAgents.count'],
    ['a huge number', { count: 100_001 }, 'SPEC_VALUE simulatedAgents.count'],
    ['a part of an agent', { count: 1.5 }, 'SPEC_VALUE simulatedAgents.count'],
    ['no racks', { count: 5, racks: 0 }, 'SPEC_VALUE simulatedAgents.racks'],
    ['negative zones', { count: 5, zones: -2 }, 'SPEC_VALUE simulatedAgents.zones'],
    ['more zones than racks', { count: 5, racks: 2, zones: 3 }, 'SPEC_VALUE simulatedAgents.zones'],
    ['resources that do not parse', { count: 5, resources: 'cpus=2' }, 'SPEC_RESOURCES simulatedAgents.resources'],
    ['attributes that do not parse', { count: 5, attributes: 'a' }, 'SPEC_ATTRIBUTES simulatedAgents.attributes'],
    [
      'an attribute that all have',
      { count: 5, attributes: 'simulated:no' },
      'SPEC_ATTRIBUTES simulatedAgents.attributes',
    ],
    ['a rack beside racks', { count: 5, racks: 2, attributes: 'rack:a' }, 'SPEC_ATTRIBUTES simulatedAgents.attributes'],
    ['a zone beside zones', { count: 5, zones: 2, attributes: 'zone:a' }, 'SPEC_ATTRIBUTES simulatedAgents.attributes'],
    ['a time without a unit', { count: 5, tasks: { startDelay: '5' } }, 'SPEC_VALUE simulatedAgents.tasks.startDelay'],
    [
      'times in the wrong order',
      { count: 5, tasks: { endAfter: '2secs-1secs' } },
      'SPEC_VALUE simulatedAgents.tasks.endAfter',
    ],
    ['a time that is none', { count: 5, tasks: { crashAfter: 'soon' } }, 'SPEC_VALUE simulatedAgents.tasks.crashAfter'],
    ['a rate above 1', { count: 5, tasks: { crashRate: 2 } }, 'SPEC_VALUE simulatedAgents.tasks.crashRate'],
    ['a rate that is no number', { count: 5, tasks: { crashRate: NaN } }, 'SPEC_VALUE simulatedAgents.tasks.crashRate'],
  ])('are refused with %s', async (_, simulation, problem) => {
    expect(await problemsOf(withAgents(simulation))).toEqual([problem]);
  });

  it('are refused where the embedded runtime is not what runs the lab', async () => {
    const machines = withAgents({ count: 5 }, { preset: 'three-vm' });
    expect(await problemsOf(machines)).toContain('SPEC_COMBINATION simulatedAgents');
    const adopted = withAgents({ count: 5 }, { adopted: { masters: ['http://one:5050'] } });
    expect(await problemsOf(adopted)).toContain('SPEC_COMBINATION simulatedAgents');
  });

  it('are the only ones that may call themselves simulated', async () => {
    const spec: ClusterSpec = { name: 'lab', mesos: { agent: { attributes: { simulated: 'true' } } } };
    expect(await problemsOf(spec)).toEqual(['SPEC_ATTRIBUTES mesos.agent.attributes']);
  });
});

it.each([
  ['500ms', { fromMs: 500, toMs: 500 }],
  ['1secs - 1.5mins', { fromMs: 1000, toMs: 90_000 }],
  ['', undefined],
  ['-1secs', undefined],
  ['1secs-2secs-3secs', undefined],
  ['1secs-', undefined],
])('the time %j is read', (text, range) => {
  expect(parseTimeRange(text)).toEqual(range);
});
