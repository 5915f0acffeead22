import { describe, expect, it } from 'vitest';
import { planCluster } from '../../planning/plan/plan-cluster.ts';
import { checkSpec } from '../../planning/rules/check-spec.ts';
import type { ClusterSpec } from '../../planning/shape/cluster-spec.ts';

const problemsOf = async (spec: Partial<ClusterSpec>) =>
  (await checkSpec({ name: 'lab', ...spec })).map(({ severity, code, path, found }) => [
    ...[severity, code, path.join('.')],
    found,
  ]);
const cleanerOf = (spec: Partial<ClusterSpec>) => planCluster({ name: 'lab', ...spec }).cleaner;
const flags = { docker_remove_delay: '2hrs' };

describe('the cleaner of a plan', () => {
  it('keeps ten containers as long as the agents do, and a gigabyte of dangling images', () => {
    expect(cleanerOf({})).toMatchObject({ containers: 10, ageSeconds: 900, danglingImagesMb: 1024 });
    expect(cleanerOf({ mesos: { agent: { flags } } })).toMatchObject({ ageSeconds: 7200 });
  });

  it('is what the spec says', () => {
    const cleaner = { containers: 2, age: '90secs', danglingImagesMb: 0 };
    expect(cleanerOf({ cleaner })).toMatchObject({ containers: 2, ageSeconds: 90, danglingImagesMb: 0 });
  });

  it.each<Partial<ClusterSpec>>([{ cleaner: { enabled: false } }, { agentDocker: 'socket' }, { preset: 'three-vm' }])(
    'is none with %j',
    (spec) => {
      expect(cleanerOf(spec)).toBeUndefined();
    },
  );
});

describe('a spec with a cleaner', () => {
  it.each<Partial<ClusterSpec>>([
    { cleaner: {} },
    { cleaner: { containers: 1, age: '10secs', danglingImagesMb: 0 } },
    { cleaner: { enabled: false }, agentDocker: 'socket' },
    { cleaner: { age: '2hrs' }, mesos: { agent: { flags } } },
  ])('is right with %j', async (spec) => {
    expect(await problemsOf(spec)).toEqual([]);
  });

  it.each<[Partial<ClusterSpec>, readonly unknown[]]>([
    [{ cleaner: { containers: 0 } }, ['error', 'SPEC_VALUE', 'cleaner.containers', '0']],
    [{ cleaner: { danglingImagesMb: -1 } }, ['error', 'SPEC_VALUE', 'cleaner.danglingImagesMb', '-1']],
    [{ cleaner: { age: 'soon' } }, ['error', 'SPEC_VALUE', 'cleaner.age', '"soon"']],
    [{ cleaner: { age: '9secs' } }, ['error', 'SPEC_VALUE', 'cleaner.age', '"9secs"']],
    [{ cleaner: { enabled: false, age: '1hrs' } }, ['error', 'SPEC_COMBINATION', 'cleaner.age', 'age']],
    [
      { cleaner: { containers: 5 }, agentDocker: 'socket' },
      ['error', 'SPEC_COMBINATION', 'cleaner', expect.stringContaining('agentDocker: socket')],
    ],
    [
      { cleaner: { containers: 5 }, preset: 'three-vm' },
      ['error', 'SPEC_COMBINATION', 'cleaner', expect.stringContaining('placement machines')],
    ],
    [
      { cleaner: { age: '1hrs' } },
      ['warning', 'SPEC_VALUE', 'cleaner.age', '"1hrs", and docker_remove_delay is 15mins'],
    ],
  ])('is told of what it cannot have: %j', async (spec, problem) => {
    expect(await problemsOf(spec)).toEqual([problem]);
  });
});
