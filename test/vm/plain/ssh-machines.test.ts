import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hostEngine } from '../../docker/support/engine.ts';
import { startRun } from '../../docker/support/lab-run.ts';
import { until } from '../../docker/support/until.ts';
import { plainMachines, type PlainMachines } from './plain-machines.ts';
import { canMakeMachines, testVagrant, type TestVagrant } from '../support/virtual-machines.ts';

const good = { name: 'good', address: '192.168.58.21', box: 'engine' as const };
/** Its Engine is Debian 12's own, 20.10. */
const bad = { name: 'bad', address: '192.168.58.22', box: 'native' as const, memoryMb: 512 };
const roles = { good: ['zookeeper', 'mesos-master', 'marathon', 'marathon-lb'], bad: ['mesos-agent'] };
const nodes = [good, bad].map(({ name, address }) => ({
  ...{ name, address, docker: `ssh://vagrant@${address}` },
  roles: name === 'good' ? roles.good : roles.bad,
}));

/** The faults that hosts in namespaces of one kernel cannot have, or have only by pretence. */
describe.skipIf(!canMakeMachines())('labs on machines that are reached over SSH', () => {
  const folder = mkdtempSync(join(tmpdir(), 'vm-ssh-'));
  const lab = join(folder, 'lab');
  let vagrant: TestVagrant;
  let machines: PlainMachines;
  const run = (environment: Readonly<Record<string, string>>, ...argv: readonly string[]) =>
    startRun(
      hostEngine,
      lab,
      argv,
      { ...machines.environment, XDG_STATE_HOME: join(folder, 'state'), ...environment },
      600_000,
    );
  /** Runs `up`, which is refused. @returns what it says */
  const refused = async (environment: Readonly<Record<string, string>> = {}, ...flags: readonly string[]) => {
    const { status, stdout, stderr } = await run(environment, 'up', ...flags).ended;
    expect([status, stdout], stderr).toEqual([3, '']);
    for (const { name } of [good, bad]) expect(await machines.inside(name, 'docker ps --all --quiet')).toBe('');
    return stderr;
  };

  beforeAll(async () => {
    vagrant = await testVagrant();
    machines = await plainMachines(vagrant, [good, bad]);
    for (const { name } of [good, bad]) await machines.inside(name, 'usermod --append --groups docker vagrant');
    await machines.inside('bad', 'systemctl start docker');
    const images = { set: 'lite' };
    const text = JSON.stringify({ name: 'vm-ssh', placement: 'machines', timing: 'fast', images, nodes });
    writeFileSync(join(folder, 'spec.yaml'), text);
    await startRun(hostEngine, folder, ['lab', '--spec', 'spec.yaml', '--yes'], {}).ended;
  });
  afterAll(async () => {
    await machines.remove();
    await vagrant.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  it('refuse host keys that nobody knows, with the command that adds one', async () => {
    const said = await refused();
    expect(said).toMatch(/good .*host key is not known here/);
    expect(said).toMatch(/bad .*host key is not known here/);
    const command = /ssh-keyscan[^\n;]*192\.168\.58\.22/.exec(said)?.[0] ?? '';
    expect(command).not.toBe('');
    const scanned = await execa('ssh-keyscan', ['-T', '20', good.address, bad.address], { stdin: 'ignore' });
    writeFileSync(machines.knownHosts, scanned.stdout);
  });

  it('refuse a key that a machine does not take', async () => {
    const other = join(folder, 'other');
    await execa('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', other]);
    const options = ['-i', other, '-o', 'IdentitiesOnly=yes', '-o', `UserKnownHostsFile=${machines.knownHosts}`];
    writeFileSync(join(folder, 'ssh'), `#!/bin/sh\nexec /usr/bin/ssh ${options.join(' ')} "$@"\n`, { mode: 0o755 });
    const said = await refused({ PATH: `${folder}:${process.env['PATH'] ?? ''}` });
    expect(said).toMatch(/bad .*does not take the SSH key/);
  });

  it('refuse a machine with another clock', async () => {
    await machines.inside('bad', "date --set '+10 minutes'");
    expect(await refused()).toMatch(/bad: its clock is not right[\s\S]*?10 minutes ahead/);
    await machines.inside('bad', "date --set '-10 minutes'");
  });

  it('refuse a machine without a free disk', async () => {
    await machines.inside(
      'bad',
      'fallocate --length $(($(stat --file-system --format "%a * %S" /) - 200000000)) /filler',
    );
    expect(await refused()).toMatch(/bad: its disk is full/);
    await machines.inside('bad', 'rm /filler');
  });

  it('refuse a machine whose cable is out, and say so in time', async () => {
    await machines.cable('bad', false);
    const { status, stderr } = await run({}, 'up').ended;
    await machines.cable('bad', true);
    expect([status, stderr]).toEqual([3, expect.stringMatching(/bad .*does not answer; nothing was started/)]);
    await until('back', 120_000, async () => ({ value: await machines.inside('bad', 'true') }));
  });

  it('refuse an Engine that is too old, and 512 MB of memory', async () => {
    const said = await refused();
    expect(said).toMatch(/bad: The Docker Engine is older than[^\n]*\n[^\n]*20\.10/);
    expect(said).toMatch(/bad: Docker has less memory than the lab needs[^\n]*\n[^\n]* 4\d\d MB/);
  });
});
