import { readFileSync, writeFileSync } from 'node:fs';
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

test('deploy gives jobs to the Chronos of a lab, and says of a lab without one how to get it', async () => {
  const lab = await testLab();
  const write = (file: string, ...jobs: readonly object[]) => {
    const common = { command: 'true', retries: 0, cpus: 0.1, mem: 32, disk: 16 };
    writeFileSync(join(lab.directory, file), JSON.stringify(jobs.map((job) => ({ ...common, ...job }))));
  };
  write('jobs.json', { name: 'after', parents: ['first'] }, { name: 'first', schedule: 'R1//PT1M' });
  expect((await lab.run('up')).status).toBe(0);
  const without = await lab.run('deploy', 'jobs.json');
  expect([without.status, without.stderr]).toEqual([2, expect.stringMatching(/^jobs\.json: .*the lab has none\n/)]);
  const [, line = '', commands = ''] =
    /fix: +(addons: \S+) in mesos-cluster\.yaml, then ([^;]*);/.exec(without.stderr) ?? [];
  const spec = join(lab.directory, 'mesos-cluster.yaml');
  writeFileSync(spec, readFileSync(spec, 'utf8').replace('ports:', `ports:\n  chronos: ${await freePort()}`) + line);
  expect((await lab.run('generate')).status).toBe(0);
  const restarted = await lab.shell(commands);
  expect([commands, restarted.status, restarted.stderr]).toEqual([commands, 0, expect.any(String)]);
  const deployed = await lab.run('deploy', '--wait', 'jobs.json');
  expect([deployed.status, deployed.stdout], deployed.stderr).toEqual([
    0,
    expect.stringMatching(/^created job first: has run, at \S+\ncreated job after: runs after first\n$/),
  ]);
  write(
    'late.json',
    { name: 'first', schedule: 'R1//PT1M' },
    { name: 'late', schedule: 'R/2099-01-01T00:00:00Z/PT1H' },
  );
  const again = await lab.run('deploy', '--wait', 'late.json');
  expect(again.stdout).toMatch(/^updated job first: has run.*\ncreated job late: runs first at 2099-01-01/);
  // Not later than it is waited for.
  write('soon.json', { name: 'soon', schedule: `R1/${new Date(Date.now() + 1500).toISOString()}/PT1M` });
  const soon = await lab.run('deploy', '--wait', 'soon.json');
  expect(soon.stdout).toMatch(/^created job soon: has run, at /);
  write('failing.json', { name: 'failing', schedule: 'R1//PT1M', command: 'false' });
  const failing = await lab.run('deploy', '--wait', 'failing.json');
  expect([failing.status, failing.stderr]).toEqual([5, expect.stringContaining('the job failing has failed')]);
  write('wrong.json', { name: 'wrong', schedule: 'daily' });
  const wrong = await lab.run('deploy', 'wrong.json');
  expect(wrong.stderr).toMatch(/^wrong\.json: .*CHRONOS_REFUSED.*Cannot parse schedule 'daily'/);
});
