import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { requireTool } from '../support/require-tool.ts';
import { dockerLab, upAndVerified, type DockerLab } from './support/docker-lab.ts';
import { docker, hostEngine, leftOf } from './support/engine.ts';

const hasDocker = requireTool('Docker Engine', ['docker', 'info']);

const waitFor = <T>(assertion: () => T | Promise<T>) => vi.waitFor(assertion, { timeout: 90_000, interval: 500 });

interface Status {
  readonly components: readonly { readonly id: string; readonly state: string }[];
  readonly parts: readonly { readonly id: string; readonly state: string }[];
}

describe.skipIf(!hasDocker)('a lab on Docker whose parts are killed, paused and cut off one by one', () => {
  let lab: DockerLab;
  beforeAll(async () => {
    lab = await dockerLab({ counts: { masters: 3, agents: 2, marathons: 2 }, timing: 'fast' });
    await upAndVerified(lab);
  });
  afterAll(() => lab.remove());

  const statusOf = async () => JSON.parse((await lab.run('status', '--json')).stdout) as Status;
  const stateOf = async (id: string) => (await statusOf()).components.find((each) => each.id === id)?.state;
  const partOf = async (id: string) => (await statusOf()).parts.find((each) => each.id === id)?.state;
  const does = async (...words: readonly string[]) => {
    const { status, stderr } = await lab.run(...words);
    expect([words, status, stderr]).toEqual([words, 0, expect.any(String)]);
  };
  const leader = async (prefix: string) =>
    (await statusOf()).components.find(({ id, state }) => id.startsWith(prefix) && state === 'leads')?.id ?? '';

  it('has another leader when the leading master is killed, which stays down until it is started', async () => {
    const first = await leader('master');
    await does('kill', first);
    await waitFor(async () => {
      expect(await leader('master')).toMatch(/^master/);
    });
    expect(await partOf(first)).toBe('killed');
    const paused = await lab.run('pause', first);
    expect([paused.status, paused.stderr]).toEqual([5, expect.stringContaining(`${first} is killed`)]);
    const verified = await lab.run('verify');
    expect([verified.status, verified.stderr]).toEqual([0, expect.stringContaining(`Without ${first} (killed)`)]);
    await does('start', first);
    await waitFor(async () => {
      expect(await stateOf(first)).toBe('stands by');
    });
  });

  it('has the other Marathon lead while one is paused', async () => {
    const first = await leader('marathon');
    await does('pause', first);
    expect(await partOf(first)).toBe('paused');
    await waitFor(async () => {
      expect(await leader('marathon')).not.toBe('');
    });
    await does('start', first);
    await waitFor(async () => {
      expect(await stateOf(first)).toBe('stands by');
    });
  });

  it('takes an agent that is cut off for unreachable, and has it back when that is healed', async () => {
    // The agents are the leader's, and each master has a port of its own.
    const port = 5050 + 100 * (Number((await leader('master')).slice('master'.length)) - 1);
    const unreachable = async () => {
      const metrics = (await lab.ask(port, '/metrics/snapshot')) as Readonly<Record<string, number>>;
      return [metrics['master/slaves_unreachable'], metrics['master/slaves_active']];
    };
    await does('partition', 'agent1');
    expect(await partOf('agent1')).toBe('partitioned');
    // The image that cuts it off may declare volumes.
    const helper = [
      'ps',
      '--quiet',
      '--filter',
      `label=create-mesos-cluster.lab=${lab.name}`,
      '--filter',
      'name=partition',
    ];
    const mounts = ['inspect', '--format', '{{range .Mounts}}{{.Name}} {{end}}', await docker(hostEngine, ...helper)];
    const volumes = (await docker(hostEngine, ...mounts)).trim().split(' ');
    expect(volumes).not.toEqual(['']);
    await waitFor(async () => {
      expect(await unreachable()).toEqual([1, 1]);
    });
    await does('heal', 'agent1');
    await waitFor(async () => {
      expect(await unreachable()).toEqual([0, 2]);
    });
    const left = (await docker(hostEngine, 'volume', 'ls', '--quiet')).split('\n');
    expect(left.filter((volume) => volumes.includes(volume))).toEqual([]);
    expect((await lab.run('partition', 'marathon1')).stderr).toContain('partition is for agents');
  });

  it('is made whole by up, and goes down without a trace', async () => {
    await does('partition', 'agent2');
    await does('pause', 'agent1', 'master1');
    const { status, stderr } = await lab.run('up');
    expect([status, stderr]).toEqual([0, expect.stringContaining('Starting agent1, agent2, master1')]);
    await does('partition', 'agent2');
    await does('down');
    expect(await leftOf(hostEngine, lab.name)).toEqual([]);
  });
});
