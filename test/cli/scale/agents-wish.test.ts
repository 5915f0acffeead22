import { describe, expect, it } from 'vitest';
import { whyNot, type Wish } from '../../../cli/running/agents-wish.ts';
import type { AgentsStep } from '../../../cli/running/change-agents.ts';
import { targetFromPlan } from '../../../checks/cluster-target.ts';
import { planOf } from '../../runtimes/embedded/plan-of.ts';

/** A lab of so many agents that runs as its spec says, unless that is another number, and would have another one. */
async function step(agents: number, wanted: number, spec = agents): Promise<AgentsStep> {
  const [runs, says, then] = await Promise.all(
    [agents, spec, wanted].map((count) => planOf({ counts: { agents: count } })),
  );
  if (runs === undefined || says === undefined || then === undefined) throw new Error('three plans');
  return { running: { plan: runs, target: targetFromPlan(runs) }, spec: says, wanted: then };
}

const wish = (from: number, to: number, leaving: readonly string[] = []): Wish => ({ from, to, leaving, reason: '' });

describe('a wish of the autoscaler', () => {
  it('is carried out when it was made of as many agents as the spec has', async () => {
    expect(whyNot(await step(2, 4), wish(2, 4))).toBeUndefined();
    expect(whyNot(await step(4, 2), wish(4, 2, ['agent3:5053', 'agent4:5054']))).toBeUndefined();
  });

  it('is not while fewer are registered, as after a step that was broken off: nothing is done twice', async () => {
    expect(whyNot(await step(2, 3, 3), wish(2, 3))).toBe(
      'mesos-cluster.yaml has 3 agents, and 2 are registered: up brings the lab to what it says',
    );
  });

  it('is not where another agent would go than those without a task', async () => {
    expect(whyNot(await step(4, 3), wish(4, 3, ['agent3:5053']))).toMatch(
      /^agent4 would go, and the autoscaler does not/,
    );
  });

  it('is not in a lab that does not run', async () => {
    expect(whyNot({ ...(await step(2, 3)), running: undefined }, wish(2, 3))).toBe('The lab does not run');
  });
});
