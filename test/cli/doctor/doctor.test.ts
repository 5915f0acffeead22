import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { tryPort } from '../../../platform/network/try-port.ts';
import { asPrograms, engines, failures } from '../../runtimes/docker/preflight/docker-answers.ts';
import { folderWith, runFake, temporaryFolder } from '../fake-context.ts';

const cgroupV1 = asPrograms(engines['Engine 26.1 on Debian 12']);
const cgroupV2 = asPrograms(engines['Engine 29 with images in containerd']);
const lab = (spec = '') =>
  folderWith({ 'mesos-cluster.yaml': `name: lab\n${spec}`, 'docker-compose.yml': 'name: lab\n' });
const vagrantLab = () => folderWith({ 'mesos-cluster.yaml': 'name: lab\npreset: three-vm\n', Vagrantfile: '' });
/** What differs from machine to machine. */
const withoutDisk = (text: string) => text.replace(/.*Disk of the Engine.*\n(?: +fix: docker system.*\n)?/, '');

describe('doctor', () => {
  it('says what this machine can run, and what it cannot: why, and what to do', async () => {
    const { exitCode, stdout } = await runFake(['doctor'], { cwd: temporaryFolder(), programs: cgroupV2 });
    expect(exitCode).toBe(0);
    expect(withoutDisk(stdout)).toBe(
      [
        'docker: can run labs on one Docker Engine',
        '  ok      Node.js 20.12.0 or newer: 20.20.0',
        '  ok      Docker Engine 24.0 or newer: 29.1.3 (client 28.2.2), Debian GNU/Linux 12 (bookworm), amd64',
        '  ok      Compose 2.20.0 or newer: v5.0.1',
        '  ok      An Engine of this machine: unix:///var/run/docker.sock (context default)',
        '  ok      Privileged containers: likely; nothing was started to try it',
        "  ok      Machine: cgroup v2, containerd's image store, 2 processors, 24105 MB",
        '  can     --image-set clusterd: the living fork of Mesos (clusterd), for current hosts with cgroup v2',
        '  cannot  --image-set stock: the last Mesosphere images (Mesos 1.7.1), for cgroup v1 hosts',
        '          The image set stock cannot run here: its Mesos agent looks for cgroup v1 and exits ("Failed to find a mounted cgroups hierarchy for the \'cpu\' subsystem") (cgroup v2)',
        '          fix: --image-set clusterd, or lite; or start this machine with the kernel argument systemd.unified_cgroup_hierarchy=0, if its systemd is older than 256',
        '  can     --image-set lite: small images of our own engine, built on this machine, native on amd64 and arm64',
        'embedded: can run labs without Docker (its containers are simulated, commands are real)',
        '  ok      Node.js 20.12.0 or newer: 20.20.0',
        'vagrant: cannot run labs of virtual machines',
        '  ok      Node.js 20.12.0 or newer: 20.20.0',
        '  missing Vagrant: not on PATH',
        '          fix: install it: https://developer.hashicorp.com/vagrant/install',
        '',
      ].join('\n'),
    );
  });

  it('asks Docker with three processes', async () => {
    const { commands } = await runFake(['doctor'], { cwd: temporaryFolder(), programs: cgroupV1 });
    expect(commands.filter(({ command }) => command[0] === 'docker')).toHaveLength(3);
  });

  it.each([
    ['no Docker', /missing Docker: Docker is not on this machine, or not on PATH/],
    ['a daemon that does not run', /missing Docker: Docker is installed, but its Engine does not answer/],
    ['an old Compose', /missing Compose 2\.20\.0 or newer: .*\(v2\.19\.9\)/],
  ] as const)('names %s, and goes on', async (name, line) => {
    const programs = asPrograms(failures[name]);
    const { exitCode, stdout } = await runFake(['doctor'], { cwd: temporaryFolder(), programs });
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(line);
    expect(stdout).toContain('docker: cannot run labs on one Docker Engine');
    expect(stdout).toContain('embedded: can run');
  });

  it('begins with the lab that it is asked about', async () => {
    const cwd = lab('images:\n  set: stock\n');
    const { exitCode, stdout } = await runFake(['doctor'], { cwd, programs: cgroupV2 });
    expect(exitCode).toBe(0);
    expect(stdout.split('\n')[0]).toBe(
      'The lab lab (image set stock) can run here: embedded; cannot: docker, see below',
    );
    expect(stdout).toMatch(/missing This lab: The image set stock cannot run here: .*\n {10}fix: --image-set clusterd/);
    expect(stdout).not.toContain('vagrant');
  });

  it('does not speak for a lab that it was asked about and that is not there', async () => {
    const { exitCode, stdout, stderr } = await runFake(['doctor', '--lab', 'my-lba'], {
      cwd: temporaryFolder(),
      programs: cgroupV1,
    });
    expect(exitCode).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain('USAGE_NOT_A_LAB');
  });

  it('says of a lab that can run what may go wrong', async () => {
    const programs = asPrograms(engines['Docker Desktop on an arm64 Mac']);
    const { stdout } = await runFake(['doctor'], { cwd: lab(), programs });
    expect(stdout).toContain('can run here: docker, embedded');
    expect(stdout).toMatch(/warning This lab: Some images are for linux\/amd64 alone/);
  });

  it('exits 3 in a lab that this machine has no way to run', async () => {
    const { exitCode, stdout } = await runFake(['doctor', '--lab', vagrantLab()], { cwd: temporaryFolder() });
    expect(exitCode).toBe(3);
    expect(stdout.split('\n')[0]).toBe('The lab lab cannot: vagrant, see below');
    expect(stdout).toContain('missing Vagrant: not on PATH');
    expect(stdout).not.toContain('Docker');
  });

  it('says of a lab whose ports are taken that this is all', async () => {
    const holder = createServer().listen(0, '127.0.0.1');
    await once(holder, 'listening');
    const { port } = holder.address() as AddressInfo;
    const cwd = lab(`ports:\n  marathon: ${String(port)}\n`);
    const { stdout } = await runFake(['doctor'], { cwd, programs: cgroupV1, tryPort });
    holder.close();
    expect(stdout).toContain("embedded: cannot: this lab's ports are taken:\n");
    expect(stdout).toContain("docker: cannot: this lab's ports are taken:\n");
    expect(stdout).toContain(String(port));
  });

  it('is data with --json', async () => {
    const { stdout } = await runFake(['doctor', '--json'], {
      cwd: lab(),
      programs: cgroupV2,
    });
    const answer: unknown = JSON.parse(stdout);
    expect(answer).toMatchObject({
      lab: { name: 'lab', can: true },
      runtimes: [
        {
          runtime: 'docker',
          imageSets: [
            { set: 'clusterd', can: true, refusals: [] },
            { set: 'stock', can: false, refusals: [{ code: 'MACHINE_IMAGE_SET', isWarning: false }] },
            { set: 'lite', can: true },
          ],
        },
        { runtime: 'embedded' },
      ],
    });
  });
});
