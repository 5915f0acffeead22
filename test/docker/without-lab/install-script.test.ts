import { chmodSync, existsSync, lstatSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { nativeRoot, type NativeRoot } from '../support/native-root.ts';

/*
 * install.sh of a lab, run for real in temporary roots. Its services and its look at the machine's addresses need a
 * machine of their own: native-install.test.ts.
 */

const node = 'test166';

/** A fake mv: the real one, until it is called for the N-th time. */
function fakeMv(box: NativeRoot, at: number, then: string): Readonly<Record<string, string>> {
  const bin = join(box.folder, `fake-bin-${at}`);
  mkdirSync(bin, { recursive: true });
  const count = join(bin, 'count');
  const text = `#!/bin/sh\necho x >>'${count}'\nif [ "$(wc -l <'${count}')" -eq ${at} ]; then ${then}; fi\nexec /bin/mv "$@"\n`;
  writeFileSync(join(bin, 'mv'), text, { mode: 0o755 });
  return { PATH: bin };
}

describe('install.sh', () => {
  it('puts the files of reference system C in place', () => {
    const box = nativeRoot();
    const { status, stdout, stderr } = box.run(node);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(box.read('etc/mesos/zk')).toBe('zk://10.86.255.166:2181/mesos\n');
    expect(box.read('etc/mesos-slave/containerizers')).toBe('docker,mesos\n');
    expect(box.read('etc/mesos-slave/executor_registration_timeout')).toBe('5mins\n');
    expect(box.read('etc/hosts')).toMatch(
      /^127\.0\.0\.1 localhost\n# >>> .*\n10\.86\.255\.166 test166\n10\.86\.255\.167 test167\n# <<< .*\n$/,
    );
    expect(stdout).toContain('in this order they start: zookeeper mesos-master marathon chronos docker mesos-slave\n');
  });

  it('puts the files of reference system D in place, through the links of the Debian package', () => {
    const box = nativeRoot({ preset: 'three-master' });
    expect(box.run('mesos3').status).toBe(0);
    expect(lstatSync(join(box.root, 'etc/zookeeper/conf')).isSymbolicLink()).toBe(true);
    expect(box.read('etc/zookeeper/conf_example/myid')).toBe('3\n');
    expect(lstatSync(join(box.root, 'var/lib/zookeeper/myid')).isSymbolicLink()).toBe(true);
    expect(box.read('etc/zookeeper/conf_example/zoo.cfg').match(/^server.*$/gm)).toEqual([
      'server.2=10.0.0.2:2888:3888',
      'server.3=10.0.0.3:2888:3888',
      'server.4=10.0.0.4:2888:3888',
    ]);
    expect(box.read('etc/mesos-master/quorum')).toBe('2\n');
    expect(box.read('etc/marathon/conf/zk')).toBe('zk://10.0.0.2:2181,10.0.0.3:2181,10.0.0.4:2181/marathon\n');
  });

  it('makes the folder of CNI networks, without which the agent of clusterd does not start, and leaves one that is there', () => {
    const box = nativeRoot();
    const before = box.snapshot();
    expect(box.run('--dry-run', node).stdout).toMatch(/^the folder .*\/etc\/mesos\/cni would be made$/m);
    expect(box.run(node).status).toBe(0);
    const cni = join(box.root, 'etc/mesos/cni');
    expect(box.read('etc/mesos-slave/network_cni_config_dir')).toBe('/etc/mesos/cni\n');
    expect(lstatSync(cni).isDirectory()).toBe(true);

    rmSync(cni, { recursive: true });
    expect(box.run(node).status).toBe(0);
    expect(lstatSync(cni).isDirectory()).toBe(true);
    box.run('--undo');
    expect(existsSync(cni)).toBe(false);
    box.run('--undo');
    expect(box.snapshot()).toEqual(before);

    box.put('etc/mesos/cni/weave.conf', '{}');
    box.run(node);
    box.run('--undo');
    expect(box.read('etc/mesos/cni/weave.conf')).toBe('{}');
  });

  it('writes the id beside the data where no package has linked it', () => {
    const box = nativeRoot({ preset: 'three-master' });
    rmSync(join(box.root, 'var/lib/zookeeper/myid'));
    expect(box.run('mesos4').status).toBe(0);
    expect(box.read('var/lib/zookeeper/myid')).toBe('4\n');
  });

  it('shows a diff with --dry-run, and changes nothing', () => {
    const box = nativeRoot();
    const before = box.snapshot();
    const { status, stdout } = box.run('--dry-run', node);
    expect(status).toBe(0);
    expect(stdout).toContain('+zk://10.86.255.166:2181/mesos\n');
    expect(stdout).toContain('-a number from 1 to 255\n+1\n');
    expect(stdout).toContain('Nothing was changed.');
    expect(box.snapshot()).toEqual(before);
    expect(box.backups()).toEqual([]);
  });

  it('changes nothing the second time, and makes no second back-up', () => {
    const box = nativeRoot();
    box.run(node);
    const [once, backups] = [box.snapshot(), box.backups()];
    const { status, stdout } = box.run(node);
    expect({ status, said: stdout.includes('nothing was changed') }).toEqual({ status: 0, said: true });
    expect(box.snapshot()).toEqual(once);
    expect(box.backups()).toEqual(backups);
    expect(backups).toEqual([expect.stringMatching(/^0001-\d{8}T\d{6}Z$/)]);
  });

  it('keeps owner and mode of what it replaces', () => {
    const box = nativeRoot();
    box.put('etc/mesos/zk', 'zk://elsewhere/mesos\n', 0o440);
    box.run(node);
    expect(box.snapshot()['etc/mesos/zk']).toMatch(/^file 440 .* zk:\/\/10\.86\.255\.166:2181\/mesos\n$/);
  });
});

describe('install.sh --undo', () => {
  it('brings every file back byte for byte, with modes and times, and removes what was not there', () => {
    const box = nativeRoot();
    box.put('etc/mesos/zk', 'a\u0000b without an end', 0o600);
    box.put('etc/default/marathon', '', 0o755);
    const before = box.snapshot();
    const time = lstatSync(join(box.root, 'etc/mesos/zk')).mtimeMs;
    box.run(node);
    expect(box.snapshot()).not.toEqual(before);
    const { status, stderr } = box.run('--undo');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(box.snapshot()).toEqual(before);
    expect(lstatSync(join(box.root, 'etc/mesos/zk')).mtimeMs).toBeCloseTo(time, -1);
    expect(box.run('--undo').stdout).toContain('nothing to undo');
  });

  it('takes several installations back, the latest first', () => {
    const box = nativeRoot();
    const before = box.snapshot();
    box.run(node);
    const first = box.snapshot();
    box.generate({ preset: 'two-host', mesos: { quorum: 1, cluster: 'another' } });
    box.run(node);
    expect(box.read('etc/mesos-master/cluster')).toBe('another\n');
    expect(box.run('--undo').stdout).toContain('there is an older installation');
    expect(box.snapshot()).toEqual(first);
    box.run('--undo');
    expect(box.snapshot()).toEqual(before);
    expect(box.backups()).toHaveLength(2);
  });

  it('removes flags that the lab no longer has, and brings them back', () => {
    const box = nativeRoot({ preset: 'two-host', timing: 'fast' });
    box.run(node);
    const fast = box.snapshot();
    expect(fast).toHaveProperty(['etc/mesos-master/agent_ping_timeout']);
    box.generate({ preset: 'two-host' });
    expect(box.run(node).stdout).toMatch(/removed .*agent_ping_timeout/);
    expect(box.snapshot()).not.toHaveProperty(['etc/mesos-master/agent_ping_timeout']);
    box.run('--undo');
    expect(box.snapshot()).toEqual(fast);
  });

  it('refuses to lose an edit, and with --force keeps it beside the back-up', () => {
    const box = nativeRoot();
    const before = box.snapshot();
    box.run(node);
    box.put('etc/mesos/zk', 'zk://mine/mesos\n');
    const edited = box.snapshot();
    const refused = box.run('--undo');
    expect(refused.status).toBe(3);
    expect(refused.stderr).toContain(join(box.root, 'etc/mesos/zk'));
    expect(box.snapshot()).toEqual(edited);
    expect(box.run('--undo', '--force').status).toBe(0);
    expect(box.snapshot()).toEqual(before);
    const [backup = ''] = box.backups();
    expect(box.read(`var/backups/create-mesos-cluster/${backup}/edited/etc_mesos_zk`)).toBe('zk://mine/mesos\n');
  });

  it('takes only its own block out of a hosts file that was edited since', () => {
    const box = nativeRoot();
    box.run(node);
    box.put('etc/hosts', `${box.read('etc/hosts')}10.1.1.1 printer\n`);
    expect(box.run('--undo').status).toBe(0);
    expect(box.read('etc/hosts')).toBe('127.0.0.1 localhost\n10.1.1.1 printer\n');
  });
});

describe('install.sh on a hostile root', () => {
  it('never writes through a link out of the root, and undoes links as links', () => {
    const box = nativeRoot();
    const outside = join(box.folder, 'outside');
    mkdirSync(outside);
    writeFileSync(join(outside, 'zk'), 'mine\n');
    mkdirSync(join(box.root, 'etc/mesos'), { recursive: true });
    symlinkSync(join(outside, 'zk'), join(box.root, 'etc/mesos/zk'));
    // An absolute link is one of the system below the root, and .. ends at the root.
    symlinkSync(outside, join(box.root, 'etc/mesos-slave'));
    symlinkSync('../../../../../outside', join(box.root, 'etc/mesos-master'));
    const before = box.snapshot();
    expect(box.run(node)).toMatchObject({ status: 0 });
    expect(readFileSync(join(outside, 'zk'), 'utf8')).toBe('mine\n');
    expect(box.snapshot()).toHaveProperty([join(outside, 'containerizers').slice(1)]);
    expect(box.snapshot()).toHaveProperty(['outside/quorum']);
    expect(box.read('etc/mesos/zk')).toBe('zk://10.86.255.166:2181/mesos\n');
    expect(box.run('--undo').status).toBe(0);
    expect(box.snapshot()).toEqual(before);
  });

  it('names everything that is in the way at once, and changes nothing', () => {
    const box = nativeRoot();
    mkdirSync(join(box.root, 'etc/mesos/zk'), { recursive: true });
    box.put('etc/mesos-slave', 'a file where a folder has to be\n');
    mkdirSync(join(box.root, 'etc/chronos'));
    symlinkSync('conf', join(box.root, 'etc/chronos/conf'));
    rmSync(join(box.root, 'usr/bin/marathon'));
    const before = box.snapshot();
    const { status, stderr } = box.run(node);
    expect(status).toBe(3);
    for (const part of [
      'etc/mesos/zk is no file',
      'etc/mesos-slave is no folder',
      'goes round in links',
      'marathon: ',
    ]) {
      expect(stderr).toContain(part);
    }
    expect(stderr).toContain('Nothing was changed.');
    expect(box.snapshot()).toEqual(before);
    expect(box.backups()).toEqual([]);
  });

  it('says which packages are missing and how to get them, and with --force goes on', () => {
    const box = nativeRoot();
    rmSync(join(box.root, 'usr'), { recursive: true });
    const { status, stderr } = box.run(node);
    expect(status).toBe(3);
    expect(stderr).toContain('zookeeper: apt-get install zookeeperd');
    expect(stderr).toContain('mesos-deb-packaging');
    expect(stderr).toContain('mesos-init-wrapper');
    expect(box.run('--force', node).status).toBe(0);
    expect(box.read('etc/mesos/zk')).toContain('zk://');
  });

  it('warns of flags that are not of the lab, and of a name that is 127.0.1.1', () => {
    const box = nativeRoot();
    box.put('etc/mesos-slave/attributes', 'rack:old\n');
    box.put('etc/hosts', '127.0.0.1 localhost\n127.0.1.1 test166.example test166\n');
    const { status, stderr } = box.run(node);
    expect(status).toBe(0);
    expect(stderr).toContain('etc/mesos-slave/attributes');
    expect(stderr).toContain('test166 is 127.');
  });

  it('refuses files that the generator did not write', () => {
    const box = nativeRoot();
    symlinkSync('/etc/passwd', join(box.folder, `native/${node}/etc/mesos/passwd`));
    expect(box.run(node)).toMatchObject({ status: 2 });
    rmSync(join(box.folder, `native/${node}/etc/mesos/passwd`));
    writeFileSync(join(box.folder, `native/${node}/etc/mesos/a b`), '');
    expect(box.run(node)).toMatchObject({ status: 2 });
  });

  it('names the nodes there are when it is given another, or none', () => {
    const box = nativeRoot();
    expect(box.run('test168').stderr).toMatch(/test166 test167/);
    expect(box.run('../test166')).toMatchObject({ status: 2 });
    expect(box.run()).toMatchObject({ status: 2 });
    expect(box.run('--wrong', node)).toMatchObject({ status: 2 });
  });
});

describe('install.sh that does not come to its end', () => {
  it('takes everything back when a file cannot be put in place', () => {
    const box = nativeRoot();
    box.put('etc/mesos/zk', 'old\n', 0o640);
    const before = box.snapshot();
    const { status, stderr } = box.runWith(fakeMv(box, 5, 'exit 1'), node);
    expect(status).toBe(4);
    expect(stderr).toContain('everything is as it was before');
    expect(box.snapshot()).toEqual(before);
    expect(box.run(node).status).toBe(0);
    expect(box.run('--undo').status).toBe(0);
    expect(box.snapshot()).toEqual(before);
  });

  it('leaves the old state or the new one, wherever it is killed', { timeout: 180_000 }, () => {
    const spec = { preset: 'two-host', mesos: { cluster: 'c' } } as const;
    const done = nativeRoot(spec);
    done.put('etc/mesos/zk', 'old\n');
    done.run(node);
    let killed = 0;
    for (let at = 1; ; at += 9) {
      const box = nativeRoot(spec);
      box.put('etc/mesos/zk', 'old\n');
      const before = box.snapshot();
      const { signal } = box.runWith(fakeMv(box, at, 'kill -9 "$PPID"; exit 1'), node);
      if (signal === null) break;
      killed++;
      // Half of them are undone, the others are installed again.
      if (killed % 2 === 0) {
        expect(box.run('--undo').status).toBe(0);
        expect(box.snapshot()).toEqual(before);
      } else {
        expect(box.run(node).status).toBe(0);
        expect(box.snapshot()).toEqual(done.snapshot());
        expect(box.run('--undo').status).toBe(0);
        expect(box.snapshot()).toEqual(before);
      }
    }
    expect(killed).toBeGreaterThan(2);
  });

  it('finishes an --undo that was killed', () => {
    const box = nativeRoot();
    for (const file of ['mesos/zk', 'mesos-master/quorum', 'default/marathon']) box.put(`etc/${file}`, 'old\n');
    const before = box.snapshot();
    box.run(node);
    const { signal } = box.runWith(fakeMv(box, 2, 'kill -9 "$PPID"; exit 1'), '--undo');
    expect(signal).toBe('SIGKILL');
    expect(box.snapshot()).not.toEqual(before);
    expect(box.run('--undo').stdout).toContain('finishing an --undo');
    expect(box.snapshot()).toEqual(before);
  });

  it('says that a read-only folder cannot be written', { timeout: 10_000 }, (context) => {
    if (process.getuid?.() === 0) context.skip('root may write everywhere');
    const box = nativeRoot();
    chmodSync(join(box.root, 'etc'), 0o555);
    const { status, stderr } = box.run(node);
    chmodSync(join(box.root, 'etc'), 0o755);
    expect({ status, said: stderr.includes('cannot be written') }).toEqual({ status: 3, said: true });
  });
});
