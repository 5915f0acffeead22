import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { freePort } from '../engine/load-balancer/balancer-support.ts';
import { testLab, type TestLab } from './lab-process.ts';

const waitFor = (assertion: () => Promise<void>) => vi.waitFor(assertion, { timeout: 60_000, interval: 100 });

const server = 'require("http").createServer((_, answer) => answer.end("sold")).listen(process.env.PORT0)';

function deployShop(lab: TestLab, labels: Readonly<Record<string, string>>) {
  const shop = {
    ...{ id: '/shop', cmd: `exec ${process.execPath} -e '${server}'`, cpus: 0.1, mem: 32, instances: 1 },
    portDefinitions: [{ port: lab.ports.services }],
    healthChecks: [{ protocol: 'HTTP', path: '/', intervalSeconds: 1, gracePeriodSeconds: 30 }],
    labels: { HAPROXY_GROUP: 'external', ...labels },
  };
  writeFileSync(join(lab.directory, 'apps/shop.json'), JSON.stringify(shop));
  return lab.run('deploy', 'apps/shop.json', '--wait');
}

it('a lab without Docker has an autoscaler that grows an app under load, and shrinks it afterwards', async () => {
  const port = await freePort();
  const lab = await testLab(`  autoscaler: ${port}\naddons: [autoscaler]\n`);
  const up = await lab.run('up');
  expect([up.status, up.stderr]).toEqual([0, expect.not.stringContaining('Without autoscaler')]);
  expect(up.stdout).toMatch(/✓ the autoscaler looks at the apps/);
  expect((await lab.run('status')).stdout).toMatch(
    new RegExp(`^autoscaler +autoscaler +serves +http://127.*:${port}`, 'm'),
  );

  const labels = { AUTOSCALE_MAX: '4', AUTOSCALE_METRIC: 'requests-per-second', AUTOSCALE_COOLDOWN: '1secs' };
  const refused = await deployShop(lab, { ...labels, AUTOSCALE_MIN: '5' });
  expect([refused.status, refused.stderr]).toEqual([2, expect.stringContaining('AUTOSCALE_TARGET is missing')]);
  expect(refused.stderr).toContain('AUTOSCALE_MIN is above AUTOSCALE_MAX');
  expect((await deployShop(lab, { ...labels, AUTOSCALE_TARGET: '10' })).status).toBe(0);

  const instances = async () => {
    const answer = await fetch(`http://127.0.0.1:${lab.ports.marathon}/v2/apps/shop`);
    return ((await answer.json()) as { app: { instances: number } }).app.instances;
  };
  // The load balancer hears of it a moment after Marathon.
  const service = `http://127.0.0.1:${lab.ports.services}/`;
  await waitFor(async () => {
    expect((await fetch(service)).status).toBe(200);
  });
  const loading = lab.run('load', service, '--rate', '35', '--for', '15s', '--json');
  await waitFor(async () => {
    expect(await instances()).toBe(4);
  });
  const load = await loading;
  expect(load.status).toBe(0);
  expect(JSON.parse(load.stdout)).toMatchObject({ sent: 525, answers: { 200: 525 }, errors: {} });
  await waitFor(async () => {
    expect(await instances()).toBe(1);
  });

  const { apps } = (await (await fetch(`http://127.0.0.1:${port}/v1/decisions`)).json()) as { readonly apps: unknown };
  expect(apps).toMatchObject([{ app: '/shop', decision: { min: 1, max: 4, metric: 'requests-per-second' } }]);
  const metrics = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  expect(metrics).toMatch(/^autoscaler_app_steps_total\{app="\/shop",direction="up"\} [1-9]/m);
  expect(metrics).toMatch(/^autoscaler_app_steps_total\{app="\/shop",direction="down"\} [1-9]/m);
  const logs = (await lab.run('logs', 'autoscaler')).stdout;
  expect(logs).toMatch(/\/shop scaled from 1 to \d: requests-per-second [\d.]+ of 10 an instance: ratio/);
  expect(logs).toMatch(/\/shop scaled from \d to 1: requests-per-second/);

  // Killed and started again, it does not shrink what it does not know yet.
  expect([(await lab.run('kill', 'autoscaler')).status, (await lab.run('start', 'autoscaler')).status]).toEqual([0, 0]);
  expect((await lab.run('scale', 'shop', '3', '--wait')).status).toBe(0);
  await waitFor(async () => {
    expect((await lab.run('logs', 'autoscaler')).stdout).toMatch(
      /by hand, which stands for now|stays at 3: .* 3 were wanted/,
    );
  });
  expect((await lab.run('down')).status).toBe(0);
});
