import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DrillRun } from '../../checks/drills/report/drill-report.ts';
import { requireTool } from '../support/require-tool.ts';
import { dockerLab, upAndVerified, type DockerLab } from './support/docker-lab.ts';

/*
 * Drills where each part has a container of its own and a real ZooKeeper elects: what they predict is compared in the
 * report and not here, as a test must not depend on how busy the machine is.
 */

const hasDocker = requireTool('Docker Engine', ['docker', 'info']);

const diskFlags = {
  isolation: 'posix/cpu,posix/mem,disk/du',
  enforce_container_disk_quota: true,
  container_disk_watch_interval: '1secs',
};

describe.skipIf(!hasDocker)('a drill on Docker', () => {
  let lab: DockerLab;
  beforeAll(async () => {
    lab = await dockerLab({ preset: 'ha', timing: 'fast', mesos: { agent: { flags: diskFlags } } });
    await upAndVerified(lab);
  });
  afterAll(() => lab.remove());

  async function expectHealed(): Promise<void> {
    const { status, stdout, stderr } = await lab.run('verify');
    expect([status, stderr]).toEqual([0, expect.any(String)]);
    expect(stdout).toContain('Verified');
    expect(await lab.ask(8080, '/v2/apps')).toEqual({ apps: [] });
    const down = (await lab.containers()).filter(({ state }) => state !== 'running');
    expect(down).toEqual([]);
  }

  it.each([
    ['kill-zookeeper', ['noticed', 'zookeeper-back']],
    ['lose-zookeeper', ['noticed', 'zookeeper-back', 'leader-elected', 'framework-back', 'agents-back']],
    ['kill-master', ['leader-elected', 'framework-back', 'agents-back']],
    ['kill-load-balancer', ['noticed', 'balancer-back', 'clients-back']],
    ['kill-machine', ['noticed', 'agent-lost', 'task-lost', 'launched', 'running', 'healthy', 'in-balancer']],
    ['fill-sandbox', ['task-lost']],
  ])('%s sees all that it predicts, and leaves a cluster that is well', async (name, milestones) => {
    const { status, stdout, stderr } = await lab.run('drill', name, '--json');
    expect([status, stdout, stderr]).toEqual([0, expect.any(String), expect.any(String)]);
    const { runs } = JSON.parse(stdout) as { readonly runs: readonly DrillRun[] };
    expect(runs.map(({ outcome, healed }) => [outcome, healed.ok])).toEqual([['recovered', true]]);
    const measured = runs.flatMap((run) => run.milestones.map(({ milestone, measuredMs }) => [milestone, measuredMs]));
    expect(measured).toEqual(milestones.map((milestone): unknown => [milestone, expect.any(Number)]));
    await expectHealed();
  });

  it.each([
    ['when it has struck', 'kill zookeeper1'],
    ['while something is started again', 'start zookeeper1'],
    ['when it is over, and heals', 's  zookeeper1 serves again'],
  ])('heals all the same after Ctrl-C %s', async (_, words) => {
    const drill = lab.start('drill', 'kill-zookeeper');
    await drill.says(words);
    drill.interrupt();
    const { status, stdout } = await drill.ended;
    expect([status, stdout]).toEqual([130, expect.stringContaining('Healed, and proved')]);
    await expectHealed();
  });

  it('leaves all as it is after Ctrl-C twice, for drill heal', async () => {
    const drill = lab.start('drill', 'lose-zookeeper');
    await drill.says('kill zookeeper1');
    drill.interrupt();
    await drill.says('Interrupted: it heals first');
    drill.interrupt();
    expect((await drill.ended).status).toBe(130);
    const healed = await lab.run('drill', 'heal');
    expect([healed.status, healed.stdout]).toEqual([0, expect.stringContaining('Healed what lose-zookeeper left')]);
    await expectHealed();
  });
});
