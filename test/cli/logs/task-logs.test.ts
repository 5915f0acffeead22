import { describe, expect, it, onTestFinished } from 'vitest';
import { allTasks } from '../../../cli/logs/all-tasks.ts';
import type { LogLine } from '../../../cli/logs/log-line.ts';
import { followTasks } from '../../../cli/logs/task-logs.ts';
import { FakeAgent, fakeCluster } from './fake-agents.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';

const looked = 1000;

/** Follows all tasks of these agents; `lines` is what was said since it was asked for last. */
function follow(
  agents: readonly FakeAgent[],
  { isLabGone = false, tail = 100, follow: goesOn = true, hasLeader = true } = {},
) {
  const { cluster, client } = fakeCluster(agents);
  cluster.hasLeader = hasLeader;
  const clock = new VirtualClock();
  const stop = new AbortController();
  const notes: string[] = [];
  const all: LogLine[] = [];
  let taken = 0;
  const planned = ['agent1', 'agent2'].map((name) => ({ name, hostname: name, port: 5051, attributes: '' }));
  const target = {
    ...{ masters: ['http://master1:5050'], marathons: [], zookeepers: [], hosts: {} },
    expected: { masterCount: 1, agents: planned },
  };
  const ended = { is: false };
  const done = followTasks(
    { masters: target.masters, target, client, clock, signal: stop.signal, note: (text) => notes.push(text) },
    {
      choice: allTasks(undefined, (count) => notes.push(`${count} left out`)),
      ...{ simulated: [], tail, follow: goesOn, now: clock.wallClock, caughtUp: () => undefined },
      onLine: (line) => all.push(line),
      isLabGone: () => Promise.resolve(isLabGone),
    },
  ).then(() => (ended.is = true));
  const lines = () => {
    const news = all.slice(taken).map(({ source, text }) => `${source.agent ?? ''} ${source.name}: ${text}`);
    taken = all.length;
    return news;
  };
  onTestFinished(async () => {
    stop.abort();
    await done;
  });
  return { clock, cluster, stop, done, ended, notes, lines, all };
}

