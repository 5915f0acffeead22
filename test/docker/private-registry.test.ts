import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { tmpdir } from 'node:os';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tar } from '../engine/agent/fetch/archives.ts';
import { requireTool } from '../support/require-tool.ts';
import { dockerLab, localImages, upAndVerified, type DockerLab } from './support/docker-lab.ts';
import { docker, hostEngine } from './support/engine.ts';
import { writeApp } from './support/real-nginx.ts';
import { until } from './support/until.ts';

const registryImage = localImages.overrides.registry.image;
const hasImages = requireTool('image registry of scripts/test-images.sh', [
  'docker',
  'image',
  'inspect',
  registryImage,
]);

const user = 'somebody';
const password = `pw-${String(process.pid)}`;
const registry = 'private:5000';
const auth = (secret: string) => Buffer.from(`${user}:${secret}`).toString('base64');
const authsOf = (host: string, secret: string) => ({ [host]: { auth: auth(secret) } });
const configOf = (host: string, secret: string) => JSON.stringify({ auths: authsOf(host, secret) });

/** What `tar -czf docker.tar.gz .docker` makes. */
const dockerTarGz = (secret: string) =>
  gzipSync(
    tar([
      { path: '.docker/', type: '5', mode: 0o700 },
      { path: '.docker/config.json', content: configOf(registry, secret), mode: 0o600 },
    ]),
  );

/*
 * Debian's docker-registry with a password for everything, on the network of a lab, and beside it a web server that has
 * credentials for it. Each test has a tag of its own, which no Engine has yet.
 */
