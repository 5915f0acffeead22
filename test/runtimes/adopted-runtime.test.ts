import { describe, expect, it } from 'vitest';
import { UserError } from '../../errors/user-error.ts';
import { planCluster } from '../../planning/plan/plan-cluster.ts';
import type { Plan } from '../../planning/plan/plan.ts';
import { systemClock } from '../../platform/clock.ts';
import { adoptedRuntime } from '../../runtimes/adopted/adopted-runtime.ts';
import { startOptions } from './start-options.ts';

const lab = { directory: '/lab' };
const { signal } = new AbortController();
const theirs = planCluster({
  name: 'theirs',
  placement: 'machines',
  nodes: [{ name: 'n1', address: '10.0.0.1', roles: ['mesos-master', 'mesos-agent', 'marathon'] }],
  adopted: { masters: ['http://10.0.0.1:5050'], agents: ['http://10.0.0.1:5051'], marathons: ['http://10.0.0.1:8080'] },
});
const runtimeOf = (planOf: () => Promise<Plan>) => adoptedRuntime({ clock: systemClock, wallClock: Date.now, planOf });
const runtime = runtimeOf(() => Promise.resolve(theirs));

describe('a cluster that somebody else runs', () => {
  it('is found by its description, with the masters and agents that may serve logs', async () => {
    expect(await runtime.find(lab)).toMatchObject({
      kind: 'running',
      lab: {
        plan: theirs,
        target: { masters: ['http://10.0.0.1:5050'] },
        parts: [{ role: 'mesos-master' }, { role: 'mesos-agent' }],
      },
    });
  });

  it('is none where the spec is of a lab of our own, or has mistakes', async () => {
    const ours = runtimeOf(() => Promise.resolve(planCluster({ name: 'ours' })));
    const mistaken = runtimeOf(() => Promise.reject(new UserError({ code: 'SPEC_SYNTAX', message: 'no YAML' })));
    expect([await ours.find(lab), await mistaken.find(lab)]).toEqual([{ kind: 'nothing' }, { kind: 'nothing' }]);
  });

  it.each([
    ['up', () => runtime.prepare(lab, startOptions(theirs))],
    ['up', () => runtime.start(lab, startOptions(theirs))],
    ['down', () => runtime.remove(lab)],
    ['stop', () => runtime.control(lab, 'stop', [], signal)],
    ['start', () => runtime.control(lab, 'start', [], signal)],
    ['exec', () => runtime.exec(lab, 'n1', ['true'], signal)],
  ] as const)('refuses %s, also of who did not ask before', async (verb, action) => {
    const problem = { code: 'ADOPTED', message: expect.stringMatching(new RegExp(`^${verb} is for clusters`)) };
    expect(await runtime.refusal(lab, verb, signal)).toMatchObject(problem);
    await expect(action()).rejects.toMatchObject({ problems: [problem] });
  });
});
