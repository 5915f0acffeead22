import { describe, expect, it } from 'vitest';
import type { Wish } from '../../autoscaling/labels/wish.ts';
import { decide, withStep, type Memory } from '../../autoscaling/rule/decide.ts';
import type { Measurement } from '../../autoscaling/rule/recommend.ts';

const wish: Wish = {
  ...{ min: 1, max: 10, metric: { kind: 'requests-per-second' }, target: 100, cooldownMs: 60_000, schedule: [] },
};
const each = (value: number, count: number): Measurement => ({
  ...{ kind: 'per-instance', values: Array.from({ length: count }, () => value), missing: 0, unready: 0 },
});

interface Look {
  readonly instances: number;
  readonly load?: number;
  readonly measured?: Measurement;
  readonly isDeployed?: boolean;
  readonly wish?: Wish;
}

/** Looks at an app at times of a clock that is passed in, with what is kept between them. */
function watcher() {
  let memory: Memory | undefined;
  return (seconds: number, { instances, load = 0, isDeployed = false, ...look }: Look) => {
    const now = seconds * 1000;
    const measured = look.measured ?? each(load / instances, instances);
    const given = { wish: look.wish ?? wish, seen: { instances, isDeployed }, measured, memory, now };
    const { decision, memory: kept } = decide(given);
    memory = decision.kind === 'scale' ? withStep(kept, decision.to, now) : kept;
    return decision;
  };
}

describe('the autoscaler', () => {
  it('grows at once, and says why', () => {
    expect(watcher()(0, { instances: 2, load: 500 })).toMatchObject({
      ...{ kind: 'scale', from: 2, to: 5, value: 250, ratio: 2.5 },
      reason: 'requests-per-second 250 of 100 an instance: ratio 2.5, 2 → 5',
    });
  });

  it('keeps only what can still be the highest of its window, however long and often it looks', () => {
    let memory: Memory | undefined;
    for (let second = 0; second < 5000; second += 1) {
      const seen = { instances: 4, isDeployed: false };
      const measured = each(second % 7 === 0 ? 100 : 60, 4);
      const now = second * 1000;
      ({ memory } = decide({ wish: { ...wish, cooldownMs: 86_400_000 }, seen, measured, memory, now }));
    }
    expect(memory?.recommendations.length).toBeLessThanOrEqual(10);
  });

  it('takes one step in a cooldown', () => {
    const look = watcher();
    look(0, { instances: 2, load: 500 });
    expect(look(30, { instances: 5, load: 900 })).toMatchObject({
      ...{ kind: 'hold', to: 5 },
      reason: 'requests-per-second 180 of 100 an instance: ratio 1.8, 5 → 9; the next step is in 30 s',
    });
    expect(look(60, { instances: 5, load: 900 })).toMatchObject({ kind: 'scale', to: 9 });
  });

  it('shrinks to the most that was wanted within five cooldowns', () => {
    const look = watcher();
    look(0, { instances: 8, load: 800 });
    expect(look(15, { instances: 8, load: 200 })).toMatchObject({
      ...{ kind: 'hold' },
      reason: 'requests-per-second 25 of 100 an instance: 2 would do, and 8 were wanted not long ago',
    });
    look(30, { instances: 8, load: 500 });
    look(45, { instances: 8, load: 200 });
    expect(look(301, { instances: 8, load: 200 })).toMatchObject({ kind: 'scale', to: 5 });
  });

  it('keeps to its bounds, and says which one holds', () => {
    expect(watcher()(0, { instances: 10, load: 5000 }).reason).toMatch(/50 are wanted, 10 is the maximum$/);
    expect(watcher()(0, { instances: 4, wish: { ...wish, min: 6 } })).toMatchObject({
      ...{ kind: 'scale', to: 6, reason: '4 is below the minimum, 6' },
    });
    expect(watcher()(0, { instances: 12 })).toMatchObject({ kind: 'scale', to: 10 });
  });

  it('does not touch an app of which a deployment runs', () => {
    expect(watcher()(0, { instances: 2, load: 900, isDeployed: true })).toMatchObject({
      ...{ kind: 'hold', reason: 'a deployment of it runs' },
    });
  });

  it('leaves what was scaled by hand as if it had wanted that itself', () => {
    const look = watcher();
    look(0, { instances: 2, load: 200 });
    expect(look(15, { instances: 6, load: 200, isDeployed: true })).toMatchObject({
      ...{ kind: 'hold', reason: 'it was scaled from 2 to 6 by hand, which stands for now' },
    });
    expect(look(60, { instances: 6, load: 200 }).kind).toBe('hold');
    expect(look(314, { instances: 6, load: 200 }).kind).toBe('hold');
    expect(look(316, { instances: 6, load: 200 })).toMatchObject({ kind: 'scale', to: 2 });
  });

  it('leaves what was scaled to 0 until it has an instance again', () => {
    const look = watcher();
    look(0, { instances: 2, load: 200 });
    for (const seconds of [15, 300, 3600]) {
      expect(look(seconds, { instances: 0, measured: each(0, 0), wish: { ...wish, min: 2 } }).kind).toBe('hold');
    }
    look(3700, { instances: 1, load: 900 });
    expect(look(3761, { instances: 1, load: 900 })).toMatchObject({ kind: 'scale', to: 9 });
  });

  it('does nothing where nothing was measured, and says so', () => {
    const measured: Measurement = { kind: 'none', why: 'the query gives nothing' };
    expect(watcher()(0, { instances: 3, measured })).toMatchObject({ kind: 'unable', to: 3, reason: measured.why });
  });

  it('does not shrink while a load balancer does not answer, and grows', () => {
    const partly = (value: number): Measurement => ({
      ...{ kind: 'per-instance', values: [value], missing: 0, unready: 0, atLeast: 'lb2 does not answer' },
    });
    const look = watcher();
    look(0, { instances: 1, load: 100 });
    const less = look(400, { instances: 4, measured: { ...partly(10), values: [10, 10, 10, 10] } as Measurement });
    expect(less.kind).toBe('hold');
    expect(watcher()(0, { instances: 1, measured: partly(300) })).toMatchObject({ kind: 'scale', to: 3 });
  });

  it('has the bounds of its schedule', () => {
    const span = { text: 'daily 08:00-18:00 min=4', min: 4, max: 10, minutes: [{ from: 0, to: 7 * 24 * 60 }] };
    expect(watcher()(0, { instances: 1, wish: { ...wish, schedule: [span] } })).toMatchObject({
      ...{ kind: 'scale', to: 4, reason: '1 is below the minimum of daily 08:00-18:00 min=4, 4' },
    });
  });
});
