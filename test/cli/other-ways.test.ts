import { describe, expect, it } from 'vitest';
import type { Context } from '../../platform/context.ts';
import { planCluster } from '../../planning/plan/plan-cluster.ts';
import { liteBuild } from '../../planning/catalogue/image-sets.ts';
import { neededImages } from '../../runtimes/docker/images/get-images.ts';
import { dockerScript } from '../runtimes/docker/docker-script.ts';
import { ended, FakeDocker } from '../runtimes/docker/fake-docker.ts';
import { folderWith, runFake } from './fake-context.ts';

const noNetwork = 'dial tcp: lookup registry.example: no such host';
const noSuchImage = 'manifest for avhost/mesos-mini not found: manifest unknown';
const lite = planCluster({ name: 'lab', images: { set: 'lite' } });
const liteImages = [
  ...neededImages(lite).flatMap(({ image }) => (image.build === undefined ? [image.reference] : [])),
  ...Object.values(liteBuild.args),
];

interface Case {
  readonly spec?: string;
  readonly docker?: FakeDocker;
  readonly flags?: readonly string[];
  readonly here?: readonly string[];
  readonly tryPort?: Context['tryPort'];
  readonly env?: Context['env'];
}

/** `up --runtime docker` of a lab whose Engine has some images; the others are answered with these words. */
async function upWithout(
  words: string,
  { spec = '', docker = new FakeDocker(), here = [], env = {}, ...rest }: Case = {},
) {
  const cwd = folderWith({ 'mesos-cluster.yaml': `name: lab\n${spec}`, 'docker-compose.yml': 'name: lab\n' });
  for (const image of here) docker.images.add(image);
  docker.answers.push(['docker pull', ended(1, '', words)]);
  const runCommand: Context['runCommand'] = (program, words, options) =>
    docker.runCommand(program, words[0] === '--host' ? words.slice(2) : words, options);
  const tryPort = rest.tryPort === undefined ? {} : { tryPort: rest.tryPort };
  const { stderr } = await runFake(['up', ...(rest.flags ?? ['--runtime', 'docker'])], {
    cwd,
    runCommand,
    env,
    ...tryPort,
  });
  const [, ways = ''] = stderr.split('What runs here all the same:\n');
  return {
    stderr,
    hasLite: ways.includes('- --image-set lite'),
    hasEmbedded: ways.includes('- up --runtime embedded'),
  };
}

/** The same, of a lab whose images are all there, and whose start fails in Compose's words, with a container made. */
async function upFailing(words: string, service: string) {
  const docker = new FakeDocker();
  const fail = () => {
    docker.containers.push({
      id: 'c1',
      service,
      lab: 'lab',
      directory: '/lab',
      composeFile: '/lab/docker-compose.yml',
    });
    return ended(1, '', words);
  };
  docker.answers.push([' up ', fail]);
  const here = neededImages(planCluster({ name: 'lab' })).map(({ image }) => image.reference);
  // The docker-compose package, which lists the containers, starts a program.
  const made = JSON.stringify({ ID: 'c1', Name: `lab-${service}-1`, Service: service, State: 'exited' });
  const { PATH } = dockerScript(`case "$*" in *' ps '*) echo '${made}';; esac`);
  return upWithout('', { docker, here, env: { PATH } });
}

