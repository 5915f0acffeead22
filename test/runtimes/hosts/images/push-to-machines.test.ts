import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { vagrantfile } from '../../../../generators/machines/vagrantfile.ts';
import type { RunCommand } from '../../../../platform/processes/run-command.ts';
import { vagrantRuntime } from '../../../../runtimes/hosts/vagrant/vagrant-runtime.ts';
import { fakeMachines, fakeWorld, heardOptions, planWithAgents } from '../fake-machines.ts';
import { fakeMachineImages, type FakeMachineImages } from '../fake-machine-images.ts';
import { fakeVagrant, type FakeVagrant } from '../fake-vagrant.ts';

const plan = planWithAgents(3, { name: 'lab', vagrant: {} });
const zookeeper = 'zookeeper:3.9';

let directory: string;
let vagrant: FakeVagrant;
let images: FakeMachineImages;
beforeEach(() => {
  vagrant = fakeVagrant();
  images = fakeMachineImages();
  directory = mkdtempSync(join(tmpdir(), 'vagrant-push-'));
  writeFileSync(join(directory, 'Vagrantfile'), vagrantfile(plan).content);
});
afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

function runtime(hasDocker = true) {
  const runCommand: RunCommand = (program, words, options) => {
    if (program !== 'docker') return vagrant.runCommand(program, words, options);
    if (!hasDocker && words[0] !== '--host') return Promise.resolve({ kind: 'missing' });
    const answer = images.inspect(words);
    return answer === undefined ? vagrant.runCommand(program, words, options) : Promise.resolve(answer);
  };
  const world = fakeWorld(fakeMachines(0), plan);
  const streams = { ...world.streams, pipe: images.pipe };
  return vagrantRuntime({ ...world, runCommand, openTunnel: vagrant.openTunnel, streams });
}

const up = async () => (await runtime().start({ directory }, heardOptions(plan))).keep();

async function push(hasDocker = true) {
  const { tell, signal, steps } = heardOptions(plan);
  const appImages = [{ reference: 'nginx:1.27', app: 'nginx' }];
  const pushed = await runtime(hasDocker).images?.push?.({ plan, directory, appImages, tell, signal });
  return { pushed, steps };
}

describe('images push to virtual machines', () => {
  it('copies what this machine has to those that run it, and names what nobody has', async () => {
    await up();
    for (const reference of [zookeeper, 'nginx:1.27']) images.on('here').add(reference);
    const { pushed, steps } = await push();
    expect([...images.on('node1')]).toEqual([zookeeper]);
    expect([...images.on('node2')]).toEqual(['nginx:1.27']);
    expect([...images.on('node3')]).toEqual(['nginx:1.27']);
    expect(steps).toEqual([
      `Copying ${zookeeper} from this machine to node1`,
      'Copying nginx:1.27 from this machine to node2, node3',
    ]);
    expect(pushed?.copied).toEqual([zookeeper, 'nginx:1.27']);
    expect(pushed?.missing).toContain('mesosphere/marathon:v1.11.24');
    expect((await push()).pushed?.copied).toEqual([]);
  });

  it('copies from a machine that has it where this one has none, or no Docker', async () => {
    await up();
    images.on('node3').add('nginx:1.27');
    expect((await push()).steps).toEqual(['Copying nginx:1.27 from node3 to node2']);
    images.on('node2').clear();
    images.on('here').add('nginx:1.27');
    expect((await push(false)).steps).toEqual(['Copying nginx:1.27 from node3 to node2']);
  });

  it('copies nothing while a machine is not there, and names each', async () => {
    await up();
    await runtime().control({ directory }, 'stop', ['node2'], new AbortController().signal);
    vagrant.silent.add('node3');
    images.on('here').add('nginx:1.27');
    await expect(push()).rejects.toMatchObject({
      problems: [
        expect.objectContaining({ message: 'node2 is poweroff; nothing was copied' }),
        expect.objectContaining({ message: 'node3 is running, and its Docker does not answer' }),
      ],
    });
    await runtime().remove({ directory });
    await expect(push()).rejects.toThrow('node1 is not created; nothing was copied');
    expect(images.on('node1').size).toBe(0);
  });
});
