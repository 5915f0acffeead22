import type { ChildProcess } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { freePort } from '../engine/load-balancer/balancer-support.ts';
import { endOf, testLab, type TestLab } from './lab-process.ts';

const waitFor = (assertion: () => unknown) => vi.waitFor(assertion, { timeout: 90_000, interval: 100 });

const specOf = (lab: TestLab) => readFileSync(join(lab.directory, 'mesos-cluster.yaml'), 'utf8');

/** What the master, the spec and `status` say, which is to be the same. */
async function agentsOf(lab: TestLab): Promise<number> {
  const answer = await fetch(`http://127.0.0.1:${lab.ports.master}/slaves`);
  const { slaves } = (await answer.json()) as { slaves: readonly { readonly active: boolean }[] };
  const { stdout } = await lab.run('status');
  const registered = slaves.filter(({ active }) => active).length;
  const shown = stdout.match(/^agent\d+ +mesos-agent +active/gm)?.length ?? 0;
  const written = Number(/^ {2}agents: (\d+)$/m.exec(specOf(lab))?.[1]);
  expect([shown, written], 'status and the spec say how many agents are registered').toEqual([registered, registered]);
  return registered;
}

function deployBig(lab: TestLab, instances: number) {
  const big = { id: '/big', cmd: 'exec sleep 1000', cpus: 1, mem: 32, disk: 0, instances };
  writeFileSync(join(lab.directory, 'apps/big.json'), JSON.stringify(big));
  return lab.run('deploy', 'apps/big.json');
}

const runningOf = async (lab: TestLab) => {
  const answer = await fetch(`http://127.0.0.1:${lab.ports.marathon}/v2/apps/big`);
  return ((await answer.json()) as { app: { tasksRunning: number } }).app.tasksRunning;
};

const killed = async (child: ChildProcess) => {
  const ended = endOf(child);
  child.kill('SIGKILL');
  await ended;
};

it('a lab gets the agents that its queue waits for, and loses those that have no task', async () => {
  const port = await freePort();
  const bounds = '{min: 1, max: 3, cooldown: 1secs}';
  const lab = await testLab(
    `  autoscaler: ${port}\ncounts:\n  agents: 1\naddons: [autoscaler]\nautoscale:\n  agents: ${bounds}\n`,
  );
  expect((await lab.run('up')).status).toBe(0);
  const following = lab.start('scale', 'agents', 'auto');
  const followed = endOf(following);
  // An agent has two cpus.
  expect((await deployBig(lab, 3)).status).toBe(0);
  await waitFor(async () => {
    expect(await runningOf(lab)).toBe(3);
  });
  await waitFor(async () => {
    expect(await agentsOf(lab)).toBe(2);
  });
  await waitFor(async () => {
    const metrics = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
    expect(metrics).toMatch(/^autoscaler_agents 2$/m);
    expect(metrics).toMatch(/^autoscaler_agents_steps_total\{direction="up"\} 1$/m);
  });

  // More than may be had.
  expect((await lab.run('scale', 'big', '9')).status).toBe(0);
  await waitFor(async () => {
    expect(await runningOf(lab)).toBe(6);
  });
  await waitFor(async () => {
    expect((await lab.run('logs', 'autoscaler')).stdout).toMatch(
      /agents stay at 3: the queue has waited \d+ s for 3 cpus that no agent has free \(\/big\), and 3 is the maximum/,
    );
  });
  // A deployment of it waits, too.
  const app = `http://127.0.0.1:${lab.ports.marathon}/v2/apps/big?force=true`;
  expect((await fetch(app, { method: 'DELETE' })).status).toBe(200);
  await waitFor(async () => {
    expect(await agentsOf(lab)).toBe(1);
  });
  // What an agent had goes when it has ended.
  await waitFor(() => {
    expect(existsSync(join(lab.directory, '.mesos-cluster/run/work/agent2'))).toBe(false);
  });
  following.kill('SIGINT');
  const { status, stdout } = await followed;
  expect(status).toBe(0);
  expect(stdout).toMatch(/^2 agents are registered, where there were 1: the queue has waited/m);
  expect(stdout).toMatch(/^1 agent is registered, where there were [23]: .* without a task for \d+ s$/m);
  expect((await lab.run('verify')).status).toBe(0);
}, 240_000);

it('a step that was killed leaves a lab that up brings to what the spec says', async () => {
  const port = await freePort();
  const lab = await testLab(
    `  autoscaler: ${port}\ncounts:\n  agents: 1\naddons: [autoscaler]\nautoscale:\n  agents: {min: 1, max: 3}\n`,
  );
  expect((await lab.run('up')).status).toBe(0);
  for (const [from, to] of [
    ['1', '3'],
    ['3', '2'],
  ] as const) {
    const scaling = lab.start('scale', 'agents', to);
    await waitFor(() => {
      expect(specOf(lab)).not.toContain(`  agents: ${from}\n`);
    });
    await killed(scaling);
    expect((await lab.run('up')).status).toBe(0);
    expect(await agentsOf(lab)).toBe(Number(to));
  }
  const many = await lab.run('scale', 'agents', '4');
  expect([many.status, many.stderr]).toEqual([2, expect.stringContaining('not within autoscale.agents')]);
  expect(await agentsOf(lab)).toBe(2);
}, 240_000);

it('a lab that keeps no ports for more agents says so, and what follows no autoscaler', async () => {
  const lab = await testLab('counts:\n  agents: 1\n');
  expect((await lab.run('up')).status).toBe(0);
  const more = await lab.run('scale', 'agents', '2');
  expect([more.status, more.stderr]).toEqual([2, expect.stringContaining('keeps ports for so many')]);
  const auto = await lab.run('scale', 'agents', 'auto');
  expect([auto.status, auto.stderr]).toEqual([2, expect.stringContaining('addons: [autoscaler]')]);
  expect(await agentsOf(lab)).toBe(1);
}, 240_000);
