import { writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { testLab } from './lab-process.ts';

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

const waitFor = (assertion: () => Promise<void>) => vi.waitFor(assertion, { timeout: 30_000, interval: 20 });

test('a lab of two machines with Chronos runs on this one', async () => {
  const lab = await testLab();
  const { master, marathon } = lab.ports;
  const ports = `mesos-master: ${master}, mesos-agent: ${master + 1}, marathon: ${marathon}, chronos: ${await freePort()}`;
  const spec = `name: test-lab\npreset: two-host\naddons: [chronos]\nports: { ${ports} }\n`;
  writeFileSync(join(lab.directory, 'mesos-cluster.yaml'), spec);
  const up = await lab.run('up', '--runtime', 'embedded');
  expect([up.status, up.stdout]).toEqual([0, expect.stringMatching(/2 of 2 agents are active: .*127\.0\.0\.2:/)]);
  expect(up.stdout).toMatch(/✓ a job of Chronos runs/);
  const [agent = ''] = /^\S+-mesos-agent(?= .*127\.0\.0\.2)/m.exec((await lab.run('status')).stdout) ?? [];
  expect((await lab.run('kill', agent)).status).toBe(0);
  // All of it, as it runs: nobody asks the machines.
  expect([(await lab.run('up')).status, (await lab.run('down')).status]).toEqual([0, 0]);
});

test('a lab without Docker has a Chronos, which keeps its jobs when it is killed', async () => {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  // Behind the other ports of the lab.
  const lab = await testLab(`  chronos: ${port}\naddons: [chronos]\n`);
  const up = await lab.run('up');
  expect(up.stdout).toMatch(/✓ a job of Chronos runs/);
  expect(up.stdout).toContain(url);
  expect([up.status, up.stderr]).toEqual([0, expect.not.stringContaining('Without chronos')]);
  const job = { name: 'tick', command: 'echo tick', schedule: 'R//PT0.2S' };
  const headers = { 'Content-Type': 'application/json' };
  const posted = await fetch(`${url}/v1/scheduler/iso8601`, { method: 'POST', headers, body: JSON.stringify(job) });
  expect(posted.status).toBe(204);
  const successes = async () =>
    ((await (await fetch(`${url}/v1/scheduler/job/tick`)).json()) as { successCount: number }).successCount;
  await waitFor(async () => {
    expect(await successes()).toBeGreaterThan(1);
  });
  expect((await lab.run('kill', 'chronos')).status).toBe(0);
  expect((await lab.run('status')).stdout).toMatch(/^chronos +chronos +killed/m);
  expect((await lab.run('start', 'chronos')).status).toBe(0);
  const before = await successes();
  expect(before).toBeGreaterThan(1);
  await waitFor(async () => {
    expect(await successes()).toBeGreaterThan(before);
  });
  expect((await lab.run('pause', 'chronos')).status).toBe(0);
  expect((await lab.run('start', 'chronos')).status).toBe(0);
  expect((await lab.run('status')).stdout).toMatch(/^chronos +chronos +serves/m);
  expect((await lab.run('logs', 'chronos')).stdout).toContain('job tick was submitted');
  expect((await lab.run('verify')).status).toBe(0);
  expect((await lab.run('down')).status).toBe(0);
  await expect(fetch(`${url}/ping`)).rejects.toThrow();
});
