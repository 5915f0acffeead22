import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { testLab, type TestLab } from '../lab-process.ts';
import { steadyTraffic, type Traffic } from '../../support/steady-traffic.ts';

/**
 * Says its version to everybody; one that turns bad says so, too, and fails its health checks, a second after it has
 * begun to answer. Asked to end it ends with what it has let in, or serves for some seconds more.
 */
const program = `
const [version, turns] = process.argv.slice(2);
let isBad = version === 'sick';
const server = require('node:http').createServer((request, answer) => {
  if (turns === 'bad') setTimeout(() => (isBad = true), 1000).unref();
  if (request.url === '/health') answer.writeHead(isBad ? 500 : 200).end();
  else setTimeout(() => answer.end(version), 20);
});
server.listen(Number(process.env.PORT0), process.env.HOST);
const end = () => server.close(() => process.exit(0));
process.on('SIGTERM', () => setTimeout(end, Number(process.env.SERVES_ON_MS ?? 0)));
`;

/** Marathon's own upgrade ends instances when it tells the load balancer: these serve until that has heard of it. */
const servesOn = { env: { SERVES_ON_MS: '6000' }, taskKillGracePeriodSeconds: 12 };

const instances = 4;

function file(lab: TestLab, version: string, more: object = {}): string {
  const { services } = lab.ports;
  const definition = {
    id: '/web',
    cmd: `exec ${process.execPath} ${join(lab.directory, 'apps/server.cjs')} ${version}`,
    ...{ cpus: 0.1, mem: 32, instances },
    portDefinitions: [{ port: services }],
    labels: {
      HAPROXY_GROUP: 'external',
      HAPROXY_DEPLOYMENT_GROUP: 'web',
      HAPROXY_DEPLOYMENT_ALT_PORT: String(services + 1),
    },
    healthChecks: [
      { protocol: 'HTTP', path: '/health', gracePeriodSeconds: 5, intervalSeconds: 1, timeoutSeconds: 10 },
    ],
    ...more,
  };
  const name = `apps/${version.replaceAll(' ', '-')}.json`;
  writeFileSync(join(lab.directory, name), JSON.stringify(definition));
  return name;
}

async function startedLab(): Promise<TestLab> {
  const lab = await testLab();
  writeFileSync(join(lab.directory, 'apps/server.cjs'), program);
  expect((await lab.run('up', '--quiet')).status).toBe(0);
  return lab;
}

/** One that waits for longer than a busy machine needs says for what. */
const deploy = (lab: TestLab, ...words: readonly string[]) => lab.run('deploy', ...words, '--timeout', '60');

/** When the load balancer has an app, it is asked without a pause. */
async function trafficTo(lab: TestLab): Promise<Traffic> {
  const url = `http://127.0.0.1:${lab.ports.services}/`;
  await vi.waitFor(
    async () => {
      expect((await fetch(url)).status).toBe(200);
    },
    { timeout: 30_000, interval: 20 },
  );
  return steadyTraffic(url);
}

const appsOf = async (lab: TestLab): Promise<readonly string[]> => {
  const { apps } = JSON.parse((await lab.run('status', '--json')).stdout) as { apps: { id: string }[] };
  return apps.map(({ id }) => id).sort();
};

/** The answers of a deploy, all of which have to be of one of these versions. */
function expectOnly(answers: readonly string[], versions: readonly string[]): void {
  expect(new Set(answers.filter((answer) => !versions.includes(answer)))).toEqual(new Set());
  expect(answers.length).toBeGreaterThan(0);
}

/** The largest part that a version had of so many answers in a row. */
function largestShare(answers: readonly string[], version: string, window = 100): number {
  const isOf = answers.map((answer) => (answer === version ? 1 : 0));
  const sums = isOf.map((_, index) => isOf.slice(index, index + window).reduce<number>((sum, each) => sum + each, 0));
  return Math.max(...sums.slice(0, Math.max(1, sums.length - window))) / window;
}

