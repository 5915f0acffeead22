import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { temporaryFolder } from '../cli/fake-context.ts';
import { processesOf } from '../end-to-end/lab-process.ts';

const repository = fileURLToPath(new URL('../..', import.meta.url));
/** Node and npm, and neither Docker nor anything else. */
const path = [...new Set([dirname(process.execPath), '/usr/bin', '/bin'])].join(':');

const npmAt =
  (home: string) =>
  (cwd: string, ...words: readonly string[]) => {
    const env = { PATH: path, HOME: home, npm_config_offline: 'true', npm_config_update_notifier: 'false' };
    return spawnSync('npm', words, { cwd, env, encoding: 'utf8', timeout: 120_000 });
  };

describe('the packed tarball, in an empty folder', () => {
  it('installs one package, makes a lab, and the lab runs by itself', { timeout: 180_000 }, () => {
    const folder = temporaryFolder();
    const npm = npmAt(temporaryFolder());
    const packed = npm(repository, 'pack', '--ignore-scripts', '--pack-destination', folder);
    const tarball = join(folder, readdirSync(folder).find((name) => name.endsWith('.tgz')) ?? '');
    expect([packed.status, tarball]).toEqual([0, expect.stringMatching(/\/create-mesos-cluster-[\d.]+\.tgz$/)]);
    // Here, though a folder above may have a package.json.
    expect(npm(folder, 'install', '--prefix', folder, '--no-save', tarball).status).toBe(0);
    expect(readdirSync(join(folder, 'node_modules')).filter((name) => !name.startsWith('.'))).toEqual([
      'create-mesos-cluster',
    ]);
    const made = npm(folder, 'exec', '--', 'create-mesos-cluster', 'lab', '--yes');
    expect([made.status, made.stdout]).toEqual([0, expect.stringContaining('Wrote 10 files to lab')]);

    const lab = join(folder, 'lab');
    onTestFinished(() => {
      npm(lab, 'run', 'down');
    });
    // The lab's own package.json resolves without the package that made it, and before it is published.
    expect(npm(lab, 'install').status).toBe(0);
    expect(npm(lab, 'run', 'plan').stdout).toContain('server.1=zookeeper1:2888:3888;2181');
    const start = (offset: number) =>
      npm(lab, 'run', 'up', '--', '--runtime', 'embedded', '--port-offset', String(offset));
    // Another test may have taken one of the ports: then elsewhere.
    const first = start(11_000 + (process.pid % 4000));
    const up = first.status === 0 ? first : start(15_500 + (process.pid % 4000));
    expect([up.status, up.stdout]).toEqual([0, expect.stringMatching(/Verified: \d+ checks passed/)]);
    expect(npm(lab, 'run', 'verify').status).toBe(0);
    expect(npm(lab, 'run', 'down').status).toBe(0);
    expect(processesOf(lab)).toEqual([]);
    expect(readdirSync(join(lab, '.mesos-cluster')).sort()).toEqual(['manifest.json', 'spec.schema.json', 'tool']);
    expect(npm(lab, 'run', 'generate').stdout).toContain('Nothing to do');
  });
});
