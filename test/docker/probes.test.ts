import { createServer } from 'node:http';
import { createServer as createTcpServer, type AddressInfo } from 'node:net';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { httpProbe, zookeeperProbe } from '../../generators/compose/health-check.ts';
import { requireTool } from '../support/require-tool.ts';
import { dockerLab, localImages, type DockerLab } from './support/docker-lab.ts';
import { docker, hostEngine, leftOf } from './support/engine.ts';

/*
 * Images of one's own: the programs of the engine in an image that Compose has to ask for its health, as it does with
 * every image that is pulled. What stands for it has no bash.
 */

const hasDocker = requireTool('Docker Engine', ['docker', 'info']);
const hasCurl = requireTool('curl', ['curl', '--version']);
const suffix = String(process.pid);
const withoutBash = `cmc-test-without-bash:${suffix}`;
const busybox = `cmc-test-busybox:${suffix}`;

/** Builds an image from lines alone. */
const build = (tag: string, lines: readonly string[]) =>
  execa('docker', ['build', '--quiet', '--tag', tag, '-'], { input: lines.join('\n'), timeout: 120_000 });

/** A command is all that the program is given. */
const balancer = ['marathon-lb', 'sse', '--marathon', 'http://marathon1:8080', '--group', 'external'];

/** A lab of what the test says of masters and Marathon, which are of an image without bash. */
async function labOf(
  probes: { readonly master?: string; readonly marathon?: string; readonly zookeeper?: string } = {},
): Promise<DockerLab> {
  const { zookeeper } = localImages.overrides;
  const given = (probe: string | undefined) => (probe === undefined ? {} : { probe });
  const overrides = {
    ...localImages.overrides,
    zookeeper: { ...zookeeper, ...given(probes.zookeeper) },
    'mesos-master': { image: withoutBash, command: ['mesos-master'], ...given(probes.master) },
    marathon: { image: withoutBash, command: ['marathon'], ...given(probes.marathon) },
    'marathon-lb': { image: withoutBash, command: balancer, probe: 'wget' },
  };
  const lab = await dockerLab({ counts: { agents: 1 }, images: { ...localImages, overrides } });
  onTestFinished(() => lab.remove());
  return lab;
}

const up = (lab: DockerLab) => lab.run('up', '--runtime', 'docker');

