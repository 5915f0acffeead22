import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { requireTool } from '../../support/require-tool.ts';
import { dockerLab, upAndVerified, type DockerLab } from '../support/docker-lab.ts';
import { until } from '../support/until.ts';

const hasDocker = requireTool('Docker Engine', ['docker', 'info']);

/** `/slaves` of the master. */
interface Slaves {
  readonly slaves: readonly { readonly hostname: string; readonly active: boolean }[];
}

describe.skipIf(!hasDocker)('scale agents auto of a lab on Docker', () => {
  let lab: DockerLab;
  beforeAll(async () => {
    lab = await dockerLab({
      ...{ counts: { agents: 1 }, addons: ['autoscaler'], timing: 'fast' },
      autoscale: { agents: { min: 1, max: 2, cooldown: '8secs' } },
    });
    await upAndVerified(lab);
  });
  afterAll(async () => {
    await lab.remove();
  });

  const agents = (count: number) =>
    until(`${String(count)} agents that are registered`, 120_000, async () => {
      const { slaves } = (await lab.ask(5050, '/slaves')) as Slaves;
      const there = slaves.filter(({ active }) => active).map(({ hostname }) => hostname);
      return there.length === count ? { value: there } : { seen: there.join(', ') };
    });
  const spec = () => readFileSync(join(lab.directory, 'mesos-cluster.yaml'), 'utf8');

  it('makes the agent that an app waits for, and removes it when it has no task', async () => {
    const following = lab.start('scale', 'agents', 'auto');
    const big = { id: '/big', cmd: 'exec sleep 1000', cpus: 1, mem: 32, instances: 3 };
    writeFileSync(join(lab.directory, 'apps/big.json'), JSON.stringify(big));
    const deployed = await lab.run('deploy', 'apps/big.json', '--wait');
    expect(deployed.status, deployed.stderr).toBe(0);
    await agents(2);
    expect(spec()).toMatch(/"?agents"?: 2/);
    const marathon = `http://127.0.0.1:${String(8080 + lab.portOffset)}/v2/apps/big`;
    expect((await fetch(marathon, { method: 'DELETE' })).status).toBe(200);
    await agents(1);
    // The agent unregisters before its containers are gone.
    await until('the containers of agent2 are gone', 60_000, async () => {
      const left = (await lab.containers()).map(({ service }) => service).filter((name) => name.startsWith('agent2'));
      return left.length === 0 ? { value: true } : { seen: left.join(', ') };
    });
    following.interrupt();
    const { stdout } = await following.ended;
    expect(stdout).toMatch(/^2 agents are registered, where there were 1: the queue has waited/m);
    expect(spec()).toMatch(/"?agents"?: 1/);
  });
});
