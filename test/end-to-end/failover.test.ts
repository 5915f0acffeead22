import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { processesOf, testLab, type TestLab } from './lab-process.ts';

const waitFor = <T>(assertion: () => T | Promise<T>) => vi.waitFor(assertion, { timeout: 60_000, interval: 50 });

const ha = 'counts:\n  masters: 3\n  agents: 2\n  marathons: 2\n';

interface Status {
  readonly components: readonly { readonly id: string; readonly state: string; readonly url: string }[];
  readonly apps: readonly { readonly id: string; readonly running: number }[];
  readonly tasks: readonly { readonly id: string; readonly host: string }[];
}

async function statusOf(lab: TestLab): Promise<Status> {
  return JSON.parse((await lab.run('status', '--json')).stdout) as Status;
}

async function stateOf(lab: TestLab, id: string): Promise<string | undefined> {
  return (await statusOf(lab)).components.find((each) => each.id === id)?.state;
}

const expectState = (lab: TestLab, id: string, state: string) =>
  waitFor(async () => {
    expect([id, await stateOf(lab, id)]).toEqual([id, state]);
  });

const does = async (lab: TestLab, ...words: readonly string[]) => {
  const { status, stdout, stderr } = await lab.run(...words);
  expect([words, status, stdout, stderr]).toEqual([words, 0, expect.any(String), expect.any(String)]);
};

async function startedLab(spec = ha): Promise<TestLab> {
  const lab = await testLab(spec);
  const sleepers = { id: '/sleepers', cmd: 'sleep 5000', cpus: 0.1, mem: 16, instances: 4 };
  writeFileSync(join(lab.directory, 'apps/sleepers.json'), JSON.stringify(sleepers));
  await does(lab, 'up');
  await does(lab, 'deploy', 'apps/sleepers.json', '--wait');
  return lab;
}

/** Tasks by their ids, and the processes that they run in. */
async function whatRuns(lab: TestLab) {
  const { tasks } = await statusOf(lab);
  const processes = processesOf(lab.directory).filter((id) => id !== lab.processId());
  return { tasks: tasks.map(({ id }) => id).toSorted(), processes: processes.toSorted((a, b) => a - b) };
}

async function quiet(lab: TestLab) {
  await waitFor(async () => {
    expect((await whatRuns(lab)).processes).not.toEqual([]);
  });
  return whatRuns(lab);
}