describe.skipIf(!hasImages)('a private registry', () => {
  let lab: DockerLab;
  let folder: string;
  const nameOf = (service: string) => `${lab.name}-${service}`;
  const cluster = (more: Readonly<Record<string, unknown>> = {}) => ({
    images: {
      ...localImages,
      overrides: {
        ...localImages.overrides,
        'docker-engine': {
          ...localImages.overrides['docker-engine'],
          command: ['dockerd', '--host=unix:///var/run/docker.sock', `--insecure-registry=${registry}`],
        },
      },
    },
    ...more,
  });

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'private-registry-'));
    // The registry is of another user.
    chmodSync(folder, 0o755);
    lab = await dockerLab(cluster());
    await upAndVerified(lab);
    await startRegistry();
    await startFiles();
  });
  afterAll(async () => {
    await docker(hostEngine, 'rm', '--force', '--volumes', nameOf('registry'), nameOf('files')).catch(() => '');
    await lab.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Its passwords have to be bcrypt's, which Debian's crypt(3) has: no `htpasswd` is needed. */
  async function startRegistry(): Promise<void> {
    const hash = 'print crypt($ARGV[0], q($2y$05$) . q(saltsaltsaltsaltsaltse))';
    const line = await docker(hostEngine, 'run', '--rm', '--entrypoint', 'perl', registryImage, '-e', hash, password);
    writeFileSync(join(folder, 'htpasswd'), `${user}:${line}\n`);
    const settings = [
      'REGISTRY_AUTH=htpasswd',
      'REGISTRY_AUTH_HTPASSWD_REALM=private',
      'REGISTRY_AUTH_HTPASSWD_PATH=/htpasswd',
    ].flatMap((setting) => ['--env', setting]);
    await docker(
      hostEngine,
      ...['run', '--detach', '--name', nameOf('registry'), '--network', `${lab.name}_default`],
      ...['--network-alias', 'private', '--publish', '127.0.0.1::5000', ...settings],
      ...['--volume', `${join(folder, 'htpasswd')}:/htpasswd:ro`, registryImage],
    );
  }

  async function startFiles(): Promise<void> {
    const files = join(folder, 'files');
    mkdirSync(join(files, 'wrong'), { recursive: true });
    writeFileSync(join(files, 'docker.tar.gz'), dockerTarGz(password));
    writeFileSync(join(files, 'wrong/docker.tar.gz'), dockerTarGz('wrong'));
    await docker(
      hostEngine,
      ...['run', '--detach', '--name', nameOf('files'), '--network', `${lab.name}_default`],
      ...['--network-alias', 'files', '--volume', `${files}:/srv:ro`, '--entrypoint', 'busybox', registryImage],
      ...['httpd', '-f', '-p', '8000', '-h', '/srv'],
    );
  }

  /** Pushes an image that only who has credentials may pull; resolves with what agents call it. */
  async function publish(name: string): Promise<string> {
    const [published = ''] = (await docker(hostEngine, 'port', nameOf('registry'), '5000')).split('\n');
    const pushed = `${published}/${name}`;
    const login = join(folder, 'login');
    mkdirSync(login, { recursive: true });
    writeFileSync(join(login, 'config.json'), configOf(published, password));
    await docker(hostEngine, 'tag', 'nginx:1.27', pushed);
    await until('pushed', 30_000, () =>
      docker(hostEngine, '--config', login, 'push', '--quiet', pushed).then(
        () => ({ value: true }),
        (error: unknown) => ({ seen: String(error) }),
      ),
    );
    await docker(hostEngine, 'image', 'rm', pushed);
    return `${registry}/${name}`;
  }

  interface Wishes {
    readonly fetch?: readonly string[];
    readonly isForced?: boolean;
    readonly instances?: number;
  }

  async function deploy(id: string, image: string, { fetch = [], isForced = false, instances = 1 }: Wishes) {
    const app = writeApp(lab, {
      ...{ id, cpus: 0.1, mem: 32, instances, constraints: [['hostname', 'UNIQUE']] },
      container: { type: 'DOCKER', docker: { image, network: 'BRIDGE', forcePullImage: isForced } },
      fetch: fetch.map((uri) => ({ uri })),
    });
    return lab.run('deploy', app, '--wait', '--timeout', '60');
  }

  async function runs(id: string, image: string, wishes: Wishes): Promise<void> {
    const { status, stdout, stderr } = await deploy(id, image, wishes);
    const count = String(wishes.instances ?? 1);
    expect([status, stdout], stderr).toEqual([0, expect.stringContaining(`${count} of ${count} running`)]);
  }

  /** Expects that a deployment fails, and says why, in the words of the task's end. */
  async function isRefused(id: string, image: string, wishes: Wishes, words: RegExp): Promise<void> {
    const { status, stderr } = await deploy(id, image, wishes);
    expect([status, stderr]).toEqual([5, expect.stringMatching(words)]);
  }

  const refused =
    /TASK_FAILED Failed to launch container: Failed to run 'docker -H \S+ pull private:5000\/\S+': exited with status 1; stderr='Error response from daemon: .*(?:no basic auth credentials|unauthorized)/;

  it('gives an app nothing without credentials, nor with wrong ones, and deploy says so', async () => {
    const image = await publish('secret:1');
    await isRefused('none', image, {}, refused);
    await isRefused('wrong', image, { fetch: ['http://files:8000/wrong/docker.tar.gz'] }, refused);
  });

  it('gives it to all agents that have fetched a docker.tar.gz with credentials', async () => {
    const fetch = ['http://files:8000/docker.tar.gz'];
    await runs('web', await publish('secret:2'), { fetch, instances: 2 });
  });

  it('gives it by files of the agent, too: a docker.tar.gz, and a .dockercfg', async () => {
    for (const agent of ['agent1-1', 'agent2-1']) {
      writeFileSync(join(folder, '.dockercfg'), JSON.stringify(authsOf(registry, password)));
      await docker(hostEngine, 'cp', join(folder, '.dockercfg'), `${nameOf(agent)}:/etc/.dockercfg`);
      await docker(hostEngine, 'cp', join(folder, 'files/docker.tar.gz'), `${nameOf(agent)}:/etc/docker.tar.gz`);
    }
    await runs('archive', await publish('secret:3'), { fetch: ['file:///etc/docker.tar.gz'], instances: 2 });
    await runs('older', await publish('secret:4'), { fetch: ['file:///etc/.dockercfg'], instances: 2 });
  });

  it('starts nothing when the archive cannot be fetched', async () => {
    const words = /TASK_FAILED Failed to launch container: Failed to fetch all URIs for container/;
    await isRefused('lost', await publish('secret:5'), { fetch: ['http://files:8000/none/docker.tar.gz'] }, words);
  });

  it('is asked again, with credentials, by apps that force a pull', async () => {
    const image = await publish('secret:6');
    const fetch = ['http://files:8000/docker.tar.gz'];
    await runs('first', image, { fetch, instances: 2 });
    // Both Engines have it now.
    await runs('there', image, { instances: 2 });
    await isRefused('forced-none', image, { isForced: true }, refused);
    await runs('forced', image, { isForced: true, fetch, instances: 2 });
  });

  it('gives it to agents that have credentials themselves, from a file of the lab', async () => {
    const spec = { name: lab.name, ports: { offset: lab.portOffset }, ...cluster() };
    const mesos = { agent: { dockerConfig: 'secrets/docker-config.json' } };
    writeFileSync(join(lab.directory, 'mesos-cluster.yaml'), JSON.stringify({ ...spec, mesos }, undefined, 2));
    const without = await lab.run('up', '--runtime', 'docker');
    expect([without.status, without.stderr]).toEqual([2, expect.stringContaining('DOCKER_CONFIG')]);

    mkdirSync(join(lab.directory, 'secrets'), { recursive: true });
    writeFileSync(join(lab.directory, 'secrets/docker-config.json'), configOf(registry, password), { mode: 0o600 });
    await upAndVerified(lab);
    const image = await publish('secret:7');
    await runs('trusted', image, { instances: 2 });
    await isRefused(
      'own-wrong',
      await publish('secret:8'),
      { fetch: ['http://files:8000/wrong/docker.tar.gz'] },
      refused,
    );
    const flags = JSON.stringify(await lab.ask(5051, '/flags'));
    expect(flags).toContain(registry);
    expect(flags).not.toContain(auth(password));
  });
});
