import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { processesOf, testLab } from './lab-process.ts';

const simulated = `simulatedAgents:
  count: 200
  racks: 10
  zones: 2
  tasks: { startDelay: 0secs-50ms }
`;

it('a lab of 200 simulated agents is started, verified, filled with healthy tasks and ended', async () => {
  const lab = await testLab(simulated);
  const up = await lab.run('up');
  expect(up.stderr).toContain('200 agents are simulated: nothing runs there');
  expect(up.stdout).toContain('200 simulated agents are active');
  expect(up.stdout).toMatch(/Verified: \d+ checks passed/);
  expect(up.stdout).toContain('200 simulated agents (10 racks, 2 zones)');
  expect(up.status).toBe(0);

  const app = {
    ...{ id: '/web', cmd: 'sleep 1000', instances: 60, cpus: 0.1, mem: 32 },
    constraints: [['simulated', 'LIKE', 'true']],
    healthChecks: [{ protocol: 'HTTP', path: '/', portIndex: 0 }],
  };
  writeFileSync(join(lab.directory, 'apps/web.json'), JSON.stringify(app));
  const deployed = await lab.run('deploy', 'apps/web.json', '--wait');
  expect([deployed.stderr, deployed.status]).toEqual([expect.any(String), 0]);
  const marathon = `http://127.0.0.1:${lab.ports.marathon}`;
  await vi.waitFor(
    async () => {
      const { app: web } = (await (await fetch(`${marathon}/v2/apps/web`)).json()) as { app: object };
      expect(web).toMatchObject({ tasksRunning: 60, tasksHealthy: 60 });
    },
    { timeout: 60_000, interval: 100 },
  );

  const status = JSON.parse((await lab.run('status', '--json')).stdout) as { tasks: readonly { id: string }[] };
  expect(status).toMatchObject({ running: true, simulatedAgents: 200 });
  expect((await lab.run('status')).stdout).toContain('and 200 simulated agents (10 racks, 2 zones) beside these');
  const logs = await lab.run('logs', status.tasks[0]?.id ?? '');
  expect(logs.stdout).toContain('This is a simulated task: nothing was run');
  const down = await lab.run('down');
  expect(down.status).toBe(0);
});

it('what cannot have simulated agents refuses them, with what to do instead', async () => {
  const lab = await testLab(simulated);
  const onDocker = await lab.run('up', '--runtime', 'docker');
  expect(onDocker).toMatchObject({
    status: 2,
    stderr: expect.stringContaining('the runtime docker has no simulated agents'),
  });
  expect(onDocker.stderr).toContain('--runtime embedded');
  const generate = await lab.run('generate');
  expect(generate.status).toBe(2);
  expect(generate.stderr).toContain('Simulated agents are in no generated file');
  const negative = await lab.run('up', '--simulated-agents', '-3');
  expect(negative).toMatchObject({ status: 2, stderr: expect.stringContaining('allowed: a whole number') });
  const huge = await lab.run('up', '--simulated-agents', '99999999999');
  expect(huge).toMatchObject({ status: 2, stderr: expect.stringMatching(/allowed: a whole number from 0 to \d+/) });
});

const waitFor = <T>(assertion: () => T | Promise<T>) => vi.waitFor(assertion, { timeout: 60_000, interval: 100 });

it('parts that have a thread of their own are stopped, killed, paused and cut off as any other', async () => {
  const lab = await testLab(simulated);
  const does = async (...words: readonly string[]) => {
    const { status, stderr } = await lab.run(...words);
    expect([words, status, stderr]).toEqual([words, 0, expect.any(String)]);
  };
  const stateOf = async (id: string) => {
    const { components } = JSON.parse((await lab.run('status', '--json')).stdout) as {
      readonly components: readonly { readonly id: string; readonly state: string }[];
    };
    return components.find((each) => each.id === id)?.state;
  };
  const json = async (port: number, path: string) =>
    (await (await fetch(`http://127.0.0.1:${port}${path}`)).json()) as Readonly<Record<string, unknown>>;
  const { master, marathon } = lab.ports;
  const active = (count: number) =>
    waitFor(async () => {
      expect((await json(master, '/metrics/snapshot'))['master/slaves_active']).toBe(count);
    });
  const running = (count: number) =>
    waitFor(async () => {
      expect(await json(marathon, '/v2/apps/web')).toMatchObject({ app: { tasksRunning: count } });
    });
  await does('up');
  const whole = Number((await json(master, '/metrics/snapshot'))['master/slaves_active']);
  expect(whole).toBeGreaterThan(200);
  const app = { id: '/web', cmd: 'sleep 1000', instances: 20, cpus: 0.1, mem: 32 };
  const simulatedOnly = { ...app, constraints: [['simulated', 'LIKE', 'true']] };
  writeFileSync(join(lab.directory, 'apps/web.json'), JSON.stringify(simulatedOnly));
  await does('deploy', 'apps/web.json', '--wait');

  await does('kill', 'marathon1');
  expect(await stateOf('marathon1')).toBe('killed');
  await expect(json(marathon, '/v2/info')).rejects.toThrow('fetch failed');
  await does('start', 'marathon1');
  await running(20);

  await does('pause', 'marathon1');
  expect(await stateOf('marathon1')).toBe('paused');
  const answer = json(marathon, '/v2/leader');
  await does('start', 'marathon1');
  expect(await answer).toEqual({ leader: `127.0.0.1:${marathon}` });

  const parts = () => {
    const text = readFileSync(join(lab.directory, '.mesos-cluster/run/parts.json'), 'utf8');
    return (JSON.parse(text) as { readonly parts: unknown }).parts;
  };
  await does('partition', 'simulated-agents');
  expect(parts()).toMatchObject({ 'simulated-agents': 'partitioned', marathon1: 'running' });
  await does('heal', 'simulated-agents');
  expect(parts()).toMatchObject({ 'simulated-agents': 'running' });
  await does('stop', 'simulated-agents');
  await active(whole - 200);
  await does('start', 'simulated-agents');
  await active(whole);
  await running(20);
  expect((await lab.run('logs', 'simulated-agents')).stdout).toContain('Registering 200 simulated agents');
  expect((await lab.run('logs', 'marathon1')).stdout).toContain('elected as leader');
}, 120_000);

it('nothing is left of a lab with threads whose process was killed', async () => {
  const lab = await testLab(simulated);
  expect((await lab.run('up')).status).toBe(0);
  expect(processesOf(lab.directory)).toEqual([lab.processId()]);
  process.kill(lab.processId(), 'SIGKILL');
  await waitFor(async () => {
    expect(processesOf(lab.directory)).toEqual([]);
    await expect(fetch(`http://127.0.0.1:${lab.ports.marathon}/ping`)).rejects.toThrow('fetch failed');
  });
});