describe('an image set that cannot be pulled', () => {
  it.each(['clusterd', 'stock'])('%s ends with what runs here without a network: no Docker at all', async (set) => {
    const { stderr, hasLite } = await upWithout(noNetwork, { spec: `images: {set: ${set}}\n` });
    expect(stderr).toContain('IMAGE_NOT_AVAILABLE');
    expect(stderr).toMatch(/- up --runtime embedded: without Docker.*; Docker tasks are simulated\n$/);
    expect(hasLite).toBe(false);
  });

  it('ends with the set lite, too, when all that it is made of is here', async () => {
    const { stderr, hasEmbedded } = await upWithout(noNetwork, { here: liteImages });
    expect(stderr).toMatch(/- --image-set lite \(images\.set: lite.*built on this machine; Docker tasks are real\n/);
    expect(hasEmbedded).toBe(true);
  });

  it('ends with what the set lite has to pull, when it is this image alone that does not come', async () => {
    const { stderr } = await upWithout(noSuchImage, { here: ['zookeeper:3.9', 'docker:28-dind'] });
    expect(stderr).toMatch(/built on this machine, for which Docker pulls node:22-alpine, docker:28-cli;/);
  });

  it.each([
    ['that the set lite needs, too', 'zookeeper:3.9', {}],
    [
      'for which the disk is full',
      'avhost',
      { here: ['zookeeper:3.9', 'docker:28-dind'], words: 'no space left on device' },
    ],
    [
      'where no set runs',
      'zookeeper:3.9',
      { docker: new FakeDocker('rootless Engine'), flags: ['--runtime', 'docker', '--force'] },
    ],
  ])(
    'does not name the set lite for an image %s',
    async (_, image, { words = noSuchImage, ...more }: Case & { words?: string }) => {
      const { stderr, hasLite, hasEmbedded } = await upWithout(words, more);
      expect(stderr).toMatch(new RegExp(`IMAGE_NOT_AVAILABLE: the image ${image}`));
      expect([hasLite, hasEmbedded]).toEqual([false, true]);
    },
  );

  it('is said with the set lite, too, where the lab runs without Docker instead', async () => {
    const { stderr } = await upWithout(noSuchImage, { here: liteImages, flags: [] });
    expect(stderr).toMatch(/Runtime embedded \(not docker.*\n.*Docker runs here all the same: --image-set lite/);
  });

  it.each([
    [noSuchImage, true],
    [noNetwork, false],
  ])('on machines of its own, for %j, ends with the set lite: %s, and never without Docker', async (words, hasLite) => {
    const roles = 'zookeeper, mesos-master, mesos-agent, marathon';
    const spec = `nodes: [{name: a, address: 10.0.0.1, docker: "unix:///a.sock", roles: [${roles}]}]\nplacement: machines\n`;
    const found = await upWithout(words, { spec, here: ['zookeeper:3.9'], flags: [] });
    expect(found.stderr).toMatch(/IMAGE_NOT_AVAILABLE: a: .*images push brings it/s);
    expect(found).toMatchObject({ hasLite, hasEmbedded: false });
  });

  it('names nothing that needs a port which somebody has', async () => {
    const docker = new FakeDocker();
    const tryPort: Context['tryPort'] = () =>
      Promise.resolve(docker.asked.some((command) => command.startsWith('docker pull')) ? 'EADDRINUSE' : undefined);
    const { stderr, hasEmbedded } = await upWithout(noNetwork, { docker, tryPort });
    expect([stderr, hasEmbedded]).toEqual([expect.stringContaining('IMAGE_NOT_AVAILABLE'), false]);
  });

  it('names the add-ons that a lab without Docker does not have', async () => {
    const { stderr } = await upWithout(noNetwork, { spec: 'addons: [chronos, registry]\n' });
    expect(stderr).toMatch(/simulated, and without registry\n$/);
  });
});

describe('an image set that does not come up', () => {
  it.each([
    ['master1', true],
    ['zookeeper1', false],
    ['agent1-docker', false],
  ])('ends with what runs here; where %s failed, is the set lite of another image: %s', async (service, hasLite) => {
    const ways = await upFailing(`dependency failed to start: container lab-${service}-1 exited (1)`, service);
    expect(ways.stderr).toContain(`CONTAINER_FAILED: ${service} ended`);
    expect(ways).toMatchObject({ hasLite, hasEmbedded: true });
  });

  it('does not name the set lite for a command of which nobody knows what it was about', async () => {
    expect(await upFailing('something new', 'master1')).toMatchObject({
      stderr: expect.stringContaining('COMMAND_FAILED'),
      hasLite: false,
      hasEmbedded: true,
    });
  });
});
