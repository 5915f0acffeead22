import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { testLab } from './lab-process.ts';

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
});
