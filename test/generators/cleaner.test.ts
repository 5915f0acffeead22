import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { cleanerScript } from '../../generators/compose/cleaner.ts';

/*
 * The program of the cleaner, run by a shell with a docker that is none: it prints what `docker inspect` would, writes
 * down what is to be removed, and ends the program where it would wait.
 */

const fakeDocker = `#!/bin/sh
case $1 in
  ps) echo some-id ;;
  inspect) cat "$FAKE/containers" ;;
  rm) echo "$3" >>"$FAKE/removed" ;;
  events) kill "$PPID" ;;
esac
`;

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fake-docker-'));
  writeFileSync(join(folder, 'docker'), fakeDocker);
  chmodSync(join(folder, 'docker'), 0o755);
  writeFileSync(join(folder, 'removed'), '');
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const id = (number: number) => `${String(number).padStart(8, '0')}-aaaa-bbbb-cccc-dddddddddddd`;
const ago = (seconds: number) => new Date(Date.now() - seconds * 1000).toISOString();
const sandbox = (number: number, workDir = '/var/lib/mesos') =>
  JSON.stringify(`${workDir}/slaves/S/runs/${id(number)}`);
const never = '0001-01-01T00:00:00Z';

/** A line of `docker inspect`, of an ordinary container that has ended; its id is its number. */
const container = (number: number, but: Readonly<Record<string, string>> = {}) => {
  const { name, status, finished, created, error, mounts } = {
    ...{ name: `/mesos-${id(number)}`, status: 'exited', finished: ago(100 + number), created: ago(500) },
    ...{ error: '-', mounts: sandbox(number) },
    ...but,
  };
  return `c${String(number)} ${name} ${status} 1 ${finished} ${created} ${error} ${mounts}`;
};

/** What is removed of these containers, and what is said. */
async function clean(containers: readonly string[], settings: Readonly<Record<string, string>>) {
  writeFileSync(join(folder, 'containers'), containers.map((line) => `${line}\n`).join(''));
  const { stdout, stderr } = await execa('sh', ['-c', cleanerScript()], {
    env: {
      ...{ PATH: `${folder}:${process.env['PATH'] ?? ''}`, FAKE: folder },
      ...{ CLEANER_CONTAINERS: '2', CLEANER_AGE_SECONDS: '1000', CLEANER_IMAGES_MB: '0' },
      ...{ CLEANER_WORK_DIR: '/var/lib/mesos', ...settings },
    },
    reject: false,
    timeout: 20_000,
  });
  expect(stderr).toBe('');
  return { removed: readFileSync(join(folder, 'removed'), 'utf8').trim().split('\n'), said: stdout };
}

it('removes the containers that ended first, beyond how many are kept, and says so', async () => {
  const { removed, said } = await clean(
    [4, 2, 1, 3].map((number) => container(number)),
    {},
  );
  expect(removed).toEqual(['c3', 'c4']);
  expect(said).toContain('keeps 2 containers that have ended, for 1000 s, and 0 MB of dangling images\n');
  expect(said).toMatch(
    new RegExp(`removed container mesos-${id(3)}, which ended at 20[0-9-]+T[0-9:]+Z with exit code 1: more than 2 had`),
  );
});

it('removes what ended too long ago', async () => {
  const { removed, said } = await clean([container(1), container(2, { finished: ago(3000) })], {});
  expect(removed).toEqual(['c2']);
  expect(said).toContain('exit code 1: that is more than 1000 s ago');
});

it('counts one that Docker could not start, and leaves what has only just ended', async () => {
  const failed = { status: 'created', finished: never, error: 'failed', created: ago(50) };
  const all = [container(1, failed), container(2), container(3, { finished: ago(2) }), container(4)];
  expect((await clean(all, { CLEANER_CONTAINERS: '1' })).removed).toEqual(['c1', 'c2', 'c4']);
});

it.each<readonly [string, Readonly<Record<string, string>>]>([
  ['runs', { status: 'running', finished: never }],
  ['was started again', { status: 'running' }],
  ['stands still', { status: 'paused' }],
  ['is about to start', { status: 'created', finished: never }],
  ['has another name', { name: '/mesos-master' }],
  ['has a name that is longer', { name: `/mesos-${id(9)}.executor` }],
  ['has no sandbox', { mounts: '' }],
  ["has another container's sandbox", { mounts: sandbox(8) }],
  ['has its sandbox with another agent', { mounts: sandbox(9, '/var/lib/other') }],
  ['has its sandbox in a folder with a like name', { mounts: sandbox(9, '/var/lib/mesos2') }],
  ['only speaks of a sandbox', { mounts: JSON.stringify(`/x "/var/lib/mesos/${id(9)}" y`) }],
])('does not touch a container that %s', async (_, but) => {
  const settings = { CLEANER_CONTAINERS: '1', CLEANER_AGE_SECONDS: '10' };
  const { removed } = await clean([container(1), container(9, but)], settings);
  expect(removed).toEqual(['c1']);
});
