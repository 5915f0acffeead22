import { readFileSync } from 'node:fs';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { requireTool } from '../../support/require-tool.ts';
import { startHosts, type TestHosts } from '../support/three-hosts.ts';

/* The hosts that other tests run labs on: they have to be what they pretend to be. */

const image = 'debian:12-local';
const name = 'cmc-hosts-test';
const hasTools =
  requireTool('Docker Engine', ['docker', 'info']) && requireTool('sshd', ['sh', '-c', 'command -v sshd']);

describe.skipIf(!hasTools)('three hosts on one machine', () => {
  let cluster: TestHosts;
  const docker = (node: string, ...args: readonly string[]) =>
    execa('docker', ['-H', cluster.host(node).ssh, ...args], { env: cluster.environment, reject: false, all: true });
  /** Whether a host reaches the SSH server of another. */
  const reaches = async (from: string, to: string) => {
    const command = `timeout 2 bash -c '</dev/tcp/${cluster.host(to).address}/22' 2>&- && echo yes || echo no`;
    return await cluster.exec(from, 'bash', '-c', command);
  };

  beforeAll(async () => {
    cluster = await startHosts({ name, first: '192.168.58.11', diskMb: { node3: 64 } });
  }, 900_000);
  afterAll(async () => {
    await cluster.stop();
  });

  it('has an Engine on each, reached with SSH', async () => {
    const names = await Promise.all(
      cluster.hosts.map(
        async ({ name: node }) => (await docker(node, 'info', '--format', '{{.Name}} {{.Containers}}')).all,
      ),
    );
    expect(names).toEqual(['node1 0', 'node2 0', 'node3 0']);
    expect(cluster.hosts.map(({ address }) => address)).toEqual(['192.168.58.11', '192.168.58.12', '192.168.58.13']);
  });

  it('lets nobody in without the key, and is not taken for another host', async () => {
    const options = ['-F', 'none', '-o', 'BatchMode=yes', '-o', `UserKnownHostsFile=${cluster.knownHosts}`];
    const target = `root@${cluster.host('node1').address}`;
    const keyless = await execa('ssh', [...options, '-i', '/nonexistent', target, 'true'], { reject: false });
    expect(keyless.stderr).toContain('Permission denied (publickey)');
    const unknown = ['-F', 'none', '-o', 'BatchMode=yes', '-o', 'UserKnownHostsFile=/dev/null', '-i', cluster.sshKey];
    expect((await execa('ssh', [...unknown, target, 'true'], { reject: false })).stderr).toContain(
      'verification failed',
    );
    expect(new Set(readFileSync(cluster.knownHosts, 'utf8').match(/\S+$/gm)).size).toBe(3);
  });

  it('cuts one host off and joins it again', async () => {
    expect(await reaches('node1', 'node2')).toBe('yes');
    await cluster.cut('node2');
    expect(await reaches('node1', 'node2')).toBe('no');
    expect(await reaches('node2', 'node1')).toBe('no');
    expect(await reaches('node1', 'node3')).toBe('yes');
    await cluster.join('node2');
    await expect.poll(() => reaches('node1', 'node2'), { timeout: 10_000 }).toBe('yes');
  });

  it('runs containers that see the host and nothing of this machine or of the others', async () => {
    const sees = ['--network', 'host', '--pid', 'host', '--volume', '/opt:/opt'];
    // The image is larger than the disk of node3.
    await expect(cluster.load(image)).rejects.toThrow('no space left on device');
    const command = 'hostname; touch /opt/here; tr "\\0" " " </proc/1/cmdline';
    const { all } = await docker(
      'node1',
      'run',
      '--name',
      'stays',
      '--restart',
      'always',
      ...sees,
      image,
      'sh',
      '-c',
      command,
    );
    expect(all).toMatch(/^node1\n.*host-init\.sh node1/);
    expect((await docker('node2', 'ps', '--all', '--quiet')).all).toBe('');
    expect(await cluster.exec('node2', 'ls', '/opt')).not.toContain('here');
    expect((await execa('docker', ['ps', '--all', '--format', '{{.Names}}'])).stdout).not.toContain('stays');
  });

  it('keeps containers over a reboot', async () => {
    await docker(
      'node2',
      'run',
      '--detach',
      '--name',
      'again',
      '--restart',
      'unless-stopped',
      image,
      'sleep',
      'infinity',
    );
    await cluster.reboot('node2');
    const running = async () => (await docker('node2', 'ps', '--format', '{{.Names}}')).all;
    await expect.poll(running, { timeout: 20_000 }).toBe('again');
  });

  it('grows, leaves those that run alone, and goes without a trace', async () => {
    const before = await cluster.exec('node1', 'stat', '--format', '%Y', '/proc/1');
    const grown = await cluster.grow(4);
    expect(grown.hosts.map((host) => host.name)).toEqual(['node1', 'node2', 'node3', 'node4']);
    expect(await cluster.exec('node1', 'stat', '--format', '%Y', '/proc/1')).toBe(before);
    await cluster.stop();
    const left = 'ip netns; ip link; mount; find /sys/fs/cgroup -type d; ls /var/lib; ps -eo args';
    const { stdout } = await execa('sh', ['-c', left]);
    expect(stdout.split('\n').filter((line) => line.includes(name))).toEqual([]);
  });
});
