import { describe, expect, it } from 'vitest';
import type { Wish } from '../../autoscaling/labels/wish.ts';
import { cooldownsLookedBack, decide, withStep, type Memory } from '../../autoscaling/rule/decide.ts';
import type { Measurement } from '../../autoscaling/rule/recommend.ts';
import { randomFrom } from '../engine/invariant/random.ts';

/*
 * An hour of passed-in clock: load of a shape, an app whose new instances take a while to start, and the autoscaler that
 * looks at it every 15 seconds.
 */

const target = 50;
const cooldownS = 60;
/** Before it shrinks. */
const windowS = cooldownsLookedBack * cooldownS;
const lookS = 15;
const startS = 20;
const hourS = 3600;
const wish: Wish = {
  ...{ min: 1, max: 40, metric: { kind: 'requests-per-second' }, target, cooldownMs: cooldownS * 1000, schedule: [] },
};

/** Requests per second of all instances together, at a second of the hour. */
type Shape = (second: number) => number;

interface Step {
  readonly second: number;
  readonly from: number;
  readonly to: number;
}

/** Instances that were started less than `startS` ago run, and are not ready. */
function measure(shape: Shape, second: number, startedAt: readonly number[]): Measurement {
  const ready = startedAt.filter((at) => second - at >= startS).length;
  const values = Array.from({ length: ready }, () => shape(second) / ready);
  return { kind: 'per-instance', values, missing: 0, unready: startedAt.length - ready };
}

function hourOf(shape: Shape, instances: number): readonly Step[] {
  let memory: Memory | undefined;
  let startedAt: readonly number[] = Array.from({ length: instances }, () => -startS);
  const steps: Step[] = [];
  for (let second = 0; second < hourS; second += lookS) {
    const count = startedAt.length;
    const isDeployed = startedAt.some((at) => second - at < startS);
    const measured = measure(shape, second, startedAt);
    const now = second * 1000;
    const { decision, memory: kept } = decide({ wish, seen: { instances: count, isDeployed }, measured, memory, now });
    memory = kept;
    if (decision.kind !== 'scale') continue;
    memory = withStep(kept, decision.to, now);
    steps.push({ second, from: count, to: decision.to });
    const more = Array.from({ length: Math.max(0, decision.to - count) }, () => second);
    startedAt = [...startedAt.slice(0, decision.to), ...more];
  }
  return steps;
}

const instancesAt = (steps: readonly Step[], second: number, first: number) =>
  steps.findLast((step) => step.second <= second)?.to ?? first;

/** How often it turned from growing to shrinking, or back. */
function turns(steps: readonly Step[]): number {
  const directions = steps.map(({ from, to }) => Math.sign(to - from));
  return directions.filter((direction, index) => index > 0 && direction !== directions[index - 1]).length;
}

/** What a second of the hour wants, were everything known at once. */
const ideal = (shape: Shape, second: number) => Math.max(1, Math.ceil(shape(second) / target));

const steps = {
  up: (second: number) => (second < 600 ? 100 : 600),
  down: (second: number) => (second < 600 ? 600 : 100),
};

/** Looks as if by chance, the same each time. */
const noisy = (level: number, spread: number, seed: number): Shape => {
  const { next } = randomFrom(seed);
  const values = Array.from({ length: hourS }, () => level * (1 + spread * (2 * next() - 1)));
  return (second) => values[second] ?? level;
};

describe('an hour of load', () => {
  it('is followed within two cooldowns after a step up, in one direction, and then stands still', () => {
    const taken = hourOf(steps.up, 2);
    expect(instancesAt(taken, 600 + 2 * cooldownS, 2)).toBe(ideal(steps.up, 700));
    expect(taken.every(({ second }) => second >= 600 && second <= 600 + 2 * cooldownS)).toBe(true);
    expect(turns(taken)).toBe(0);
  });

  it('is followed within two windows after a step down', () => {
    const taken = hourOf(steps.down, 12);
    expect(instancesAt(taken, 600 + 2 * windowS, 12)).toBe(ideal(steps.down, 700));
    expect(taken).toHaveLength(1);
  });

  it('is followed up a ramp without a step back, and never lags by more than it rises in two cooldowns', () => {
    const ramp: Shape = (second) => 50 + second / 2;
    const taken = hourOf(ramp, 1);
    expect(turns(taken)).toBe(0);
    expect(taken.length).toBeGreaterThan(5);
    for (let second = 2 * cooldownS; second < hourS; second += lookS) {
      const wanted = ideal(ramp, second - 2 * cooldownS);
      // Within the tolerance nothing is done.
      expect(instancesAt(taken, second, 1)).toBeGreaterThanOrEqual(Math.floor(wanted / 1.1));
    }
  });

  it('is followed through a sine: up and down once for each wave', () => {
    const waves = 2;
    const sine: Shape = (second) => 400 + 300 * Math.sin((2 * Math.PI * waves * second) / hourS);
    const taken = hourOf(sine, 8);
    expect(turns(taken)).toBeLessThanOrEqual(2 * waves);
    expect(Math.max(...taken.map(({ to }) => to))).toBeGreaterThanOrEqual(13);
    expect(Math.min(...taken.map(({ to }) => to))).toBeLessThanOrEqual(3);
  });

  it('has spikes that each lead to one step up and back down at most', () => {
    const every = 600;
    const spikes: Shape = (second) => (second % every < 30 && second >= every ? 800 : 200);
    const taken = hourOf(spikes, 4);
    const count = hourS / every - 1;
    expect(turns(taken)).toBeLessThanOrEqual(2 * count - 1);
    expect(taken.length).toBeLessThanOrEqual(2 * count);
    expect(instancesAt(taken, hourS, 4)).toBeLessThanOrEqual(ideal(spikes, 300) + 1);
  });

  it.each([1, 2, 3, 4, 5])('is not followed through noise within the tolerance (seed %i)', (seed) => {
    expect(hourOf(noisy(500, 0.09, seed), 10)).toEqual([]);
  });

  it.each([1, 2, 3, 4, 5])('does not make it swing by noise of a quarter (seed %i)', (seed) => {
    const taken = hourOf(noisy(500, 0.25, seed), 10);
    expect(turns(taken)).toBeLessThanOrEqual(2);
    for (const { to } of taken) expect(to).toBeLessThanOrEqual(13);
    for (const { to } of taken) expect(to).toBeGreaterThanOrEqual(9);
  });

  it.each(Object.entries(steps))('never has two steps in one cooldown: step %s', (_, shape) => {
    const taken = hourOf(shape, 2);
    for (const [index, { second }] of taken.entries()) {
      expect(second - (taken[index - 1]?.second ?? -Infinity)).toBeGreaterThanOrEqual(cooldownS);
    }
  });
});
