import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { nodeFileSystem as files } from '../../../platform/files/node-file-system.ts';
import { getImages, isHere } from '../../../runtimes/docker/images/get-images.ts';
import { temporaryFolder } from '../../cli/fake-context.ts';
import { planOf } from '../embedded/plan-of.ts';
import { recordingReporter } from '../start-options.ts';
import { ended, FakeDocker } from './fake-docker.ts';
import { dockerEngine } from '../../../runtimes/docker/docker-engine.ts';

const signal = new AbortController().signal;

/** A lab whose tool folder has these files, and the tool that runs, somewhere else. */
async function labWith(names: readonly string[]) {
  const docker = new FakeDocker();
  const directory = temporaryFolder();
  const toolFolder = temporaryFolder();
  writeFileSync(join(toolFolder, 'files.json'), '{"main.cjs":"of the clone"}');
  mkdirSync(join(directory, '.mesos-cluster/tool'), { recursive: true });
  for (const name of names) writeFileSync(join(directory, '.mesos-cluster/tool', name), `{"${name}":"1"}`);
  const plan = await planOf({ preset: 'single', images: { set: 'lite' } });
  const image = plan.nodes.flatMap(({ components }) => components).find(({ role }) => role === 'mesos-master')?.image;
  if (image === undefined) throw new Error('the lab has no master');
  const engine = dockerEngine({ runCommand: docker.runCommand, env: {}, cwd: directory, signal });
  const world = { files, engine, directory, toolFolder, tell: recordingReporter(), signal };
  const build = async () => {
    await getImages([{ image, part: 'mesos-master' }], world);
    return docker.asked.find((command) => command.startsWith('docker build')) ?? '';
  };
  return { docker, toolFolder, image, world, build };
}

describe('the image that is built on this machine', () => {
  it("has the lab's own copy of the tool in it", async () => {
    const { build } = await labWith(['create-mesos-cluster.cjs', 'files.json']);
    expect(await build()).toMatch(/ \.mesos-cluster\/tool$/);
  });

  it('has the tool of the clone in it where a lab has only a launcher, which would start nothing in the image', async () => {
    const { build, toolFolder } = await labWith(['create-mesos-cluster.cjs']);
    const command = await build();
    expect(command.endsWith(` ${toolFolder}`)).toBe(true);
    expect(command).toContain('--file images/lite/Dockerfile ');
  });

  it('takes the place of the one before, which goes if no container uses it', async () => {
    const { docker, build } = await labWith(['create-mesos-cluster.cjs', 'files.json']);
    await build();
    expect(docker.asked.at(-1)).toBe('docker image prune --force --filter label=create-mesos-cluster.tool');
  });

  it('is built again when the tool of the clone is another', async () => {
    const { docker, build, toolFolder, image, world } = await labWith(['create-mesos-cluster.cjs']);
    const mark = / TOOL=(\S+)/.exec((await build()).replaceAll('--build-arg', ''))?.[1] ?? 'no mark';
    docker.answers.push(['docker image inspect', ended(0, `linux/amd64\t${mark}`)]);
    expect(await isHere(image, world)).toBe(true);
    writeFileSync(join(toolFolder, 'files.json'), '{"main.cjs":"newer"}');
    expect(await isHere(image, world)).toBe(false);
  });

  it('is the same for a tool with another course, as bundles for students have it', async () => {
    const { docker, build, toolFolder, image, world } = await labWith(['create-mesos-cluster.cjs']);
    const list = (course: string) => JSON.stringify({ 'course.json': course, 'main.cjs': '1' }, undefined, 1);
    writeFileSync(join(toolFolder, 'files.json'), list('with answers'));
    const mark = / TOOL=(\S+)/.exec((await build()).replaceAll('--build-arg', ''))?.[1] ?? 'no mark';
    docker.answers.push(['docker image inspect', ended(0, `linux/amd64\t${mark}`)]);
    writeFileSync(join(toolFolder, 'files.json'), list('without'));
    expect(await isHere(image, world)).toBe(true);
  });
});
