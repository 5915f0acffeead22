import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import type { DrillRun } from '../../checks/drills/report/drill-report.ts';
import { endOf, testLab, type TestLab } from './lab-process.ts';

/** An agent is given up after two pings of a second: 2 s to 3 s. */
const ha = `counts:
  masters: 3
  agents: 3
mesos:
  master:
    flags:
      agent_ping_timeout: 1secs
      max_agent_ping_timeouts: 2
`;

interface Report {
  readonly drill: string;
  readonly runtime: string;
  readonly runs: readonly DrillRun[];
  readonly statistics: readonly { readonly milestone: string; readonly reached: number }[];
}

const waitFor = <T>(assertion: () => T | Promise<T>) => vi.waitFor(assertion, { timeout: 60_000, interval: 20 });

async function startedLab(spec = ha): Promise<TestLab> {
  const lab = await testLab(spec);
  const { status, stderr } = await lab.run('up');
  expect([status, stderr]).toEqual([0, expect.any(String)]);
  return lab;
}

/** Runs a drill that recovers, and says what it reports. */
async function report(lab: TestLab, ...words: readonly string[]): Promise<Report> {
  const { status, stdout, stderr } = await lab.run('drill', ...words, '--json');
  expect([words, status, stderr]).toEqual([words, 0, expect.any(String)]);
  return JSON.parse(stdout) as Report;
}

const recordOf = (lab: TestLab) => join(lab.directory, '.mesos-cluster/drill.json');
const balancerOf = (lab: TestLab) => `http://127.0.0.1:${lab.ports.master + 35}`;
const marathonOf = (lab: TestLab) => `http://127.0.0.1:${lab.ports.marathon}`;

async function appsOf(lab: TestLab): Promise<readonly string[]> {
  const { apps } = (await (await fetch(`${marathonOf(lab)}/v2/apps`)).json()) as { apps: { id: string }[] };
  return apps.map(({ id }) => id);
}

/** That all is as it was: nothing is down, nothing of a drill is left. */
async function expectHealed(lab: TestLab): Promise<void> {
  const { stdout, status } = await lab.run('status', '--json');
  const { components } = JSON.parse(stdout) as { components: { id: string; ok: boolean; state: string }[] };
  expect([status, components.filter(({ ok }) => !ok)]).toEqual([0, []]);
  expect(await appsOf(lab)).toEqual([]);
  expect(existsSync(recordOf(lab))).toBe(false);
}

const milestonesOf = ({ milestones }: DrillRun) =>
  milestones.map(({ milestone, measuredMs }) => [milestone, typeof measuredMs]);