describe('a new version, with 200 requests a second through the load balancer', { timeout: 240_000 }, () => {
  it('comes in by two colours, is continued after a kill and undone, and none fails', async () => {
    const lab = await startedLab();
    const first = await deploy(lab, file(lab, 'v1'), '--strategy', 'blue-green', '--json');
    expect([first.status, JSON.parse(first.stdout)]).toMatchObject([
      0,
      { apps: [{ id: '/web-blue', change: 'created', strategy: 'blue-green' }] },
    ]);
    const traffic = await trafficTo(lab);
    const second = await deploy(lab, file(lab, 'v2'), '--strategy', 'blue-green');
    expect(second, second.stderr).toMatchObject({
      status: 0,
      stdout: 'updated /web-green in place of /web-blue: 4 of 4 running, 4 healthy\n',
    });
    expectOnly(await traffic.take(), ['v1', 'v2']);
    expect(await appsOf(lab)).toEqual(['/web-green']);

    const killed = lab.start('deploy', file(lab, 'v3'), '--strategy', 'blue-green');
    await vi.waitFor(
      async () => {
        expect(await appsOf(lab)).toContain('/web-blue');
      },
      { timeout: 30_000, interval: 50 },
    );
    killed.kill('SIGKILL');
    const other = await deploy(lab, file(lab, 'v4'), '--strategy', 'blue-green', '--json');
    expect([other.status, JSON.parse(other.stdout)]).toMatchObject([
      4,
      { error: { problems: [{ code: 'DEPLOYMENT_IN_PROGRESS' }] } },
    ]);
    const undone = await lab.run('rollback', 'web', '--timeout', '60');
    expect(undone, undone.stderr).toMatchObject({
      status: 0,
      stdout: 'restored /web-green in place of /web-blue: 4 of 4 running, 4 healthy\n',
    });
    expect(await appsOf(lab)).toEqual(['/web-green']);

    const again = lab.start('deploy', file(lab, 'v3'), '--strategy', 'blue-green');
    await vi.waitFor(
      async () => {
        expect(await appsOf(lab)).toContain('/web-blue');
      },
      { timeout: 30_000, interval: 50 },
    );
    again.kill('SIGKILL');
    const continued = await deploy(lab, 'apps/v3.json', '--strategy', 'blue-green');
    expect(continued.status, continued.stderr).toBe(0);
    expect(await appsOf(lab)).toEqual(['/web-blue']);
    traffic.end();
    expectOnly(await traffic.take(), ['v1', 'v2', 'v3']);
    expect(await (await fetch(`http://127.0.0.1:${lab.ports.services}/`)).text()).toBe('v3');
  });

  it('has its share as a canary, and no more than that when it is broken', async () => {
    const lab = await startedLab();
    expect((await deploy(lab, file(lab, 'v1'), '--strategy', 'blue-green')).status).toBe(0);
    const traffic = await trafficTo(lab);
    const canary = ['--strategy', 'canary', '--share', '25%', '--watch-for'];
    const bad = await deploy(lab, file(lab, 'v2 bad'), ...canary, '30', '--json');
    expect([bad.status, JSON.parse(bad.stdout)]).toMatchObject([
      5,
      { error: { problems: [{ code: 'DEPLOY_WENT_BACK', message: expect.stringContaining('/web-blue has all') }] } },
    ]);
    const sick = await deploy(lab, file(lab, 'sick'), '--strategy', 'blue-green');
    expect([sick.status, sick.stderr]).toEqual([5, expect.stringContaining('DEPLOY_WENT_BACK')]);
    expect(await appsOf(lab)).toEqual(['/web-blue']);
    const answers = await traffic.take();
    expectOnly(answers, ['v1', 'v2']);
    expect(answers).toContain('v2');
    // One in four, and what the turn of the servers adds at both ends of a hundred.
    expect(largestShare(answers, 'v2')).toBeLessThanOrEqual(0.27);

    const good = await deploy(lab, file(lab, 'v3'), ...canary, '2');
    expect([good.status, good.stdout]).toEqual([
      0,
      expect.stringContaining('updated /web-green in place of /web-blue'),
    ]);
    traffic.end();
    expectOnly(await traffic.take(), ['v1', 'v3']);
    expect((await deploy(lab, 'apps/v3.json', ...canary, '2')).stdout).toMatch(/^unchanged \/web-green/);
  });

  it('is rolled out by Marathon, and a former version rolled back to, and none fails', async () => {
    const lab = await startedLab();
    const rolling = (version: string) => deploy(lab, file(lab, version, servesOn), '--strategy', 'rolling');
    expect((await rolling('v1')).stdout).toBe('created /web: 4 of 4 running, 4 healthy\n');
    const traffic = await trafficTo(lab);
    expect((await rolling('v2')).stdout).toBe('updated /web: 4 of 4 running, 4 healthy\n');
    const sick = await rolling('sick');
    expect([sick.status, sick.stderr]).toEqual([5, expect.stringContaining('/web is as it was before')]);
    traffic.end();
    expectOnly(await traffic.take(), ['v1', 'v2']);

    const missing = await lab.run('rollback', 'web', '--to', '2020-01-01T00:00:00.000Z');
    expect([missing.status, missing.stderr]).toEqual([2, expect.stringMatching(/USAGE_UNKNOWN_NAME[^]*Allowed/i)]);
    const versions = `http://127.0.0.1:${lab.ports.marathon}/v2/apps/web/versions`;
    const first = ((await (await fetch(versions)).json()) as { versions: string[] }).versions.at(-1) ?? '';
    const back = await lab.run('rollback', 'web', '--to', first);
    expect([back.status, back.stdout]).toEqual([0, `restored /web to ${first}: 4 of 4 running, 4 healthy\n`]);
    const colour = await deploy(lab, file(lab, 'v3', { healthChecks: [] }), '--strategy', 'blue-green');
    expect([colour.status, colour.stderr]).toEqual([2, expect.stringContaining('/web has no health check')]);
  });
});
