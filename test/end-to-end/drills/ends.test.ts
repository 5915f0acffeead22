import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { endOf, testLab, type TestLab } from '../lab-process.ts';
import { balancerOf, expectHealed, ha, recordOf, report, startedLab, waitFor } from './drilled-lab.ts';

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
    const quota = await lab.run('drill', 'fill-sandbox');
    expect([quota.status, quota.stderr]).toEqual([
      2,
      expect.stringMatching(/isolation: posix\/cpu,posix\/mem,disk\/du\n +enforce_container_disk_quota: true\n/),
    ]);
    const unknown = await lab.run('drill', 'kill-tsk');
    expect([unknown.status, unknown.stderr]).toEqual([2, expect.stringContaining('no drill called kill-tsk')]);
    expect((await lab.run('drill', 'heal')).stdout).toContain('No drill has left anything.');

    await lab.run('kill', 'agent1');
    const sick = await lab.run('drill', 'kill-task');
    expect([sick.status, sick.stderr]).toEqual([5, expect.stringMatching(/agent1 is killed[^]*start agent1/)]);
    await lab.run('start');
    await expectHealed(lab);
  });
});

describe('drills that are ended', { timeout: 180_000 }, () => {
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

  it('leave a healthy cluster after Ctrl-C, and what kill -9 leaves is healed; there is one at a time', async () => {
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

    for (const words of ['By the settings of this lab', ' ms  the master notices']) {
      const { status, stderr } = await endedAt(lab, words, 'SIGINT');
      expect([words, status, stderr]).toEqual([words, 130, expect.any(String)]);
      await expectHealed(lab);
    }

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
    const lab = await startedLab('counts:\n  agents: 1\n');
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