describe.skipIf(!hasDocker)('a lab of images that it does not know', () => {
  beforeAll(async () => {
    // What the set lite builds, as somebody else's image.
    const lab = await dockerLab();
    const { base, dockerCli } = localImages.build;
    const given = ['--build-arg', `BASE=${base}`, '--build-arg', `DOCKER_CLI=${dockerCli}`];
    const file = ['--file', 'images/lite/Dockerfile', '.mesos-cluster/tool'];
    const tag = `cmc-test-lite:${suffix}`;
    await execa('docker', ['build', '--quiet', '--tag', tag, ...given, ...file], { cwd: lab.directory });
    await build(withoutBash, [`FROM ${tag}`, 'RUN rm /bin/bash']);
    await docker(hostEngine, 'image', 'rm', tag);
    await lab.remove();
  });
  afterAll(() => docker(hostEngine, 'image', 'rm', withoutBash));

  it('ends with the name of the probe that one of them does not have, and leaves nothing', async () => {
    const lab = await labOf();
    const { status, stderr } = await up(lab);
    expect([status, stderr]).toEqual([5, expect.stringContaining('CONTAINER_FAILED')]);
    const message = `master1 cannot be asked for its health: the image ${withoutBash} does not have the program bash`;
    expect(stderr).toContain(message);
    expect(stderr).toMatch(/images\.overrides\.mesos-master\.probe in mesos-cluster\.yaml: the one of curl, wget, nc/);
    expect(await leftOf(hostEngine, lab.name)).toEqual([]);
  });

  it('runs with the probe that it has, and with none', async () => {
    const lab = await labOf({ master: 'http-probe', marathon: 'none', zookeeper: 'none' });
    const { status, stdout, stderr } = await up(lab);
    expect(status, stdout + stderr).toBe(0);
    const format = '{{.State.Status}} {{with .State.Health}}{{.Status}}{{end}}';
    const states = async (...services: readonly string[]) => {
      const found = (await lab.containers()).filter(({ service }) => services.includes(service));
      return (await docker(hostEngine, 'inspect', '--format', format, ...found.map(({ id }) => id))).split('\n');
    };
    expect(await states('master1')).toEqual(['running healthy']);
    expect(await states('marathon1', 'zookeeper1')).toEqual(['running ', 'running ']);
  });

  it('goes on after a start that was broken off before all containers were started', async () => {
    const lab = await labOf({ master: 'wget', marathon: 'wget' });
    expect((await up(lab)).status).toBe(0);
    const waiting = (await lab.containers()).filter(({ service }) => ['marathon1', 'marathon-lb'].includes(service));
    await docker(hostEngine, 'rm', '--force', ...waiting.map(({ id }) => id));
    const project = ['--project-name', lab.name, '--project-directory', lab.directory];
    const file = ['--file', `${lab.directory}/docker-compose.yml`];
    await docker(hostEngine, 'compose', ...project, ...file, '--profile', '*', 'create', 'marathon1', 'marathon-lb');
    const states = async () => (await lab.containers()).map(({ state }) => state);
    expect((await states()).filter((state) => state === 'created')).toHaveLength(2);
    const { status, stdout, stderr } = await up(lab);
    expect(status, stdout + stderr).toBe(0);
    expect(stdout + stderr).toContain('marathon1 is started');
    expect(new Set(await states())).toEqual(new Set(['running']));
  });
});

describe.skipIf(!hasDocker)('the probe', () => {
  beforeAll(async () => {
    const links = ['wget', 'nc'].map((name) => `ln -sf /usr/bin/busybox /usr/bin/${name}`);
    await build(busybox, ['FROM create-mesos-cluster-test/dind:local', `RUN ${links.join(' && ')}`]);
  });
  afterAll(() => docker(hostEngine, 'image', 'rm', busybox));

  /** Runs a health check: where curl is, or beside BusyBox and bash. */
  const exitCode = async (test: readonly string[] = []) => {
    const [, program = '', ...words] = test;
    const inside = ['docker', 'run', '--rm', '--network', 'host', '--entrypoint', program, busybox, ...words];
    const [file = '', ...args] = program === 'curl' ? [program, ...words] : inside;
    return (await execa(file, args, { reject: false, stdin: 'ignore', timeout: 60_000 })).exitCode;
  };

  it.each(['bash', 'wget', 'nc', ...(hasCurl ? (['curl'] as const) : [])] as const)(
    '%s says yes to a page, and no to an error and to nobody',
    async (probe) => {
      const server = createServer((request, response) => {
        response.statusCode = request.url === '/health' ? 200 : 503;
        response.end('200\n');
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      onTestFinished(() => void server.close());
      const { port } = server.address() as AddressInfo;
      const ask = (path: string) => exitCode(httpProbe(probe, '127.0.0.1', port, path));
      expect(await ask('/health')).toBe(0);
      expect(await ask('/broken')).not.toBe(0);
      server.close();
      expect(await ask('/health')).not.toBe(0);
    },
  );

  it('nc of a ZooKeeper says yes to one that serves, and no to one without a quorum', async () => {
    let says = 'Zookeeper version: 3.8.0\nMode: standalone\n';
    const server = createTcpServer((socket) =>
      socket.on('error', () => undefined).once('data', () => socket.end(says)),
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;
    const ask = () => exitCode(zookeeperProbe('nc', '127.0.0.1', port));
    expect(await ask()).toBe(0);
    says = 'This ZooKeeper instance is not currently serving requests\n';
    expect(await ask()).not.toBe(0);
  });
});
