import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { asPrograms, engines, failures } from '../runtimes/docker/preflight/docker-answers.ts';
import { ended, inspectWords } from '../runtimes/docker/images/fake-engine.ts';
import { folderWith, runFake, temporaryFolder } from './fake-context.ts';

const docker = asPrograms(engines['Engine 26.1 on Debian 12']);
const has = (reference: string, arch = 'amd64') => ({
  [`docker ${inspectWords(reference)}`]: ended(`{"bytes":123456789,"arch":"${arch}"}\n`),
});
const lab = (files: Readonly<Record<string, string>> = {}) =>
  folderWith({ 'mesos-cluster.yaml': 'name: lab\nimages:\n  set: lite\n', ...files });

describe('images', () => {
  it('shows what the lab needs, and what of it is here', async () => {
    const apps = {
      'apps/shop.json': '{"id":"/shop","container":{"docker":{"image":"shop:2"}}}',
      'apps/broken.json': '{',
    };
    const { exitCode, stdout } = await runFake(['images'], {
      cwd: lab(apps),
      programs: { ...docker, ...has('zookeeper:3.9') },
    });
    expect(exitCode).toBe(0);
    expect(stdout).toBe(
      [
        'IMAGE                            HERE     PLATFORM  COMES             FOR',
        'zookeeper:3.9                    123 MB             pulled            zookeeper',
        'create-mesos-cluster/lite:local  missing            built here        mesos-master, mesos-agent, marathon, marathon-lb',
        'docker:28-dind                   missing            pulled            docker-engine',
        'shop:2                           missing            pulled by agents  app shop',
        'nginx:1.27                       missing            pulled by agents  app nginx',
        '4 of 5 are missing: create-mesos-cluster images pull gets them',
        '',
      ].join('\n'),
    );
  });

  it('leaves what the lab has in its own registry to the agents', async () => {
    const cwd = folderWith({
      // Nothing has to be built.
      'mesos-cluster.yaml':
        'name: lab\naddons: [registry]\nimages: {overrides: {registry-gate: {image: "house.example/gate:1"}}}\n',
      'apps/shop.json': '{"id":"/shop","container":{"docker":{"image":"registry:5000/shop:2"}}}',
    });
    const { stdout } = await runFake(['images'], { cwd, programs: docker });
    expect(stdout).toMatch(/^registry:5000\/shop:2 +- +pulled by agents from the lab's registry +app shop$/m);
    expect(stdout).toMatch(/^(\d+) of (?!\1)\d+ are missing/m);
    const { stderr } = await runFake(['images', 'save', 'x.tar'], { cwd, programs: docker });
    expect(stderr).toContain("Not saved, as only the lab's own registry has it: registry:5000/shop:2");
    expect(stderr).not.toMatch(/found: .*registry:5000\/shop/);
  });

  it('shows what the lab needs without Docker, too', async () => {
    const programs = asPrograms(failures['a daemon that does not run']);
    const { exitCode, stdout, stderr } = await runFake(['images', 'list'], { cwd: lab(), programs });
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^zookeeper:3\.9 +\? +pulled +zookeeper$/m);
    expect(stderr).toContain('its Engine does not answer: what is here is not known');
  });

  it('is data with --json', async () => {
    const { stdout } = await runFake(['images', 'list', '--json'], {
      cwd: lab(),
      programs: { ...docker, ...has('zookeeper:3.9') },
    });
    const answer: unknown = JSON.parse(stdout);
    expect(answer).toMatchObject({
      images: [
        { reference: 'zookeeper:3.9', from: 'pulled', usedBy: ['zookeeper'], isHere: true, bytes: 123_456_789 },
        { reference: 'create-mesos-cluster/lite:local', from: 'built', isHere: false },
        { reference: 'docker:28-dind' },
        { reference: 'nginx:1.27', from: 'app', usedBy: ['app nginx'] },
      ],
    });
  });

  it.each([['pull'], ['save', 'x.tar'], ['load', 'x.tar']])(
    '%s needs Docker, and says what is wrong with it',
    async (...words) => {
      const programs = asPrograms(failures['a socket that one may not open']);
      const { exitCode, stderr } = await runFake(['images', ...words], { cwd: lab(), programs });
      expect([exitCode, stderr]).toEqual([3, expect.stringContaining('MACHINE_DOCKER_PERMISSION')]);
    },
  );

  it('does not save what is not whole', async () => {
    const cwd = lab({ 'mesos-cluster.yaml': 'name: lab\n' });
    const programs = { ...docker, ...has('zookeeper:3.9') };
    const { exitCode, stderr } = await runFake(['images', 'save', 'x.tar.gz'], { cwd, programs });
    expect([exitCode, stderr]).toEqual([3, expect.stringMatching(/found: {3}avhost.*docker:28-dind, nginx:1\.27\n/)]);
    expect(existsSync(join(cwd, 'x.tar.gz'))).toBe(false);
  });

  it('builds what is built before it saves, and saves nothing when it cannot', async () => {
    const cwd = lab();
    const { exitCode, stderr, commands } = await runFake(['images', 'save', 'x.tar.gz'], { cwd, programs: docker });
    expect([exitCode, stderr]).toEqual([3, expect.stringContaining('IMAGE_NOT_AVAILABLE')]);
    expect(commands.some(({ command }) => command[1] === 'build')).toBe(true);
    expect(existsSync(join(cwd, 'x.tar.gz'))).toBe(false);
  });

  it('warns of images for another processor', async () => {
    const cwd = lab();
    const file = join(cwd, 'x.tar');
    writeFileSync(file, 'layers');
    const programs = {
      ...docker,
      [`docker load --input ${file}`]: ended('Loaded image: zookeeper:3.9\n'),
      ...has('zookeeper:3.9', 'arm64'),
      'docker version --format {{.Server.Arch}}': ended('amd64\n'),
    };
    const { exitCode, stderr, stdout } = await runFake(['images', 'load', 'x.tar'], { cwd, programs });
    expect([exitCode, stdout]).toEqual([0, expect.stringContaining('3 of 4 are missing')]);
    expect(stderr).toContain('This Engine runs on amd64, and these are for another processor: zookeeper:3.9 (arm64)');
  });

  it.each([['sav'], ['save'], ['load'], ['pull', 'x'], ['list', 'x']])('does not take %s', async (...words) => {
    const { exitCode, stderr } = await runFake(['images', ...words], { cwd: lab(), programs: docker });
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('images save FILE')]);
  });

  it('needs a lab', async () => {
    expect(await runFake(['images'], { cwd: temporaryFolder() })).toMatchObject({ exitCode: 2, commands: [] });
  });
});
