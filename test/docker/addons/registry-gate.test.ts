import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { requireTool } from '../../support/require-tool.ts';
import { dockerLab, type DockerLab } from '../support/docker-lab.ts';
import { docker, hostEngine } from '../support/engine.ts';
import { askService, writeApp } from '../support/real-nginx.ts';
import { registryClient, type RegistryClient } from '../support/registry-client.ts';

const hasDocker = requireTool('Docker Engine', ['docker', 'info']);
const limitMb = 60;

/** Makes an image of nginx with one more file. */
async function imageWith(file: string, content: string | Uint8Array, name: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'registry-gate-image-'));
  writeFileSync(join(folder, 'file'), content);
  writeFileSync(join(folder, 'Dockerfile'), `FROM nginx:1.27\nCOPY file ${file}\n`);
  await docker(hostEngine, 'build', '--quiet', '--tag', name, folder);
  rmSync(folder, { recursive: true });
  return name;
}

describe.skipIf(!hasDocker)('the gate of a registry', () => {
  let lab: DockerLab;
  let client: RegistryClient;
  const images: string[] = [];
  const image = async (tag: string, file: string, content: string | Uint8Array) => {
    const name = await imageWith(file, content, `${lab.name}-image:${tag}`);
    images.push(name);
    return name;
  };
  const secret = () => join(lab.directory, 'secrets/registry');

  beforeAll(async () => {
    lab = await dockerLab({ addons: ['registry'], registry: { limitMb }, registryMirror: 'http://registry:5000' });
    client = registryClient(lab);
  });
  afterAll(async () => {
    await client.remove();
    if (images.length > 0) await docker(hostEngine, 'image', 'rm', ...images);
    await lab.remove();
  });

  it.each([
    [
      'is empty',
      (path: string) => {
        writeFileSync(path, '\n');
      },
    ],
    [
      'is a folder',
      (path: string) => {
        mkdirSync(path);
      },
    ],
  ])('is not started when the file of its credentials %s', async (fault, spoil) => {
    rmSync(secret(), { recursive: true });
    spoil(secret());
    const { status, stderr } = await lab.run('up', '--runtime', 'docker');
    expect([status, stderr]).toEqual([2, expect.stringContaining(`the registry ${fault}`)]);
    expect(stderr).toContain('npm run generate makes one');
    expect(await lab.containers()).toEqual([]);
  });

  it('has credentials that are made when they are missing, and that nobody can look up in Docker', async () => {
    rmSync(secret(), { recursive: true });
    const { status, stderr } = await lab.run('up', '--runtime', 'docker');
    expect([status, stderr]).toEqual([0, expect.stringContaining('Made secrets/registry with a random password')]);
    const password = readFileSync(secret(), 'utf8').trim().replace('lab:', '');
    expect(password).toMatch(/^[0-9a-f]{32}$/);
    const containers = await lab.containers();
    const seen = await docker(hostEngine, 'inspect', ...containers.map(({ id }) => id));
    expect(seen).not.toContain(password);
    // Whoever is in the lab's network meets the gate, and nothing behind it.
    const networks = await docker(
      hostEngine,
      'inspect',
      '--format',
      '{{.HostConfig.NetworkMode}}',
      `${lab.name}-registry-store-1`,
    );
    expect(networks.trim()).toBe('none');
  });

  it('refuses a push without a login, and a login with a wrong password', async () => {
    const refused = await client.push('nginx:1.27', 'web:1');
    expect([refused.status, refused.output]).toEqual([
      1,
      expect.stringContaining(`a push needs credentials: docker login ${client.address}`),
    ]);
    const login = await client.login('wrong');
    expect([login.status, login.output]).toEqual([1, expect.stringContaining('wrong user or password')]);
    expect((await client.push('nginx:1.27', 'web:1')).status).toBe(1);
  });

  it('lets everybody pull what was pushed with a login, and an app that pulls each time runs what a tag names now', async () => {
    expect(await client.login()).toMatchObject({ status: 0 });
    const page = '/var/www/html/index.html';
    const app = (version: string) =>
      writeApp(lab, {
        ...{ id: 'web', cpus: 0.1, mem: 64, instances: 1, labels: { HAPROXY_GROUP: 'external' } },
        env: { VERSION: version },
        networks: [{ mode: 'container/bridge' }],
        container: {
          type: 'DOCKER',
          docker: { image: 'registry:5000/team/web:latest', forcePullImage: true },
          portMappings: [{ containerPort: 80, hostPort: 0, servicePort: 10_001, protocol: 'tcp' }],
        },
      });
    for (const version of ['first', 'second']) {
      const pushed = await client.push(await image(version, page, `${version}\n`), 'team/web:latest');
      expect(pushed, pushed.output).toMatchObject({ status: 0 });
      const deploy = await lab.run('deploy', app(version), '--wait', '--timeout', '60');
      expect([deploy.status, deploy.stdout], deploy.stderr).toEqual([0, expect.stringContaining('1 of 1 running')]);
      await expect.poll(async () => (await askService(lab, 10_001)).text, { timeout: 20_000 }).toBe(`${version}\n`);
    }
    const log = await docker(hostEngine, 'logs', `${lab.name}-registry-1`).catch(String);
    expect(log).not.toContain(readFileSync(secret(), 'utf8').trim().replace('lab:', ''));
    const { stdout } = await lab.run('logs', 'registry');
    expect(stdout).toMatch(/lab pushed team\/web:latest \(sha256:[0-9a-f]{64}\), from /);
  });

  it('refuses what does not fit, and leaves nothing of it', async () => {
    const large = await image('large', '/large', randomBytes((limitMb + 10) * 1e6));
    const refused = await client.push(large, 'team/large:1');
    expect([refused.status, refused.output]).toEqual([
      1,
      expect.stringMatching(
        /denied: this does not fit: \d+ MB are stored.*limit of the registry is 60 MB.*images clean/,
      ),
    ]);
    const stored = () => docker(hostEngine, 'exec', `${lab.name}-registry-1`, 'du', '-sm', '/var/lib/registry');
    await expect.poll(async () => Number.parseInt(await stored(), 10), { timeout: 20_000 }).toBeLessThan(30);
    // There is room for others.
    expect(await client.push('nginx:1.27', 'team/small:1')).toMatchObject({ status: 0 });
    expect((await lab.run('verify', '--timeout', '60')).status).toBe(0);
  });
});

it.skipIf(!hasDocker)('a registry serves agents that share the Engine of the machine', async () => {
  const lab = await dockerLab({ addons: ['registry'], agentDocker: 'socket', counts: { agents: 1 } });
  const client = registryClient(lab);
  try {
    const { status, stderr } = await lab.run('up', '--runtime', 'docker');
    expect(status, stderr).toBe(0);
    expect(await client.login()).toMatchObject({ status: 0 });
    expect(await client.push('nginx:1.27', 'web:1')).toMatchObject({ status: 0 });
    // Without the login of whoever pushed.
    await docker(hostEngine, 'image', 'rm', `${client.address}/web:1`);
    await docker(hostEngine, 'pull', '--quiet', `${client.address}/web:1`);
  } finally {
    await client.remove();
    await lab.remove();
  }
});
