import { describe, expect, it } from 'vitest';
import type { Amounts } from '../../../autoscaling/agents/amounts.ts';
import { decideAgents, patience, type AgentMemory } from '../../../autoscaling/agents/decide-agents.ts';
import { randomFrom } from '../../engine/invariant/random.ts';

/*
 * Hours of passed-in clock: instances of one cpu each that come and go, a Marathon that launches them where there is room,
 * agents that take a while to start, somebody who does what the autoscaler decides, and a look every 15 seconds.
 */

const bounds = { min: 2, max: 8, cooldownMs: 120_000 };
const cooldownS = bounds.cooldownMs / 1000;
const windowS = patience.shrink * cooldownS;
const perAgent = 4;
const lookS = 15;
const startS = 40;
const hoursS = 3 * 3600;

/** How many instances there should be, at a second. */
type Shape = (second: number) => number;

interface Step {
  readonly second: number;
  readonly from: number;
  readonly to: number;
}

const amountsOf = (cpus: number): Amounts => ({ cpus, mem: cpus * 32, disk: 0, gpus: 0 });

interface Lab {
  /** Instances on each agent that is registered. */
  agents: number[];
  /** When agents that were asked for are registered. */
  starting: number[];
}

/** Ends what is too much, on the agents that were added first and have any, and launches what is missing; says what waits. */
function schedule({ agents }: Lab, wanted: number): number {
  let surplus = agents.reduce((sum, each) => sum + each, 0) - wanted;
  for (const [index, count] of agents.entries()) {
    const ended = Math.max(0, Math.min(count, surplus));
    agents[index] = count - ended;
    surplus -= ended;
  }
  let missing = Math.max(0, -surplus);
  for (const [index, count] of agents.entries()) {
    const launched = Math.min(perAgent - count, missing);
    agents[index] = count + launched;
    missing -= launched;
  }
  return missing;
}

/** @param byHand changes the lab at a second, as a person would */
function hoursOf(shape: Shape, first: number, byHand: (second: number, lab: Lab) => void = () => undefined) {
  const lab: Lab = { agents: Array.from({ length: first }, () => 0), starting: [] };
  let memory: AgentMemory | undefined;
  const steps: Step[] = [];
  const longest = { wait: 0 };
  let waitSince: number | undefined;
  for (let second = 0; second < hoursS; second += lookS) {
    byHand(second, lab);
    lab.agents.push(...lab.starting.filter((at) => at <= second).map(() => 0));
    lab.starting = lab.starting.filter((at) => at > second);
    const waiting = schedule(lab, shape(second));
    waitSince = waiting > 0 && lab.agents.length < bounds.max ? (waitSince ?? second) : undefined;
    longest.wait = Math.max(longest.wait, second - (waitSince ?? second));
    const agents = lab.agents.map((count, index) => ({
      ...{ name: `agent${index + 1}:5051`, whole: amountsOf(perAgent), free: amountsOf(perAgent - count) },
      isIdle: count === 0,
    }));
    const queue = waiting === 0 ? [] : [{ id: '/jobs', count: waiting, needs: amountsOf(1), isDue: true }];
    const answer = decideAgents({ bounds, agents, queue, memory, now: second * 1000 });
    ({ memory } = answer);
    const { kind, from, to } = answer.decision;
    expect(to).toBeLessThanOrEqual(Math.max(bounds.max, from));
    if (kind !== 'scale' || lab.starting.length > 0) continue;
    expect(to).toBeGreaterThanOrEqual(bounds.min);
    // Only agents without a task go.
    expect(lab.agents.slice(to).every((count) => count === 0)).toBe(true);
    steps.push({ second, from, to });
    lab.agents = lab.agents.slice(0, to);
    lab.starting = Array.from({ length: Math.max(0, to - from) }, () => second + startS);
  }
  return { steps, agents: lab.agents.length, longestWait: longest.wait };
}

/** How often it turned from growing to shrinking, or back. */
function turns(steps: readonly Step[]): number {
  const directions = steps.map(({ from, to }) => Math.sign(to - from));
  return directions.filter((direction, index) => index > 0 && direction !== directions[index - 1]).length;
}

