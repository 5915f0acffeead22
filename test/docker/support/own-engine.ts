import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, openSync, closeSync, readFileSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { docker, type TestEngine } from './engine.ts';
import { untilTrue } from './until.ts';

/** A Docker Engine of a test's own, which it may stop and whose disk it may fill. */
export interface OwnEngine extends TestEngine {
  /** Ends the Engine as a system does (its containers stop), or at once. */
  readonly end: (signal?: 'SIGTERM' | 'SIGKILL') => Promise<void>;
  /** Starts it again, with what it had. */
  readonly start: () => Promise<void>;
  /** Fills what is left of the disk that its volumes are on. */
  readonly fillVolumes: () => void;
  /** Ends it and removes all of it. */
  readonly remove: () => Promise<void>;
}

let count = 0;

/**
 * Starts an Engine in a network namespace of its own, so that it and the machine's do not touch each other's bridges,
 * rules and ports; there is no network beyond it. Needs root.
 * @param images of the machine's Engine that it gets copies of
 * @param volumesMb size of the disk that its volumes are on; otherwise the machine's
 */
export async function startOwnEngine(
  images: readonly string[],
  { volumesMb }: { readonly volumesMb?: number } = {},
): Promise<OwnEngine> {
  const folder = mkdtempSync(join(tmpdir(), 'own-engine-'));
  const namespace = `cmc-test-${String(process.pid)}-${String(++count)}`;
  const path = (name: string) => join(folder, name);
  const host = `unix://${path('docker.sock')}`;
  const engine: TestEngine = {
    prefix: ['nsenter', `--net=/run/netns/${namespace}`],
    environment: { DOCKER_HOST: host },
  };
  let daemon: ChildProcess | undefined;

  const start = async () => {
    const log = openSync(path('log'), 'a');
    const [program, ...words] = [
      ...engine.prefix,
      'dockerd',
      `--data-root=${path('data')}`,
      `--exec-root=${path('exec')}`,
      `--pidfile=${path('pid')}`,
      `--host=${host}`,
      '--shutdown-timeout=5',
    ];
    rmSync(path('pid'), { force: true });
    // A group of its own: Ctrl-C at the tests must not end it before they have cleaned up.
    daemon = spawn(program, words, { stdio: ['ignore', log, log], detached: true });
    closeSync(log);
    await untilTrue('an Engine of our own', 60_000, async () => {
      if (daemon?.exitCode !== null) throw new Error(readFileSync(path('log'), 'utf8').slice(-2000));
      return (await execa('docker', ['info'], { env: engine.environment, reject: false })).exitCode === 0;
    });
  };
  const end = async (signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM') => {
    const child = daemon;
    if (child?.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill(signal);
    await ended;
  };
  const remove = async () => {
    await end();
    await execa('umount', ['--recursive', path('data')], { reject: false });
    await execa('ip', ['netns', 'del', namespace], { reject: false });
    rmSync(folder, { recursive: true, force: true });
  };

  try {
    await execa('ip', ['netns', 'add', namespace]);
    await execa('ip', ['-n', namespace, 'link', 'set', 'lo', 'up']);
    // dockerd would mount this folder over itself, and hide what is mounted in it.
    mkdirSync(path('data/volumes'), { recursive: true });
    await execa('mount', ['--bind', path('data'), path('data')]);
    if (volumesMb !== undefined) {
      await execa('mount', ['-t', 'tmpfs', '-o', `size=${String(volumesMb)}m`, 'tmpfs', path('data/volumes')]);
    }
    await start();
    await copyImages(images, engine);
  } catch (error) {
    await remove();
    throw error;
  }
  const fillVolumes = () => {
    const { blocks, bsize } = statfsSync(path('data/volumes'));
    if (volumesMb === undefined || blocks * bsize > volumesMb * 2 ** 20) throw new Error('no disk of its own to fill');
    const most = `count=${String(volumesMb * 256)}`;
    spawnSync('dd', ['if=/dev/zero', `of=${path('data/volumes/filler')}`, 'bs=4096', most]);
  };
  return { ...engine, start, end, fillVolumes, remove };
}

async function copyImages(images: readonly string[], engine: TestEngine): Promise<void> {
  if (images.length === 0) return;
  const save = execa('docker', ['save', ...images], { buffer: false, stdin: 'ignore' });
  await save.pipe('docker', ['load', '--quiet'], { env: engine.environment });
  await docker(engine, 'image', 'inspect', '--format', '{{.Id}}', ...images);
}
