import { describe, expect, it } from 'vitest';
import { AgentBoard } from '../../../autoscaling/program/agent-board.ts';
import { DecisionBoard } from '../../../autoscaling/program/decision-board.ts';
import { metricsText } from '../../../autoscaling/program/metrics-text.ts';
import { AgentWatch } from '../../../autoscaling/program/watch-agents.ts';

const urls = { masters: ['http://master1:5050', 'http://master2:5050'], marathons: ['http://marathon1:8080'] };
const slaves = 'http://master2:5050/slaves';
const queue = 'http://marathon1:8080/v2/queue';

const agents = (count: number) => ({
  slaves: Array.from({ length: count }, (_, index) => ({
    ...{ hostname: `agent${index + 1}`, port: 5051, active: true },
    resources: { cpus: 2, mem: 1024 },
    used_resources: { cpus: index < 2 ? 2 : 0, mem: index < 2 ? 64 : 0 },
  })),
});
const waits = { queue: [{ app: { id: '/big', cpus: 1, mem: 32 }, count: 2, delay: { overdue: true } }] };

/** A master and a Marathon that answer from a table; the first master does not. */
function fakeLab(answers: Record<string, object | undefined>) {
  const log: string[] = [];
  let second = 0;
  const board = new AgentBoard((line) => log.push(line));
  const ask = (url: string) =>
    answers[url] === undefined
      ? Promise.reject(new Error(`${url}: nobody listens there`))
      : Promise.resolve(answers[url]);
  const world = { ask, board, now: () => second * 1000, signal: new AbortController().signal };
  const watch = new AgentWatch(urls, { min: 1, max: 5, cooldownMs: 120_000 }, world);
  const lookAt = async (at: number, changed: Record<string, object | undefined> = {}) => {
    second = at;
    Object.assign(answers, changed);
    await watch.look();
    return board.row();
  };
  const metrics = () => metricsText(new DecisionBoard(() => undefined), board.row());
  return { lookAt, log, metrics };
}

describe('an autoscaler that decides how many agents there should be', () => {
  it('asks any master and Marathon, says each decision that is new, and counts the steps that follow', async () => {
    const lab = fakeLab({ [slaves]: agents(2), [queue]: waits });
    await lab.lookAt(0);
    await lab.lookAt(15);
    const { decision } = await lab.lookAt(30);
    expect(decision).toMatchObject({ kind: 'scale', from: 2, to: 3, at: '1970-01-01T00:00:30.000Z' });
    await lab.lookAt(45);
    const { steps, log } = await lab.lookAt(60, { [slaves]: agents(3), [queue]: { queue: [] } });
    expect([steps, log.length]).toEqual([{ up: 1, down: 0 }, 3]);
    expect(lab.log).toEqual([
      'agents stay at 2: the queue has waited 0 s for 2 cpus that no agent has free (/big)',
      'agents: wanted 3 instead of 2: the queue has waited 30 s for 2 cpus that no agent has free (/big)',
      'agents stay at 3: their number was 2 before: this one stands for a cooldown',
    ]);
    expect(lab.metrics()).toContain('autoscaler_agents_steps_total{direction="up"} 1\n');
    expect(lab.metrics()).toMatch(/^autoscaler_agents 3\n/m);
  });

  it('knows nothing while no master answers, says so once, and goes on with what it knew', async () => {
    const lab = fakeLab({ [slaves]: agents(2), [queue]: waits });
    await lab.lookAt(0);
    await lab.lookAt(15, { [slaves]: undefined });
    const { decision } = await lab.lookAt(20);
    expect(decision).toMatchObject({ kind: 'unable', from: 2, to: 2, reason: expect.stringContaining('master1') });
    expect(lab.metrics()).toMatch(/^autoscaler_agents_measured 0\n/m);
    expect(lab.log).toHaveLength(2);
    expect((await lab.lookAt(30, { [slaves]: agents(2) })).decision).toMatchObject({ kind: 'scale', to: 3 });
  });
});