describe('drills on a lab in one process', () => {
  it('kill the leading master, tell what came of it, and draw it', async () => {
    const lab = await startedLab();
    const { stdout, stderr, status } = await lab.run('drill', 'kill-master', '--svg', 'drill.svg');
    expect([status, stderr]).toEqual([0, expect.stringContaining('kill master1')]);
    for (const words of [
      'master1, which leads, is killed and stays down',
      'By the settings of this lab',
      'a master leads and has its registry',
      'Healed, and proved: Verified',
    ])
      expect(stdout).toContain(words);
    expect(readFileSync(join(lab.directory, 'drill.svg'), 'utf8')).toMatch(/^<svg .*kill-master.*<\/svg>\n$/s);
    await expectHealed(lab);

    const { drill, runtime, runs, statistics } = await report(lab, 'kill-task', '--repeat', '2');
    expect([drill, runtime, runs.length]).toEqual(['kill-task', 'embedded', 2]);
    expect(statistics.map(({ milestone, reached }) => [milestone, reached])).toEqual(
      ['task-lost', 'launched', 'running', 'healthy', 'in-balancer'].map((milestone) => [milestone, 2]),
    );
    for (const { outcome, healed } of runs)
      expect([outcome, healed]).toEqual(['recovered', expect.objectContaining({ ok: true })]);
    await expectHealed(lab);
  });

  it('lose an agent for good, and measure what somebody else sees', async () => {
    const lab = await startedLab();
    const agents = async () => {
      const answer = await fetch(`http://127.0.0.1:${lab.ports.master}/slaves`);
      return ((await answer.json()) as { slaves: { active: boolean }[] }).slaves;
    };
    // Asks by itself, and often: when each was first seen, in milliseconds since 1970.
    const seen = { away: 0, lost: 0 };
    const over = new AbortController();
    const outside = async () => {
      while (!over.signal.aborted) {
        const now = await agents();
        if (seen.away === 0 && now.some(({ active }) => !active)) seen.away = Date.now();
        if (seen.lost === 0 && now.length === 2) seen.lost = Date.now();
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    };
    const watching = outside();
    const { runs } = await report(lab, 'kill-agent', '--target', 'agent3');
    over.abort();
    await watching;
    const [run] = runs;
    if (run === undefined) throw new Error('there is no run');
    expect(run.target).toBe('agent3');
    const at = (name: string) =>
      run.struckAt + (run.milestones.find(({ milestone }) => milestone === name)?.measuredMs ?? NaN);
    expect(Math.abs(at('noticed') - seen.away)).toBeLessThan(100);
    expect(Math.abs(at('agent-lost') - seen.lost)).toBeLessThan(100);
    await expectHealed(lab);
  });

  it.each([
    ['of agents', ['drain-agent', 'stop-agent', 'slow-agent', 'partition-agent', 'kill-machine']],
    ['of the rest', ['lose-quorum', 'kill-marathon', 'kill-load-balancer', 'broken-rollout', 'crash-loop']],
  ])('recover, with every milestone measured, and are healed: those %s', async (_, names) => {
    const lab = await startedLab();
    for (const name of names) {
      const { runs } = await report(lab, name);
      expect([name, runs.map(({ outcome, healed }) => [outcome, healed.ok])]).toEqual([name, [['recovered', true]]]);
      for (const run of runs) {
        expect([name, milestonesOf(run)]).toEqual([name, run.milestones.map(({ milestone }) => [milestone, 'number'])]);
      }
      await expectHealed(lab);
    }
  });
});

describe('what drills refuse', () => {
  it('names the preset that has what this lab has not, and what a target may be', async () => {
    const lab = await startedLab('counts:\n  agents: 1\n');
    const without = await lab.run('drill', 'kill-master');
    expect([without.status, without.stderr]).toEqual([
      2,
      expect.stringMatching(/kill-master needs 3 masters[^]*--preset ha/),
    ]);
    const zookeeper = await lab.run('drill', 'kill-zookeeper');
    expect([zookeeper.status, zookeeper.stderr]).toEqual([
      2,
      expect.stringMatching(/embedded runtime has no ZooKeeper/),
    ]);
    const target = await lab.run('drill', 'run', 'kill-task', '--target', 'agent1');
    expect([target.status, target.stderr]).toEqual([2, expect.stringContaining('Leave out --target')]);
    const unknown = await lab.run('drill', 'kill-tsk');
    expect([unknown.status, unknown.stderr]).toEqual([2, expect.stringContaining('no drill called kill-tsk')]);
    expect((await lab.run('drill', 'heal')).stdout).toContain('No drill has left anything.');

    await lab.run('kill', 'agent1');
    const sick = await lab.run('drill', 'kill-task');
    expect([sick.status, sick.stderr]).toEqual([5, expect.stringMatching(/agent1 is killed[^]*start agent1/)]);
    await lab.run('start');
    await expectHealed(lab);
  });

  it('refuses a second one at once, and says that a lab does not run', async () => {
    const lab = await testLab(ha);
    const stopped = await lab.run('drill', 'kill-task');
    expect([stopped.status, stopped.stderr]).toEqual([5, expect.stringContaining('This lab does not run')]);
    await lab.run('up');
    const first = lab.start('drill', 'kill-agent', '--json');
    const ended = endOf(first);
    await waitFor(() => {
      expect(existsSync(recordOf(lab))).toBe(true);
    });
    const second = await lab.run('drill', 'kill-task');
    expect([second.status, second.stderr]).toEqual([5, expect.stringContaining('a drill runs in this lab already')]);
    first.kill('SIGINT');
    expect((await ended).status).toBe(130);
    await expectHealed(lab);
  });
});

describe('drills that are ended', () => {
  /** Starts a drill, and ends it as soon as it says this: once, as a second Ctrl-C leaves all as it is. */
  async function endedAt(lab: TestLab, words: string, signal: 'SIGINT' | 'SIGKILL') {
    const drill = lab.start('drill', 'kill-agent');
    const ended = endOf(drill);
    let said = '';
    const look = (text: Buffer) => {
      const before = said.includes(words);
      said += String(text);
      if (!before && said.includes(words)) drill.kill(signal);
    };
    drill.stdout?.on('data', look);
    drill.stderr?.on('data', look);
    return ended;
  }

  it('leave a healthy cluster after Ctrl-C, in each phase', async () => {
    const lab = await startedLab();
    for (const words of [
      'The cluster is healthy',
      'By the settings of this lab',
      'kill agent',
      ' ms  the master notices',
    ]) {
      const { status, stderr } = await endedAt(lab, words, 'SIGINT');
      expect([words, status, stderr]).toEqual([words, 130, expect.any(String)]);
      await expectHealed(lab);
    }
  });

  it('are healed by drill heal after kill -9, until when another one is refused', async () => {
    const lab = await startedLab();
    await endedAt(lab, ' ms  the master notices', 'SIGKILL');
    expect(JSON.parse(readFileSync(recordOf(lab), 'utf8'))).toMatchObject({
      drill: 'kill-agent',
      parts: [expect.stringMatching(/^agent/)],
    });
    const refused = await lab.run('drill', 'kill-task');
    expect([refused.status, refused.stderr]).toEqual([5, expect.stringContaining('drill heal')]);
    const healed = await lab.run('drill', 'heal');
    expect([healed.status, healed.stdout]).toEqual([
      0,
      expect.stringContaining('Healed what kill-agent left. Verified'),
    ]);
    await expectHealed(lab);
  });
});

describe('drills on a cluster that somebody else runs', () => {
  it('change only an app of their own', async () => {
    const lab = await startedLab();
    const mine = join(lab.directory, '..', 'mine');
    const made = await lab.run('adopt', `http://127.0.0.1:${lab.ports.master}`, mine, '--lb', balancerOf(lab));
    expect([made.status, made.stderr]).toEqual([0, expect.any(String)]);
    const adopted = { ...lab, run: (...words: readonly string[]) => lab.run(...words, '--lab', mine) };
    const harms = await adopted.run('drill', 'kill-agent');
    expect([harms.status, harms.stderr]).toEqual([2, expect.stringContaining('ADOPTED')]);
    const { runs } = await report(adopted, 'kill-task');
    expect(runs.map(({ outcome, healed }) => [outcome, healed.ok])).toEqual([['recovered', true]]);
    await expectHealed(lab);
  });
});
