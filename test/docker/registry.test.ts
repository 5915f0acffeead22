import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { requireTool } from '../support/require-tool.ts';
import { dockerLab, type DockerLab } from './support/docker-lab.ts';
import { docker, hostEngine } from './support/engine.ts';
import { askService, writeApp } from './support/real-nginx.ts';
import { registryClient, type RegistryClient } from './support/registry-client.ts';

const hasDocker = requireTool('Docker Engine', ['docker', 'info']);

/*
 * The upstream of the pull-through cache is the lab's own registry: there is no other here. The proxy is one that nobody
 * answers at, so that whatever works does not go through it.
 */
describe.skipIf(!hasDocker)('the registry of a lab, with a mirror and a proxy', () => {
  let lab: DockerLab;
  const engineOf = (agent: string) => `${lab.name}-${agent}-docker-1`;
  let client: RegistryClient;

  beforeAll(async () => {
    lab = await dockerLab({
      addons: ['registry'],
      registryMirror: 'http://registry:5000',
      proxy: { http: 'http://proxy.invalid:3128', https: 'http://proxy.invalid:3128', noProxy: ['.example'] },
    });
    const { status, stderr } = await lab.run('up', '--runtime', 'docker');
    expect(status, stderr).toBe(0);
    client = registryClient(lab);
    expect(await client.login()).toMatchObject({ status: 0 });
  });
  afterAll(async () => {
    await client.remove();
    await lab.remove();
  });

  it('reaches the Engine of each agent', async () => {
    for (const agent of ['agent1', 'agent2']) {
      const info = JSON.parse(
        await docker(hostEngine, 'exec', engineOf(agent), 'docker', 'info', '--format', '{{json .}}'),
      );
      expect(info).toMatchObject({
        HttpProxy: 'http://proxy.invalid:3128',
        HttpsProxy: 'http://proxy.invalid:3128',
        NoProxy: 'localhost,127.0.0.1,registry,registry-cache,.example',
        RegistryConfig: {
          Mirrors: ['http://registry-cache:5000/'],
          IndexConfigs: { 'registry:5000': { Secure: false }, 'registry-cache:5000': { Secure: false } },
        },
      });
    }
  });

  it('takes an image that is pushed from this machine, and apps run in it', async () => {
    expect(await client.push('nginx:1.27', 'web:1')).toMatchObject({ status: 0 });
    const app = writeApp(lab, {
      id: 'web',
      cpus: 0.1,
      mem: 64,
      instances: 2,
      labels: { HAPROXY_GROUP: 'external' },
      constraints: [['hostname', 'UNIQUE']],
      networks: [{ mode: 'container/bridge' }],
      container: {
        type: 'DOCKER',
        docker: { image: 'registry:5000/web:1', forcePullImage: true },
        portMappings: [{ containerPort: 80, hostPort: 0, servicePort: 10_001, protocol: 'tcp' }],
      },
    });
    const deploy = await lab.run('deploy', app, '--wait', '--timeout', '60');
    expect([deploy.status, deploy.stdout], deploy.stderr).toEqual([0, expect.stringContaining('2 of 2 running')]);
    expect((await askService(lab, 10_001)).text).toContain('Welcome to nginx!');
    for (const agent of ['agent1', 'agent2']) {
      const images = await docker(hostEngine, 'exec', engineOf(agent), 'docker', 'image', 'ls', 'registry:5000/web');
      expect(images).toContain('registry:5000/web');
    }
  });

  it('has a cache that the Engines of agents pull through', async () => {
    expect(await client.push('nginx:1.27', 'library/cached:1')).toMatchObject({ status: 0 });
    await docker(hostEngine, 'exec', engineOf('agent1'), 'docker', 'pull', '--quiet', 'cached:1');
    const log = await docker(hostEngine, 'logs', `${lab.name}-registry-cache-1`);
    expect(log).toContain('/v2/library/cached/manifests/');
  });
});

it.skipIf(!hasDocker)('a lab runs without the cache of its registry when there is no network', async () => {
  const lab = await dockerLab({ addons: ['registry'], registryMirror: 'http://mirror.invalid:5000' });
  try {
    const { status, stdout, stderr } = await lab.run('up', '--runtime', 'docker');
    expect([status, stdout], stderr).toEqual([0, expect.stringContaining('Verified')]);
    const restarts = await docker(
      hostEngine,
      ...['inspect', '--format', '{{.RestartCount}}', `${lab.name}-registry-cache-1`],
    );
    expect(Number(restarts)).toBeGreaterThan(0);
    const again = await lab.run('up');
    expect([again.status, again.stderr + again.stdout]).toEqual([0, expect.not.stringContaining('What differs')]);
    const start = await lab.run('start');
    expect([start.status, start.stdout], start.stderr).toEqual([0, expect.stringContaining('The lab runs again')]);
  } finally {
    await lab.remove();
  }
});
