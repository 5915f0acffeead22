import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

const image = 'nginx:1.27';
const { host } = new URL(process.env.REGISTRY ?? 'http://127.0.0.1:5000');
const pushed = `${host}/learn/web:1`;

function docker(args, input = '') {
  const { status, stderr, error } = spawnSync('docker', args, { encoding: 'utf8', input });
  if (status !== 0) throw new Error(`docker ${args.join(' ')}: ${error?.message ?? stderr}`);
}

if (spawnSync('docker', ['image', 'inspect', image]).status !== 0) docker(['pull', image]);
const [user, ...password] = readFileSync('secrets/registry', 'utf8').trim().split(':');
docker(['login', '--username', user, '--password-stdin', host], password.join(':'));
docker(['tag', image, pushed]);
docker(['push', pushed]);
docker(['image', 'rm', pushed]);
