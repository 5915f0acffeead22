import { describe, expect, it } from 'vitest';
import { folderWith, runFake, temporaryFolder } from './fake-context.ts';

const lab = () => folderWith({ 'mesos-cluster.yaml': 'name: my-lab\npreset: ha\n' });

describe('plan', () => {
  it('is a table of the lab in the current folder', async () => {
    const { exitCode, stdout } = await runFake(['plan'], { cwd: lab() });
    expect(exitCode).toBe(0);
    expect(stdout).toContain('my-lab');
    expect(stdout).toContain('master3');
    expect(stdout).toContain('  127.0.0.1 master1 master2 master3 agent1 agent2 agent3\n');
  });

  it('names the service ports as they are published', async () => {
    const { stdout } = await runFake(['plan', '--port-offset', '20000'], { cwd: lab() });
    expect(stdout).toContain('service ports  http://127.0.0.1:30000 to :30020\n');
  });

  it('is data with --json', async () => {
    const { stdout } = await runFake(['plan', '--json'], { cwd: lab() });
    expect(JSON.parse(stdout)).toMatchObject({ name: 'my-lab', quorum: 2, masterCount: 3 });
  });

  it('shows what flags would change in the lab', async () => {
    const { stdout } = await runFake(['plan', '--masters', '5', '--json'], { cwd: lab() });
    expect(JSON.parse(stdout)).toMatchObject({ name: 'my-lab', quorum: 3, masterCount: 5 });
  });

  it.each([
    [['--preset', 'three-master'], { preset: 'three-master', quorum: 2 }],
    [['--spec', '-'], { name: 'from-stdin', quorum: 2 }],
    [['--spec', '-', '--masters', '1'], { name: 'from-stdin', quorum: 1 }],
  ])('needs no lab with %j', async (argv, expected) => {
    const world = { cwd: temporaryFolder(), stdin: 'name: from-stdin\ncounts: { masters: 3, zookeepers: 3 }\n' };
    const { exitCode, stdout } = await runFake(['plan', '--json', ...argv], world);
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject(expected);
  });

  it('says so when there is nothing to plan', async () => {
    const { exitCode, stderr } = await runFake(['plan'], { cwd: temporaryFolder() });
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/USAGE_NOT_A_LAB[\s\S]*--preset ha/);
  });

  it('names a lab that does not exist', async () => {
    const { exitCode, stderr } = await runFake(['plan', '--lab', 'nowhere'], { cwd: temporaryFolder() });
    expect(exitCode).toBe(2);
    expect(stderr).toContain('nowhere is not a lab');
  });

  it('refuses a wrong flag in the lab at the flag', async () => {
    const { exitCode, stderr } = await runFake(['plan', '--quorum', '3'], { cwd: lab() });
    expect(exitCode).toBe(2);
    expect(stderr).toContain('--quorum: error SPEC_QUORUM');
  });
});

describe('explain', () => {
  it('says value, derivation and source', async () => {
    const { exitCode, stdout } = await runFake(['explain', 'MESOS_QUORUM', 'server.2'], { cwd: lab() });
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(
      /^MESOS_QUORUM\n {2}2 {2}\(master1, master2, master3\)\n[\s\S]+source: [\s\S]+\nserver\.2\n/,
    );
  });

  it('shows a switch as given, an empty variable as empty, and keys of Compose with their services', async () => {
    const names = ['--health-check', 'DOCKER_TLS_CERTDIR', 'init'];
    const { stdout } = await runFake(['explain', ...names], { cwd: lab() });
    expect(stdout).toContain('--health-check\n  (given)  (marathon-lb)\n');
    expect(stdout).toContain('DOCKER_TLS_CERTDIR\n  (empty)  (agent1-docker, ');
    expect(stdout).toContain('init\n  true  (agent1-node, agent2-node, agent3-node, pod-keeper)\n');
  });

  it('is data with --json', async () => {
    const { stdout } = await runFake(['explain', 'quorum', '--json'], { cwd: lab() });
    expect(JSON.parse(stdout)).toMatchObject({ explanations: [{ name: 'quorum', values: [{ value: '2' }] }] });
  });

  it('lists the names there are', async () => {
    expect((await runFake(['explain'], { cwd: lab() })).stdout.split('\n')).toContain('MESOS_QUORUM');
    expect(JSON.parse((await runFake(['explain', '--json'], { cwd: lab() })).stdout).names).toContain('ZOO_SERVERS');
  });

  it('names every unknown setting, and the nearest ones', async () => {
    const { exitCode, stdout, stderr } = await runFake(['explain', 'MESOS_QOURUM', 'quorum', 'ZOO_SERVRES'], {
      cwd: lab(),
    });
    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(
      /USAGE_UNKNOWN_SETTING[\s\S]*MESOS_QUORUM[\s\S]*USAGE_UNKNOWN_SETTING[\s\S]*ZOO_SERVERS[\s\S]*2 problems/,
    );
  });

  it('explains what flags would make', async () => {
    const { stdout } = await runFake(['explain', 'quorum', '--masters', '3', '--zookeepers', '3'], {
      cwd: temporaryFolder(),
    });
    expect(stdout).toContain('  2  (plan)');
  });
});
