import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { nativeConfig } from '../../../generators/native/native-config.ts';
import type { ClusterSpec } from '../../../planning/shape/cluster-spec.ts';
import { planCluster } from '../../../planning/plan/plan-cluster.ts';

/** How install.sh ended. */
export interface InstallRun {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A lab's native folder, and the root of a system to install it into. */
export interface NativeRoot {
  /** The folder above both. */
  readonly folder: string;
  readonly root: string;
  /** Writes the native folder anew, from another spec. */
  readonly generate: (spec: Partial<ClusterSpec>) => void;
  /** Puts a file into the root, with its folders. */
  readonly put: (path: string, content: string, mode?: number) => void;
  readonly read: (path: string) => string;
  readonly run: (...words: readonly string[]) => InstallRun;
  /** With another PATH in front, and more variables. */
  readonly runWith: (env: Readonly<Record<string, string>>, ...words: readonly string[]) => InstallRun;
  /** Every file of the root but the back-ups, with kind, mode, owner and content. */
  readonly snapshot: () => Readonly<Record<string, string>>;
  readonly backups: () => readonly string[];
}

/** What packages bring, as far as install.sh looks at it: empty programs in the places of the real ones. */
const fakePackages = [
  'usr/share/zookeeper/bin/zkServer.sh',
  'usr/sbin/mesos-master',
  'usr/sbin/mesos-slave',
  'usr/bin/mesos-init-wrapper',
  'usr/bin/marathon',
  'usr/bin/chronos',
  'usr/bin/mesos-dns',
  'usr/bin/docker',
];

function describeEntry(path: string): string {
  const stats = lstatSync(path);
  const owner = `${(stats.mode & 0o7777).toString(8)} ${stats.uid}:${stats.gid}`;
  if (stats.isSymbolicLink()) return `link ${readlinkSync(path)}`;
  return stats.isDirectory() ? `folder ${owner}` : `file ${owner} ${readFileSync(path, 'latin1')}`;
}

const store = 'var/backups/create-mesos-cluster';

/** A root with Debian's arrangement of ZooKeeper's files, a hosts file, and fake packages. */
export function nativeRoot(spec: Partial<ClusterSpec> = { preset: 'two-host' }): NativeRoot {
  const folder = mkdtempSync(join(tmpdir(), 'native-root-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  const root = join(folder, 'root');
  const generate = (of: Partial<ClusterSpec>) => {
    rmSync(join(folder, 'native'), { recursive: true, force: true });
    for (const { path, content, executable } of nativeConfig(planCluster({ name: 'lab', ...of }))) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), content, { mode: executable === true ? 0o755 : 0o644 });
    }
  };
  const put = (path: string, content: string, mode = 0o644) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
    chmodSync(join(root, path), mode);
  };
  generate(spec);
  for (const path of fakePackages) put(path, '', 0o755);
  put('etc/hosts', '127.0.0.1 localhost\n');
  put('etc/zookeeper/conf_example/zoo.cfg', 'dataDir=/var/lib/zookeeper\n');
  put('etc/zookeeper/conf_example/myid', 'a number from 1 to 255\n');
  mkdirSync(join(root, 'etc/alternatives'));
  symlinkSync('/etc/zookeeper/conf_example', join(root, 'etc/alternatives/zookeeper-conf'));
  symlinkSync('/etc/alternatives/zookeeper-conf', join(root, 'etc/zookeeper/conf'));
  mkdirSync(join(root, 'var/lib/zookeeper'), { recursive: true });
  mkdirSync(join(root, 'var/backups'));
  symlinkSync('/etc/zookeeper/conf/myid', join(root, 'var/lib/zookeeper/myid'));
  const runWith: NativeRoot['runWith'] = (env, ...words) => {
    const path = [env['PATH'], process.env['PATH']].filter(Boolean).join(':');
    const script = join(folder, 'native/install.sh');
    return spawnSync('bash', [script, ...words], {
      encoding: 'utf8',
      env: { ...process.env, ...env, PATH: path },
      timeout: 30_000,
    });
  };
  const snapshot = () => {
    const paths = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((path) => !path.startsWith(store));
    return Object.fromEntries(paths.sort().map((path) => [path, describeEntry(join(root, path))]));
  };
  return {
    folder,
    root,
    generate,
    put,
    read: (path) => readFileSync(join(root, path), 'utf8'),
    run: (...words) => runWith({}, '--root', root, ...words),
    runWith: (env, ...words) => runWith(env, '--root', root, ...words),
    snapshot,
    backups: () => {
      try {
        return readdirSync(join(root, store)).sort();
      } catch {
        return [];
      }
    },
  };
}