describe('a lab whose components are stopped, killed, paused and cut off one by one', () => {
  it('goes on when its leading master is killed, and has no leader without a quorum', async () => {
    const lab = await startedLab();
    const before = await quiet(lab);
    expect(await stateOf(lab, 'master1')).toBe('leads');
    await does(lab, 'kill', 'master1');
    await expectState(lab, 'master2', 'leads');
    expect(await stateOf(lab, 'master1')).toBe('killed');
    const verified = await lab.run('verify');
    expect([verified.status, verified.stderr]).toEqual([0, expect.stringContaining('Without master1 (killed)')]);
    expect(await whatRuns(lab)).toEqual(before);

    await does(lab, 'kill', 'master2');
    const health = { method: 'POST', body: '{"type":"GET_HEALTH"}', headers: { 'Content-Type': 'application/json' } };
    const third = (await statusOf(lab)).components.find(({ id }) => id === 'master3');
    await waitFor(async () => {
      const answer = await fetch(`${third?.url ?? ''}/api/v1`, health);
      expect([answer.status, await answer.text()]).toEqual([503, 'Master has not finished recovery']);
    });
    expect((await lab.run('start', 'master2')).stdout).toContain('Still stopped: master1');
    await expectState(lab, 'master3', 'leads');
    await does(lab, 'start');
    await does(lab, 'verify');
    expect(await whatRuns(lab)).toEqual(before);
  }, 240_000);

  it('keeps the commands of an agent that is killed: the same processes are the same tasks', async () => {
    const lab = await startedLab();
    const before = await quiet(lab);
    await does(lab, 'kill', 'agent1', 'agent2');
    expect(await stateOf(lab, 'agent1')).toBe('killed');
    expect((await whatRuns(lab)).processes).toEqual(before.processes);
    await does(lab, 'start', 'agent1', 'agent2');
    await expectState(lab, 'agent1', 'active');
    await does(lab, 'verify');
    expect(await whatRuns(lab)).toEqual(before);
    await does(lab, 'down');
    expect(processesOf(lab.directory)).toEqual([]);
  }, 240_000);

  it('has the times of agents that the spec names: commands end when no agent comes back within recovery_timeout', async () => {
    const lab = await startedLab(
      'mesos:\n  agent:\n    flags:\n      recovery_timeout: 1secs\n      executor_registration_timeout: 7secs\n',
    );
    await quiet(lab);
    const agent = (await statusOf(lab)).components.find(({ id }) => id === 'agent1');
    const { flags } = (await (await fetch(`${agent?.url ?? ''}/flags`)).json()) as { flags: object };
    expect(flags).toMatchObject({ executor_registration_timeout: '7secs' });
    await does(lab, 'kill', 'agent1', 'agent2');
    await waitFor(() => {
      expect(processesOf(lab.directory)).toEqual([lab.processId()]);
    });
  }, 240_000);

  it('has the other Marathon lead while one is paused', async () => {
    const lab = await startedLab();
    expect(await stateOf(lab, 'marathon1')).toBe('leads');
    await does(lab, 'pause', 'marathon1');
    await expectState(lab, 'marathon2', 'leads');
    expect(await stateOf(lab, 'marathon1')).toBe('paused');
    await does(lab, 'start', 'marathon1');
    await expectState(lab, 'marathon1', 'stands by');
    await does(lab, 'verify');
    expect((await statusOf(lab)).apps).toMatchObject([{ id: '/sleepers', running: 4 }]);
  }, 240_000);

  it('takes an agent that is cut off for unreachable, and has its tasks back when that is healed', async () => {
    const lab = await testLab(`timing: fast\n${ha}`);
    await does(lab, 'up');
    await does(lab, 'partition', 'agent1');
    expect(await stateOf(lab, 'agent1')).toBe('partitioned');
    const unreachable = async () => {
      const answer = await fetch(`http://127.0.0.1:${lab.ports.master}/metrics/snapshot`);
      return ((await answer.json()) as Record<string, unknown>)['master/slaves_unreachable'];
    };
    await waitFor(async () => {
      expect(await unreachable()).toBe(1);
    });
    await does(lab, 'heal', 'agent1');
    await expectState(lab, 'agent1', 'active');
    expect(await unreachable()).toBe(0);
    await does(lab, 'partition', 'agent2');
    await does(lab, 'stop', 'marathon1');
    expect((await lab.run('up')).stderr).toContain('Starting agent2, marathon1');
    await expectState(lab, 'agent2', 'active');
  }, 240_000);

  it('refuses what is no part of it, all at once, and says what it has instead of ZooKeeper', async () => {
    const lab = await testLab();
    await does(lab, 'up');
    const { status, stderr } = await lab.run('kill', 'zookeeper1', 'nobody');
    expect([status, stderr]).toEqual([2, expect.stringMatching(/no zookeeper1: .*in memory[\s\S]*called nobody/)]);
    expect((await lab.run('partition', 'master1')).stderr).toContain('partition is for agents');
    await does(lab, 'kill', 'agent1');
    const down = await lab.run('pause', 'agent1');
    expect([down.status, down.stderr]).toEqual([5, expect.stringMatching(/only what runs.*\n.*agent1 is killed/)]);
    await does(lab, 'stop');
    expect((await lab.run('verify')).stderr).toContain('LAB_NOT_RUNNING');
    await does(lab, 'start');
    await does(lab, 'verify');
    await does(lab, 'down');
    expect((await lab.run('pause', 'agent1')).stderr).toContain('LAB_NOT_RUNNING');
  }, 240_000);
});
