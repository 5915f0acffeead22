import { describe, expect, it } from 'vitest';
import { checkPlan } from '../../planning/plan-rules/check-plan-ports.ts';
import { checkSpec } from '../../planning/rules/check-spec.ts';
import { planCluster } from '../../planning/plan/plan-cluster.ts';
import { preparePlan } from '../../planning/plan/prepare-plan.ts';
import { presetNames } from '../../planning/catalogue/roles.ts';

const locate = () => ({ kind: 'path', path: 'spec' }) as const;

describe('a plan', () => {
  // preparePlan relies on this: it does not check a spec that says nothing else.
  it.each(presetNames)('of the preset %s needs no check: it would find nothing', async (preset) => {
    const spec = { name: 'lab', preset };
    expect(await checkSpec(spec)).toEqual([]);
    expect(checkPlan(planCluster(spec), spec)).toEqual([]);
    expect(await preparePlan(spec, locate)).toEqual({ plan: planCluster(spec), warnings: [] });
  });

  it.each(['Bad Name', '', 'a-', '-a', 'x'.repeat(64), '__proto__'])(
    'of a preset is refused with the name %j',
    async (name) => {
      await expect(preparePlan({ name }, locate)).rejects.toMatchObject({ name: 'UserError' });
    },
  );

  it('is checked as soon as it wishes for anything', async () => {
    await expect(preparePlan({ name: 'lab', counts: { masters: 2 } }, locate)).rejects.toThrow(/SPEC_QUORUM/);
  });
});
