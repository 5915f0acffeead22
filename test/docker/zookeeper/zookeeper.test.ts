import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { afterAll, describe, expect, it } from 'vitest';
import { planCluster } from '../../../planning/plan/plan-cluster.ts';
import { readCompose } from '../../support/compose-file.ts';
import { requireTool } from '../../support/require-tool.ts';
import { writeLabFiles } from '../support/lab-in-folder.ts';
import { composeFiles } from '../../../generators/compose/compose-files.ts';

/*
 * A generated lab on a real Docker Engine, as far as it goes without an image registry: the ensemble of preset `ha`,
 * with a real ZooKeeper from Debian in the place of the official image.
 */

const image = 'create-mesos-cluster-test/zookeeper:local';
// Others may run these tests at the same time.
const firstPort = 20_000 + 3 * (process.pid % 1000);
const members = ['zookeeper1', 'zookeeper2', 'zookeeper3'] as const;

const plan = planCluster({
  name: `zookeeper-test-${String(process.pid)}`,
  preset: 'ha',
  ports: { zookeeper: firstPort },
  images: { overrides: { zookeeper: { image } } },
});

async function until(what: string, timeoutMs: number, isSo: () => Promise<boolean>, last: () => Promise<string>) {
  const deadline = Date.now() + timeoutMs;
  while (!(await isSo())) {
    if (Date.now() > deadline) throw new Error(`not ${what} after ${String(timeoutMs / 1000)} s:\n${await last()}`);
    await sleep(500);
  }
}

/** A four-letter word on the port that is published on this machine; empty when nothing answers. */
function ask(port: number, word: string): Promise<string> {
  return new Promise((resolve) => {
    let answer = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(word));
    socket.setTimeout(3000, () => socket.destroy());
    socket.on('data', (chunk) => (answer += chunk.toString()));
    socket.on('error', () => {
      resolve('');
    });
    socket.on('close', () => {
      resolve(answer);
    });
  });
}

const modeOf = async (index: number): Promise<string> =>
  /^Mode: (\w+)$/m.exec(await ask(firstPort + index, 'srvr'))?.[1] ?? '';
const modes = async () => (await Promise.all(members.map((_, index) => modeOf(index)))).toSorted();

const hasDocker = requireTool('Docker Engine', ['docker', 'info']);
const lab = hasDocker ? await writeLabFiles(plan) : { folder: '', remove: () => undefined };

describe.skipIf(!hasDocker)('the ensemble of a generated lab', () => {
  const compose = (...args: readonly string[]) =>
    execa('docker', ['compose', ...args], { cwd: lab.folder, reject: false, all: true });
  const down = () => compose('down', '--volumes', '--remove-orphans', '--timeout', '1');
  const logs = async () => (await compose('logs', '--tail', '20', '--no-color')).all;

  /** Health by service, as Compose reports it. */
  async function health(): Promise<Readonly<Record<string, string>>> {
    const { stdout } = await compose('ps', '--format', 'json');
    const rows = stdout.startsWith('[') ? (JSON.parse(stdout) as unknown[]) : stdout.split('\n').map(parseRow);
    return Object.fromEntries((rows as { Service: string; Health: string }[]).map((row) => [row.Service, row.Health]));
  }
  const parseRow = (line: string): unknown => (line === '' ? { Service: '', Health: '' } : JSON.parse(line));

  const areHealthy = async () => {
    const found = await health();
    return members.every((name) => found[name] === 'healthy');
  };

  afterAll(async () => {
    await down();
    lab.remove();
  }, 120_000);

  it('becomes healthy with one leader and two followers', { timeout: 180_000 }, async () => {
    const { exitCode, all } = await compose('up', '--detach', '--no-build', ...members);
    expect(exitCode, all).toBe(0);
    await until('healthy', 120_000, areHealthy, logs);
    expect(await modes()).toEqual(['follower', 'follower', 'leader']);
    expect(await ask(firstPort, 'ruok')).toBe('imok');
    expect(await ask(firstPort, 'mntr')).toMatch(/^zk_server_state\s/m);
  });

  it('has exactly what the Compose file says, marked as of this lab', async () => {
    const { stdout } = await execa('docker', [
      'ps',
      '--filter',
      `label=create-mesos-cluster.lab=${plan.name}`,
      '--quiet',
    ]);
    expect(stdout.split('\n')).toHaveLength(3);
    const inspect = await execa('docker', ['inspect', ...stdout.split('\n')]);
    for (const { HostConfig } of JSON.parse(inspect.stdout) as { HostConfig: Record<string, unknown> }[]) {
      expect(HostConfig).toMatchObject({
        Memory: 512 * 1024 * 1024,
        Privileged: false,
        RestartPolicy: { Name: 'unless-stopped' },
        LogConfig: { Type: 'local', Config: { 'max-size': '10m', 'max-file': '3' } },
      });
      expect(JSON.stringify(HostConfig.PortBindings)).toMatch(/"HostIp":"127\.0\.0\.1"/);
    }
  });

  it('elects another leader when the leader is killed, and takes it back', { timeout: 180_000 }, async () => {
    const leader = members[(await Promise.all(members.map((_, index) => modeOf(index)))).indexOf('leader')] ?? '';
    await compose('kill', leader);
    await until('led by another', 60_000, async () => (await modes()).join() === ',follower,leader', logs);
    await compose('start', leader);
    await until('whole again', 60_000, async () => (await modes()).join() === 'follower,follower,leader', logs);
  });

  it('is not healthy in a member that has lost its majority', { timeout: 180_000 }, async () => {
    const test =
      readCompose(composeFiles(plan)[0]?.content ?? '').services.zookeeper1?.healthcheck?.test?.slice(1) ?? [];
    const check = async () => (await compose('exec', '-T', 'zookeeper1', ...test)).exitCode;
    expect(await check()).toBe(0);
    await compose('stop', '--timeout', '1', 'zookeeper2', 'zookeeper3');
    await until('noticed', 60_000, async () => (await check()) !== 0, logs);
    expect(await ask(firstPort, 'srvr')).not.toMatch(/^Mode: /m);
  });

  it('leaves nothing behind', { timeout: 120_000 }, async () => {
    expect((await down()).exitCode).toBe(0);
    const filter = ['--filter', `label=create-mesos-cluster.lab=${plan.name}`, '--quiet'];
    for (const list of [
      ['ps', '--all'],
      ['volume', 'ls'],
      ['network', 'ls'],
    ]) {
      expect((await execa('docker', [...list, ...filter])).stdout, list.join(' ')).toBe('');
    }
  });
});
