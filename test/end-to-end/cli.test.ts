import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { presetNames } from '../../planning/catalogue/roles.ts';
import { filesIn, temporaryFolder } from '../cli/fake-context.ts';
import { program, runBuilt } from './built-program.ts';

const quiet = { status: 0, stderr: '' };

describe('the built command', () => {
  it('knows its version', () => {
    const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
      version: string;
    };
    expect(runBuilt(temporaryFolder(), ['--version'])).toMatchObject({ ...quiet, stdout: `${version}\n` });
  });

  it.each(presetNames)('writes the preset %s, which its own copy of the tool then finds in order', (preset) => {
    const cwd = temporaryFolder();
    expect(runBuilt(cwd, ['lab', '--preset', preset])).toMatchObject(quiet);
    const lab = join(cwd, 'lab');
    const before = filesIn(lab);
    const copy = join(lab, '.mesos-cluster/tool/create-mesos-cluster.cjs');
    const { status, stdout } = spawnSync(process.execPath, [copy, 'generate'], { cwd: lab, encoding: 'utf8' });
    expect([status, stdout.slice(0, 13)]).toEqual([0, 'Nothing to do']);
    expect(filesIn(lab)).toEqual(before);
  });

  it('runs from the package.json of the lab', () => {
    const cwd = temporaryFolder();
    runBuilt(cwd, ['lab', '--preset', 'ha']);
    const { stdout } = spawnSync('npm', ['run', '--silent', 'explain', '--', 'MESOS_QUORUM'], {
      cwd: join(cwd, 'lab'),
      encoding: 'utf8',
    });
    expect(stdout).toMatch(/^MESOS_QUORUM\n {2}2 /);
  });

  it('reads a spec from standard input', () => {
    const cwd = temporaryFolder();
    expect(runBuilt(cwd, ['lab', '--spec', '-'], 'name: piped\npreset: ha\n')).toMatchObject(quiet);
    expect(filesIn(join(cwd, 'lab')).get('mesos-cluster.yaml')).toContain('name: piped');
  });

  it('refuses a spec of 20 MB without reading all of it into the plan', () => {
    const cwd = temporaryFolder();
    const { status, stderr } = runBuilt(cwd, ['lab', '--spec', '-'], Buffer.alloc(20_000_000, '# comment\n'));
    expect(status).toBe(2);
    expect(stderr).toContain('SPEC_FILE');
    expect(filesIn(cwd).size).toBe(0);
  });

  it('ends quietly when nobody reads its output any more', () => {
    const script = `"$NODE" "$PROGRAM" plan --json --preset ha | head -c 10; echo "\${PIPESTATUS[0]}"`;
    const env = { ...process.env, NODE: process.execPath, PROGRAM: program };
    const { stdout, stderr } = spawnSync('bash', ['-c', script], { cwd: temporaryFolder(), env, encoding: 'utf8' });
    expect([stdout, stderr]).toEqual(['{\n  "name"0\n', '']);
  });

  it('writes all of a long output to a pipe', () => {
    const cwd = temporaryFolder();
    const { stdout } = runBuilt(cwd, ['plan', '--json', '--agents', '300']);
    expect(stdout.length).toBeGreaterThan(200_000);
    expect(JSON.parse(stdout)).toMatchObject({ masterCount: 1 });
  });

  it('says that its output cannot be written', () => {
    const env = { ...process.env, NODE: process.execPath, PROGRAM: program };
    const script = '"$NODE" "$PROGRAM" plan --preset ha --json > /dev/full';
    const { status, stderr } = spawnSync('bash', ['-c', script], { cwd: temporaryFolder(), env, encoding: 'utf8' });
    expect([status, stderr]).toEqual([3, 'error MACHINE_NOT_WRITABLE: Standard output cannot be written (ENOSPC)\n']);
  });

  it('works with standard output closed', () => {
    const cwd = temporaryFolder();
    const env = { ...process.env, NODE: process.execPath, PROGRAM: program };
    const { status } = spawnSync('bash', ['-c', '"$NODE" "$PROGRAM" lab --yes >&-'], { cwd, env });
    expect(status).toBe(0);
    expect(filesIn(join(cwd, 'lab')).has('docker-compose.yml')).toBe(true);
  });

  it('keeps to the exit codes', () => {
    const cwd = temporaryFolder();
    expect(runBuilt(cwd, ['--nonsense']).status).toBe(2);
    expect(runBuilt(cwd, ['up']).status).toBe(2);
    const env = { ...process.env, PATH: '/nonexistent' };
    const doctor = spawnSync(process.execPath, [program, 'doctor'], { cwd, env, encoding: 'utf8' });
    // Without Docker there is still the embedded runtime.
    expect([doctor.status, doctor.stderr]).toEqual([0, '']);
    expect(doctor.stdout).toContain('missing Docker: Docker is not on this machine, or not on PATH');
  });
});
