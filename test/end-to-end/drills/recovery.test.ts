import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { expectHealed, haWithQuotas, milestonesOf, report, startedLab } from './drilled-lab.ts';

/** Some drills one after another, on a machine that other tests use as well. */
const timeout = 180_000;

/** Beside those below; test/docker/drills.test.ts has others. */
const usual = ['partition-agent', 'fill-sandbox'];
const others = ['drain-agent', 'stop-agent', 'slow-agent', 'kill-machine', 'kill-marathon', 'kill-load-balancer'];
const names =
  process.env['THOROUGH'] === undefined ? usual : [...usual, ...others, 'lose-quorum', 'broken-rollout', 'crash-loop'];

describe('drills on a lab in one process', { timeout }, () => {
  it('recover, with every milestone measured, tell what came of it, and draw it', async () => {
    const lab = await startedLab(haWithQuotas);
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

    for (const name of names) {
      const each = await report(lab, name);
      expect([name, each.runs.map((run) => [run.outcome, run.healed.ok])]).toEqual([name, [['recovered', true]]]);
      for (const run of each.runs) {
        expect([name, milestonesOf(run)]).toEqual([name, run.milestones.map(({ milestone }) => [milestone, 'number'])]);
      }
      await expectHealed(lab);
    }
  });

  it('lose an agent for good, and measure what somebody else sees', async () => {
    const lab = await startedLab(haWithQuotas.replace('masters: 3', 'masters: 1'));
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
});
