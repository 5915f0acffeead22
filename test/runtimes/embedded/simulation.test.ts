import { expect, it } from 'vitest';
import type { UserError } from '../../../errors/user-error.ts';
import type { PlannedSimulation } from '../../../planning/plan/plan.ts';
import { planCluster } from '../../../planning/plan/plan-cluster.ts';
import { refuseTooMany } from '../../../runtimes/embedded/simulation.ts';

const simulation = (count: number): PlannedSimulation | undefined =>
  planCluster({ name: 'lab', simulatedAgents: { count } }).simulatedAgents;

it('ten thousand simulated agents fit into two gigabytes', async () => {
  await refuseTooMany(simulation(10_000), () => ({ availableBytes: 2e9, heapBytes: 4e9 }));
});

it('more than the memory of this machine holds are refused, with the estimate and how many would fit', async () => {
  const refusal = refuseTooMany(simulation(50_000), () => ({ availableBytes: 1e9, heapBytes: 4e9 }));
  await expect(refusal).rejects.toMatchObject({
    problems: [
      {
        code: 'MACHINE_MEMORY',
        message: expect.stringMatching(
          /^50000 simulated agents .* need about \d\.\d GB, more than this machine has free/,
        ),
        found: expect.stringMatching(/^1\.0 GB/),
        fix: expect.stringMatching(/^--simulated-agents \d+/),
      },
    ],
  });
  const { fix = '' } = (await refusal.then(
    () => ({}),
    (error: unknown) => (error as UserError).problems[0],
  )) as { fix?: string };
  const fits = Number(/\d+/.exec(fix));
  expect(fits).toBeGreaterThan(1000);
  await refuseTooMany(simulation(fits), () => ({ availableBytes: 1e9, heapBytes: 4e9 }));
});

it('more than a process may have are refused as well', async () => {
  await expect(
    refuseTooMany(simulation(50_000), () => ({ availableBytes: 64e9, heapBytes: 1e9 })),
  ).rejects.toMatchObject({
    problems: [
      {
        message: expect.stringContaining('a Node.js process may use here'),
        fix: expect.stringContaining('NODE_OPTIONS'),
      },
    ],
  });
});
