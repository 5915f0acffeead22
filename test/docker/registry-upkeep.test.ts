import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { requireTool } from '../support/require-tool.ts';
import { dockerLab, upAndVerified, type DockerLab } from './support/docker-lab.ts';
import { docker, hostEngine } from './support/engine.ts';
import { pusherFor, someLayer, type Pusher } from './support/push-image.ts';
import { askService, writeApp } from './support/real-nginx.ts';
import { registryClient, type RegistryClient } from './support/registry-client.ts';

const hasDocker = requireTool('Docker Engine', ['docker', 'info']);

interface Listed {
  readonly name: string;
  readonly digest: string;
  readonly bytes: number;
  readonly platforms: readonly string[];
  readonly missingPlatforms?: number;
}

/** Debian's registry of the Distribution project, as the lab has it. */
describe.skipIf(!hasDocker)('what is in the registry of a lab', () => {
  let lab: DockerLab;
  let pusher: Pusher;
  let client: RegistryClient;
  const listed = async (): Promise<readonly Listed[]> => {
    const { stdout, stderr } = await lab.run('images', 'list', '--registry', '--json');
    expect(stderr).toBe('');
    return (JSON.parse(stdout) as { readonly images: readonly Listed[] }).images;
  };
  const names = async () => (await listed()).map(({ name }) => name);

  beforeAll(async () => {
    lab = await dockerLab({ addons: ['registry'] });
    client = registryClient(lab);
    await upAndVerified(lab);
    const unused = await lab.run('images', 'clean');
    expect([unused.status, unused.stdout], unused.stderr).toEqual([0, expect.stringMatching(/^Nothing to free/)]);
    pusher = pusherFor(lab);
    expect(await client.login()).toMatchObject({ status: 0 });
    expect(await client.push('nginx:1.27', 'web:1')).toMatchObject({ status: 0 });
    const tool = someLayer(5);
    await pusher.image('tool', '1', tool);
    await pusher.image('tool', 'latest', tool);
    const platforms = await Promise.all(
      ['amd64', 'arm64'].map(async (architecture) => ({
        ...(await pusher.image('multi', undefined, someLayer(2), architecture)),
        platform: { os: 'linux', architecture },
      })),
    );
    const mediaType = 'application/vnd.docker.distribution.manifest.list.v2+json';
    await pusher.manifest('multi', '1', { schemaVersion: 2, mediaType, manifests: platforms });
  });
  afterAll(async () => {
    await client.remove();
    await lab.remove();
  });

  it('is listed, with sizes and platforms', async () => {
    const images = await listed();
    expect(images).toMatchObject([
      { name: 'multi:1', platforms: ['linux/amd64', 'linux/arm64'] },
      { name: 'tool:1', platforms: ['linux/amd64'] },
      { name: 'tool:latest' },
      { name: 'web:1', platforms: ['linux/amd64'] },
    ]);
    expect(images.map(({ bytes }) => Math.floor(bytes / 1e6)).slice(0, 3)).toEqual([4, 5, 5]);
    const { stdout } = await lab.run('images', 'list', '--registry');
    expect(stdout).toMatch(/^tool:1 +sha256:[0-9a-f]{12} +5 MB +2026-11-30 +linux\/amd64$/m);
  });

  it('is removed with all tags of the same image, and only when they are named or forced', async () => {
    const refused = await lab.run('images', 'remove', 'tool:1');
    expect([refused.status, refused.stderr]).toEqual([2, expect.stringContaining('tool:latest; nothing was removed')]);
    const unknown = await lab.run('images', 'remove', 'tool:1', 'tool:latest', 'multi:2');
    expect([unknown.status, unknown.stderr]).toEqual([2, expect.stringContaining('Did you mean multi:1?')]);
    expect(await names()).toHaveLength(4);
    const removed = await lab.run('images', 'remove', 'tool:1', 'tool:latest');
    expect([removed.status, removed.stdout], removed.stderr).toEqual([
      0,
      expect.stringContaining('tool:1, tool:latest'),
    ]);
    expect(await names()).toEqual(['multi:1', 'web:1']);
  });

  it('frees the disk of what no tag names, keeps what lists name, and takes the same image again', async () => {
    const layer = someLayer(3);
    await pusher.image('again', '1', layer);
    // The tag goes on to another image: nothing names the first one any more.
    await pusher.image('again', '1', someLayer(1));
    const before = await listed();
    const { status, stdout, stderr } = await lab.run('images', 'clean', '--json');
    expect(status, stderr).toBe(0);
    const { beforeBytes, afterBytes, manifests } = JSON.parse(stdout) as Readonly<Record<string, number>>;
    // 5 MB of tool, which was removed, and 3 MB of the first image.
    expect(((beforeBytes ?? 0) - (afterBytes ?? 0)) / 1e6).toBeGreaterThan(7.9);
    expect(manifests).toBe(1);
    expect(await listed()).toEqual(before);
    await pusher.image('again', '2', layer);
    const { digest } = (await listed()).find(({ name }) => name === 'again:2') ?? { digest: '' };
    const manifest = (await (
      await fetch(`${pusher.url}/v2/again/manifests/${digest}`, {
        headers: { Accept: 'application/vnd.docker.distribution.manifest.v2+json' },
      })
    ).json()) as { readonly layers: readonly { readonly digest: string }[] };
    const blob = await fetch(`${pusher.url}/v2/again/blobs/${manifest.layers[0]?.digest ?? ''}`);
    expect([blob.status, (await blob.arrayBuffer()).byteLength]).toEqual([200, 3_000_000]);
    const nothing = await lab.run('images', 'clean');
    expect([nothing.status, nothing.stdout]).toEqual([0, expect.stringMatching(/^Nothing to free: \d+ MB before/)]);
  });

  it('is there again when cleaning is interrupted', async () => {
    const cleaning = lab.start('images', 'clean');
    await cleaning.says('Stopping the registry');
    cleaning.interrupt();
    const { status } = await cleaning.ended;
    expect(status).toBe(130);
    expect(await names()).toContain('multi:1');
    const helper = ['ps', '--all', '--format', '{{.Names}}', '--filter', 'name=-clean$'];
    expect((await docker(hostEngine, ...helper)).split('\n').filter((name) => name.startsWith(lab.name))).toEqual([]);
  });

  it('comes to all agents in advance, and then an app starts without the registry', async () => {
    const image = 'registry:5000/web:1';
    const { status, stdout, stderr } = await lab.run('images', 'warm', image);
    expect([status, stdout.match(/pulled$/gm)], stderr).toEqual([0, ['pulled', 'pulled']]);
    const again = await lab.run('images', 'warm', image);
    expect([again.status, again.stdout.match(/was there$/gm)]).toEqual([0, ['was there', 'was there']]);
    await lab.run('stop', 'registry');
    const failed = await lab.run('images', 'warm', 'registry:5000/other:1');
    expect([failed.status, failed.stderr]).toEqual([
      3,
      expect.stringContaining('other:1 does not come to agent1-docker, agent2-docker: '),
    ]);
    const app = writeApp(lab, {
      ...{ id: 'warm', cpus: 0.1, mem: 64, instances: 2, constraints: [['hostname', 'UNIQUE']] },
      labels: { HAPROXY_GROUP: 'external' },
      networks: [{ mode: 'container/bridge' }],
      container: {
        type: 'DOCKER',
        docker: { image },
        portMappings: [{ containerPort: 80, hostPort: 0, servicePort: 10_002, protocol: 'tcp' }],
      },
    });
    const deploy = await lab.run('deploy', app, '--wait', '--timeout', '60');
    expect([deploy.status, deploy.stdout], deploy.stderr).toEqual([0, expect.stringContaining('2 of 2 running')]);
    expect((await askService(lab, 10_002)).text).toContain('Welcome to nginx!');
    await lab.run('start', 'registry');
  });

  it('takes nothing of the disk when all of it was removed', async () => {
    const removed = await lab.run('images', 'remove', ...(await names()));
    expect(removed.status, removed.stderr).toBe(0);
    const { status, stdout, stderr } = await lab.run('images', 'clean', '--json');
    expect(status, stderr).toBe(0);
    expect((JSON.parse(stdout) as { readonly afterBytes: number }).afterBytes).toBeLessThan(1e6);
  });
});
