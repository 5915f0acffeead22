import { describe, expect, it, onTestFinished } from 'vitest';
import { clusterClient, UnreachableError, type ClusterClient } from '../../checks/cluster-client.ts';
import { UserError } from '../../errors/user-error.ts';
import { planCluster } from '../../planning/plan/plan-cluster.ts';
import type { Plan } from '../../planning/plan/plan.ts';
import { systemClock } from '../../platform/clock.ts';
import { adoptedRuntime } from '../../runtimes/adopted/adopted-runtime.ts';
import { VirtualClock } from '../support/virtual-clock.ts';
import { startOptions } from './start-options.ts';

const lab = { directory: '/lab' };
const { signal } = new AbortController();
const theirs = planCluster({
  name: 'theirs',
  placement: 'machines',
  nodes: [{ name: 'n1', address: '10.0.0.1', roles: ['mesos-master', 'mesos-agent', 'marathon'] }],
  adopted: { masters: ['http://10.0.0.1:5050'], agents: ['http://10.0.0.1:5051'], marathons: ['http://10.0.0.1:8080'] },
});
const client = clusterClient();
const runtimeOf = (planOf: () => Promise<Plan>) =>
  adoptedRuntime({ client, clock: systemClock, wallClock: Date.now, planOf });
const runtime = runtimeOf(() => Promise.resolve(theirs));

/** A fake client of a master and an agent that serve these logs, and do not answer where there is none. */
function fakeLogs(logs: Record<'master' | 'slave', string | undefined>) {
  const ask: ClusterClient['ask'] = (url) => {
    const query = new URL(url).searchParams;
    const log = query.get('path') === '/master/log' ? logs.master : logs.slave;
    if (log === undefined) return Promise.reject(new UnreachableError(url, 'ECONNREFUSED', 'nobody listens there'));
    const offset = Number(query.get('offset'));
    const json = offset < 0 ? { data: '', offset: log.length } : { data: log.slice(offset), offset };
    return Promise.resolve({ url, status: 200, headers: {}, text: '', json });
  };
  return { logs, asked: { ask, urlFor: client.urlFor } };
}

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

  it('is followed while any of its logs is served, and half a minute longer', async () => {
    const [clock, stop] = [new VirtualClock(), new AbortController()];
    const { asked, logs } = fakeLogs({ master: 'I1130 05:47:02.123456 7 m.cpp:1] one\n', slave: 'one of the agent\n' });
    const planOf = () => Promise.resolve(theirs);
    const theirRuntime = adoptedRuntime({ client: asked, clock, wallClock: clock.wallClock, planOf });
    const [lines, request] = [[] as string[], { ids: ['n1-mesos-master', 'n1-mesos-agent'], tail: 10, follow: true }];
    const ended = { is: false };
    const done = theirRuntime
      .logs(lab, { ...request, signal: stop.signal }, (id, line) => lines.push(`${id.slice(3)}: ${line.slice(-3)}`))
      .finally(() => (ended.is = true));
    onTestFinished(() => {
      stop.abort();
    });
    await clock.pass(1000);
    const before = logs.slave ?? '';
    logs.slave = undefined;
    await clock.pass(60_000);
    logs.slave = `${before}two\n`;
    await clock.pass(1000);
    expect(lines).toEqual(['mesos-master: one', 'mesos-agent: ent', 'mesos-agent: two']);
    Object.assign(logs, { master: undefined, slave: undefined });
    await clock.pass(29_000);
    expect(ended.is).toBe(false);
    await clock.pass(2000);
    expect([ended.is, await done]).toEqual([true, true]);
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
