import { describe, expect, it } from 'vitest';
import type { Amounts } from '../../../autoscaling/agents/amounts.ts';
import {
  decideAgents,
  type AgentMemory,
  type SeenAgent,
  type Waiting,
} from '../../../autoscaling/agents/decide-agents.ts';

const bounds = { min: 1, max: 4, cooldownMs: 120_000 };
const of = (cpus: number, mem: number): Amounts => ({ cpus, mem, disk: 0, gpus: 0 });
const whole = { ...of(2, 1024), disk: 5120 };
const agent = (number: number, used = of(2, 512)): SeenAgent => ({
  name: `agent${number}:5051`,
  whole,
  free: { ...of(whole.cpus - used.cpus, whole.mem - used.mem), disk: whole.disk },
  isIdle: used.cpus === 0 && used.mem === 0,
});
const idle = (number: number) => agent(number, of(0, 0));
const waiting = (count: number, needs = of(1, 32), more: Partial<Waiting> = {}): Waiting => ({
  ...{ id: '/big', count, needs, isDue: true },
  ...more,
});

interface Look {
  readonly second: number;
  readonly agents: readonly SeenAgent[];
  readonly queue?: readonly Waiting[];
}

/** The last decision of several looks. */
function decided(...looks: readonly Look[]) {
  let memory: AgentMemory | undefined;
  let last: ReturnType<typeof decideAgents>['decision'] | undefined;
  for (const { second, agents, queue = [] } of looks) {
    const answer = decideAgents({ bounds, agents, queue, memory, now: second * 1000 });
    ({ memory, decision: last } = answer);
  }
  return last;
}

describe('more agents', () => {
  const agents = [agent(1), agent(2)];

  it('are wanted when the queue has waited for resources that no agent has free, as many as it needs', () => {
    const queue = [waiting(3)];
    expect(decided({ second: 0, agents, queue })).toMatchObject({ kind: 'hold', to: 2, waiting: 3 });
    expect(decided({ second: 0, agents, queue }, { second: 45, agents, queue })).toMatchObject({
      ...{ kind: 'scale', from: 2, to: 4, waiting: 3, since: 45_000 },
      reason: 'the queue has waited 45 s for 3 cpus that no agent has free (/big)',
    });
  });

  it('are wanted of the kind of resource that is short, and no more than the maximum', () => {
    const queue = [waiting(9, of(0.1, 800), { id: '/fat' })];
    expect(decided({ second: 0, agents, queue }, { second: 30, agents, queue })).toMatchObject({
      ...{ kind: 'scale', to: 4 },
      reason: 'the queue has waited 30 s for 0.9 cpus and 7200 MB of memory that no agent has free (/fat)',
    });
    const four = [1, 2, 3, 4].map((number) => agent(number));
    expect(decided({ second: 0, agents: four, queue }, { second: 300, agents: four, queue })).toMatchObject({
      ...{ kind: 'hold', to: 4 },
      reason: expect.stringMatching(/and 4 is the maximum$/),
    });
  });

  it.each([
    ['some agent has room for it', [waiting(1, of(1, 32))], [agent(1), agent(2, of(1, 32))]],
    ['it waits for the end of a delay', [waiting(3, of(1, 32), { isDue: false })], agents],
    ['offers lacked something else', [waiting(3, of(1, 32), { otherwise: 'UnfulfilledConstraint' })], agents],
    ['a whole agent is too small', [waiting(3, of(2.5, 32))], agents],
    ['it wants a kind that no agent has', [waiting(1, { ...of(1, 32), gpus: 1 })], agents],
  ] as const)('are not wanted when %s', (_, queue, there) => {
    const looks = [0, 300, 600].map((second) => ({ second, agents: there, queue }));
    expect(decided(...looks)).toMatchObject({ kind: 'hold', to: 2, waiting: 0 });
  });

  it.each([
    [waiting(3, of(1, 32), { otherwise: 'UnfulfilledRole' }), '/big waits, and not for resources: UnfulfilledRole'],
    [waiting(3, of(2.5, 32)), '/big needs more than a whole agent has'],
  ])('says why not', (each, reason) => {
    expect(decided({ second: 0, agents, queue: [each] })).toMatchObject({ reason });
  });

  it('come after a cooldown, and the wait begins anew when their number changes, whoever did that', () => {
    const queue = [waiting(3)];
    const three = [...agents, agent(3)];
    const before = [0, 45].map((second) => ({ second, agents, queue }));
    expect(decided(...before, { second: 60, agents: three, queue })).toMatchObject({
      ...{ kind: 'hold', from: 3, to: 3 },
      reason: 'their number was 2 before: this one stands for a cooldown',
    });
    const after = [60, 90, 175].map((second) => ({ second, agents: three, queue }));
    expect(decided(...before, ...after)).toMatchObject({
      reason: expect.stringMatching(/waited 115 s .*; the next step is in 5 s$/),
    });
    expect(decided(...before, ...after, { second: 180, agents: three, queue })).toMatchObject({ kind: 'scale', to: 4 });
  });

  it('are wanted since the same moment for as long as nobody adds them', () => {
    const queue = [waiting(1)];
    const looks = [0, 45, 60, 600].map((second) => ({ second, agents, queue }));
    expect(decided(...looks)).toMatchObject({ kind: 'scale', to: 3, since: 45_000 });
  });
});

