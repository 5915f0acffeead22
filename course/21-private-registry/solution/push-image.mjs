import { spawnSync } from 'node:child_process';

const image = 'nginx:1.27';
const pushed = `${new URL(process.env.REGISTRY ?? 'http://127.0.0.1:5000').host}/learn/web:1`;

function docker(...args) {
  const { status, stderr, error } = spawnSync('docker', args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`docker ${args.join(' ')}: ${error?.message ?? stderr}`);
}

if (spawnSync('docker', ['image', 'inspect', image]).status !== 0) docker('pull', image);
docker('tag', image, pushed);
docker('push', pushed);
docker('image', 'rm', pushed);