/** Looks as if by chance, the same each time. */
const noisy = (level: number, spread: number, seed: number): Shape => {
  const { next } = randomFrom(seed);
  const values = Array.from({ length: hoursS / lookS }, () => Math.round(level + spread * (2 * next() - 1)));
  return (second) => values[second / lookS] ?? level;
};

const shapes: Readonly<Record<string, Shape>> = {
  'a step up': (second) => (second < 1800 ? 6 : 22),
  'a step down': (second) => (second < 1800 ? 22 : 6),
  'more than all agents hold': () => 100,
  'nothing at all': () => 0,
  'a ramp': (second) => Math.round((32 * second) / hoursS),
  'a sine': (second) => Math.round(14 + 12 * Math.sin((2 * Math.PI * 2 * second) / hoursS)),
  'frequent spikes': (second) => (second % 600 < 60 && second >= 600 ? 20 : 7),
  'rare spikes': (second) => (second % 1200 < 60 && second >= 1200 ? 20 : 7),
  'an edge': (second) => (second % 120 < 60 ? 8 : 9),
  noise: noisy(14, 4, 3),
};

describe('hours of a queue', () => {
  it.each(Object.entries(shapes))(
    'never have two steps in a cooldown, nor a step out of the bounds: %s',
    (_, shape) => {
      const { steps } = hoursOf(shape, 3);
      for (const [index, { second, to }] of steps.entries()) {
        expect(second - (steps[index - 1]?.second ?? -Infinity)).toBeGreaterThanOrEqual(cooldownS);
        expect([to >= bounds.min, to <= bounds.max]).toEqual([true, true]);
      }
    },
  );

  it('are followed after a step up within the patience, a look and the start of agents, and then stand still', () => {
    const { steps, agents, longestWait } = hoursOf(shapes['a step up'] ?? (() => 0), 2);
    expect(steps).toEqual([{ second: expect.any(Number), from: 2, to: 6 }]);
    expect(longestWait).toBeLessThanOrEqual(patience.grow * cooldownS + startS + 2 * lookS);
    expect(agents).toBe(6);
  });

  it('are followed after a step down once agents were idle for their time, down to what has tasks', () => {
    const { steps, agents } = hoursOf(shapes['a step down'] ?? (() => 0), 6);
    // Those that were added first end first here, so that the last ones keep theirs.
    expect(steps).toEqual([]);
    expect(agents).toBe(6);
    const over: Shape = (second) => (second < 1800 ? 22 : 0);
    const after = hoursOf(over, 6);
    expect(after.steps).toEqual([{ second: expect.any(Number), from: 6, to: 2 }]);
    expect(after.steps[0]?.second).toBeLessThanOrEqual(1800 + windowS + 2 * lookS);
  });

  it('go up a ramp without a step back', () => {
    const { steps, agents } = hoursOf(shapes['a ramp'] ?? (() => 0), 2);
    expect([turns(steps), agents]).toEqual([0, 8]);
  });

  it('go up and down once for each wave at most', () => {
    expect(turns(hoursOf(shapes['a sine'] ?? (() => 0), 4).steps)).toBeLessThanOrEqual(4);
  });

  it('go up and down once for each spike at most, where those are further apart than agents may be idle', () => {
    const { steps } = hoursOf(shapes['rare spikes'] ?? (() => 0), 2);
    const spikes = hoursS / 1200 - 1;
    expect(steps.length).toBeGreaterThan(0);
    expect(steps.length).toBeLessThanOrEqual(2 * spikes);
  });

  it.each(['frequent spikes', 'an edge'])('keep what they need again and again: %s', (name) => {
    expect(turns(hoursOf(shapes[name] ?? (() => 0), 2).steps)).toBe(0);
  });

  it.each([1, 2, 3, 4, 5])('do not swing by noise (seed %i)', (seed) => {
    expect(turns(hoursOf(noisy(14, 4, seed), 4).steps)).toBeLessThanOrEqual(1);
  });

  it('let stand for a cooldown what a person does', () => {
    const byHand = (second: number, lab: Lab) => {
      if (second === 3600) lab.agents.push(0, 0);
    };
    const { steps } = hoursOf(() => 6, 2, byHand);
    expect(steps).toEqual([{ second: expect.any(Number), from: 4, to: 2 }]);
    expect(steps[0]?.second).toBeGreaterThanOrEqual(3600 + windowS);
  });
});