describe('the output of all tasks', () => {
  it('is that of both files on all agents, also what was there', async () => {
    const [one, two] = [new FakeAgent('agent1'), new FakeAgent('agent2')];
    one.write('web.1', 'old\n', { at: Date.UTC(2026, 10, 30, 5) });
    const { clock, lines, all } = follow([one, two]);
    await clock.pass(looked);
    expect(lines()).toEqual(['agent1 web.1 stdout: old']);
    two.write('web.2', 'new\n');
    two.write('web.2', 'wrong\n', { file: 'stderr' });
    await clock.pass(looked);
    expect(lines()).toEqual(['agent2 web.2 stdout: new', 'agent2 web.2 stderr: wrong']);
    // What was there is not younger than its file; what comes is as old as the look that has found it.
    expect(all.map(({ at, timeOf }) => [timeOf, new Date(at).toISOString().slice(11, 19)])).toEqual([
      ['file', '05:00:00'],
      ['read', '06:00:01'],
      ['read', '06:00:01'],
    ]);
  });

  it('goes on with tasks that take the place of others, and with the last words of those', async () => {
    const agent = new FakeAgent('agent1');
    agent.write('web.1', 'begun\n');
    const { clock, lines } = follow([agent]);
    await clock.pass(looked);
    agent.write('web.1', 'dies\nin the middle of a l');
    agent.end('web.1');
    agent.write('web.2', 'begun\n');
    // One that has come and gone between two looks.
    agent.write('web.3', 'short\n');
    agent.end('web.3');
    await clock.pass(looked);
    expect(lines().sort()).toEqual([
      ...['agent1 web.1 stdout: begun', 'agent1 web.1 stdout: dies', 'agent1 web.1 stdout: in the middle of a l'],
      ...['agent1 web.2 stdout: begun', 'agent1 web.3 stdout: short'],
    ]);
  });

  it('says once that an agent is lost, and shows all that was written in between when it is back', async () => {
    const [one, two] = [new FakeAgent('agent1'), new FakeAgent('agent2')];
    two.write('web.2', 'before\n');
    const { clock, notes, lines } = follow([one, two]);
    await clock.pass(looked);
    two.health = 'down';
    one.write('web.1', 'meanwhile\n');
    await clock.pass(60_000);
    two.write('web.2', 'unseen\n');
    two.health = 'up';
    await clock.pass(looked);
    expect(lines()).toEqual([
      ...['agent2 web.2 stdout: before', 'agent1 web.1 stdout: meanwhile', 'agent2 web.2 stdout: unseen'],
    ]);
    expect(notes).toEqual([
      'agent2 does not answer (http://agent2:5051/state: nobody listens there): what its tasks write is shown once it is back',
      'agent2 answers again: what its tasks write is shown',
    ]);
  });

  it('reads on where it was when an agent that recovers knows no task for a moment', async () => {
    const agent = new FakeAgent('agent1');
    agent.write('web.1', 'one\n');
    const { clock, lines } = follow([agent]);
    await clock.pass(looked);
    const tasks = new Map(agent.tasks);
    agent.tasks.clear();
    await clock.pass(looked);
    for (const [id, task] of tasks) agent.tasks.set(id, task);
    agent.write('web.1', 'two\n');
    await clock.pass(looked);
    expect(lines()).toEqual(['agent1 web.1 stdout: one', 'agent1 web.1 stdout: two']);
  });

  it('takes in agents that are new, and one that takes the place of a lost one', async () => {
    const agent = new FakeAgent('agent1');
    const { clock, cluster, lines, notes } = follow([agent]);
    await clock.pass(looked);
    agent.health = 'down';
    await clock.pass(5000);
    const successor = new FakeAgent('agent1');
    successor.id = 'S-other';
    successor.write('web.2', 'there\n');
    const other = new FakeAgent('agent2');
    other.write('web.3', 'new\n');
    cluster.agents.splice(0, 1, successor, other);
    await clock.pass(5000);
    expect(lines().sort()).toEqual(['agent1 web.2 stdout: there', 'agent2 web.3 stdout: new']);
    expect(notes).toHaveLength(2);
  });

  it('is not held up by an agent that never answers', async () => {
    const [one, two] = [new FakeAgent('agent1'), new FakeAgent('agent2')];
    const { clock, lines } = follow([one, two]);
    await clock.pass(looked);
    two.health = 'hangs';
    await clock.pass(looked);
    one.write('web.1', 'goes on\n');
    await clock.pass(looked);
    expect(lines()).toEqual(['agent1 web.1 stdout: goes on']);
  });

  it('waits for a leading master', async () => {
    const agent = new FakeAgent('agent1');
    const { clock, cluster, notes, lines } = follow([], { hasLeader: false });
    await clock.pass(5000);
    agent.write('web.1', 'x\n');
    cluster.agents.push(agent);
    cluster.hasLeader = true;
    await clock.pass(5000);
    expect(lines()).toEqual(['agent1 web.1 stdout: x']);
    expect(notes.filter((note) => note.startsWith('No tasks yet'))).toHaveLength(1);
  });

  it.each([
    ['half a minute, where the lab is still there', false, 30_000],
    ['some seconds, where the lab is not there any more', true, 5000],
  ])('ends when nobody has answered for %s', async (_, isLabGone, ms) => {
    const agent = new FakeAgent('agent1');
    const { clock, cluster, ended, notes } = follow([agent], { isLabGone });
    await clock.pass(10_000);
    cluster.hasLeader = false;
    agent.health = 'down';
    await clock.pass(ms - 2000);
    expect(ended.is).toBe(false);
    await clock.pass(7000);
    expect([ended.is, notes.at(-1)]).toEqual([true, 'Nobody of the cluster answers any more']);
  });

  it('costs what was written, and not what is there', async () => {
    const agent = new FakeAgent('agent1');
    for (let count = 0; count < 100; count += 1) {
      agent.write(`crash.${count}`, 'x\n'.repeat(100));
      agent.end(`crash.${count}`, count);
    }
    agent.write('web.1', 'begun\n');
    const { clock, cluster, notes, lines } = follow([agent], { tail: 10 });
    await clock.pass(looked);
    expect(notes).toEqual(['97 left out']);
    expect(lines()).toHaveLength(31);
    agent.bytesRead = 0;
    const before = cluster.asked;
    await clock.pass(60_000);
    expect(agent.bytesRead).toBe(0);
    // In each look the state and two files, in every fourth the master; never one for a task that has ended.
    expect((cluster.asked - before) / 120).toBeLessThan(4);
  });

  it('is shown once without follow, with the ends of lines that have none', async () => {
    const [one, two] = [new FakeAgent('agent1'), new FakeAgent('agent2')];
    one.write('web.1', 'a\nprompt> ');
    two.health = 'down';
    const { clock, ended, notes, lines } = follow([one, two], { follow: false });
    await clock.pass(0);
    expect([ended.is, lines()]).toEqual([true, ['agent1 web.1 stdout: a', 'agent1 web.1 stdout: prompt> ']]);
    expect(notes).toEqual([expect.stringMatching(/^agent2 does not answer .* is not shown$/)]);
  });
});
