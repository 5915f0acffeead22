import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { recommend, type Measurement } from '../../autoscaling/rule/recommend.ts';

const measured = (values: readonly number[], missing = 0, unready = 0): Measurement => ({
  ...{ kind: 'per-instance', values, missing, unready },
});
const wanted = (of: Measurement, target: number, current: number) => recommend(of, target, current)?.instances;

/** The examples are those of the documentation of Kubernetes: 200m with a target of 100m doubles, 50m halves. */
describe("Kubernetes's rule", () => {
  it('is the ratio of what is measured to what is wanted, rounded up', () => {
    expect(wanted(measured([200, 200]), 100, 2)).toBe(4);
    expect(wanted(measured([50, 50]), 100, 2)).toBe(1);
    expect(wanted(measured([130, 130, 130]), 100, 3)).toBe(4);
  });

  it('does nothing within a tenth of the target', () => {
    expect(wanted(measured([109, 109]), 100, 2)).toBe(2);
    expect(wanted(measured([91, 91]), 100, 2)).toBe(2);
    expect(wanted(measured([112, 112]), 100, 2)).toBe(3);
  });

  it('takes a missing one to use its target when it would shrink', () => {
    // 10 of 100 by two of four: without the missing ones 1 would do.
    expect(wanted(measured([10, 10], 2), 100, 4)).toBe(3);
  });

  it('takes a missing one to use nothing when it would grow', () => {
    expect(wanted(measured([300, 300], 2), 100, 4)).toBe(6);
    // 150 of 100 by two, and two that use nothing, would be less than there are: it turns, so nothing is done.
    expect(wanted(measured([150, 150], 2), 100, 4)).toBe(4);
  });

  it('takes one that is not ready to use nothing when it would grow, and leaves it out when it would shrink', () => {
    expect(wanted(measured([200, 200], 0, 2), 100, 4)).toBe(4);
    expect(wanted(measured([400, 400], 0, 2), 100, 4)).toBe(8);
    expect(wanted(measured([20, 20, 20, 20], 0, 2), 100, 6)).toBe(1);
  });

  it('divides the value of a query among the instances', () => {
    expect(wanted({ kind: 'total', value: 450 }, 100, 2)).toBe(5);
    expect(wanted({ kind: 'total', value: 205 }, 100, 2)).toBe(2);
    expect(wanted({ kind: 'total', value: 0 }, 100, 2)).toBe(0);
  });

  it('knows nothing where nothing was measured', () => {
    expect(recommend({ kind: 'none', why: 'nobody answers' }, 100, 2)).toBeUndefined();
    expect(recommend(measured([], 2), 100, 2)).toBeUndefined();
  });

  it('never turns against what the measured ones say, however many are missing', () => {
    const value = fc.double({ min: 0, max: 1000, noNaN: true });
    fc.assert(
      fc.property(
        fc.array(value, { minLength: 1, maxLength: 20 }),
        ...([fc.nat(10), fc.nat(10)] as const),
        fc.integer({ min: 1, max: 500 }),
        (values, missing, unready, target) => {
          const current = values.length + missing + unready;
          const instances = wanted(measured(values, missing, unready), target, current) ?? NaN;
          const average = values.reduce((sum, each) => sum + each, 0) / values.length;
          if (average > target * 1.1) expect(instances).toBeGreaterThanOrEqual(current - unready - missing);
          if (average < target * 0.9) expect(instances).toBeLessThanOrEqual(current);
        },
      ),
    );
  });
});