describe('fewer agents', () => {
  const looks = (agents: readonly SeenAgent[], queue: readonly Waiting[] = []) =>
    [0, 300, 600].map((second) => ({ second, agents, queue }));

  it('are wanted when the last ones have no task for five cooldowns', () => {
    const agents = [agent(1), idle(2), idle(3)];
    expect(decided({ second: 0, agents }, { second: 599, agents })).toMatchObject({
      ...{ kind: 'hold', to: 3 },
      reason: 'agent3:5051 has no task; it goes in 1 s if that stays so',
    });
    expect(decided(...looks(agents))).toMatchObject({
      ...{ kind: 'scale', to: 1, leaving: ['agent2:5051', 'agent3:5051'] },
      reason: 'agent2:5051, agent3:5051 without a task for 600 s',
    });
  });

  it('are not wanted below the minimum, nor when the last one has tasks', () => {
    expect(decided(...looks([idle(1), idle(2)]))).toMatchObject({ kind: 'scale', to: 1, leaving: ['agent2:5051'] });
    expect(decided(...looks([idle(1)]))).toMatchObject({ kind: 'hold', to: 1 });
    expect(decided(...looks([idle(1), agent(2)]))).toMatchObject({ kind: 'hold', to: 2 });
  });

  it('are not wanted when one had a task meanwhile', () => {
    const busy = { second: 500, agents: [agent(1), agent(2)] };
    const idleAgents = [agent(1), idle(2)];
    expect(decided({ second: 0, agents: idleAgents }, busy, { second: 700, agents: idleAgents })).toMatchObject({
      kind: 'hold',
    });
  });

  it('are not wanted while something that waits for a delay will need the room', () => {
    const agents = [agent(1), idle(2)];
    const queue = [waiting(1, of(1, 32), { id: '/crashing', isDue: false })];
    expect(decided(...looks(agents, queue))).toMatchObject({
      ...{ kind: 'hold', to: 2 },
      reason: 'agent2:5051 without a task, and /crashing will need the room',
    });
    const room = [agent(1, of(1, 32)), idle(2)];
    expect(decided(...looks(room, queue))).toMatchObject({ kind: 'scale', to: 1 });
  });
});

describe('without an agent', () => {
  it('nothing is known, and what was known before is not forgotten', () => {
    const agents = [agent(1), agent(2)];
    const queue = [waiting(3)];
    expect(decided({ second: 0, agents: [], queue })).toMatchObject({
      kind: 'unable',
      reason: 'no agent is registered',
    });
    const all = [
      { second: 0, agents, queue },
      { second: 15, agents: [], queue },
      { second: 45, agents, queue },
    ];
    expect(decided(...all)).toMatchObject({ kind: 'scale', to: 4 });
  });
});
