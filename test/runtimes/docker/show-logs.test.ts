import { expect, it } from 'vitest';
import { dockerEngine } from '../../../runtimes/docker/docker-engine.ts';
import { showLogs } from '../../../runtimes/docker/lab/show-logs.ts';
import { ended, FakeDocker, untilAborted, type FakeContainer } from './fake-docker.ts';

const master: FakeContainer = { id: '1', service: 'master1', lab: 'lab', directory: '/lab', composeFile: '/lab/x.yml' };

/** Follows master1, which each time that Compose shows its log says one line and is then in the next of these states. */
async function follow(states: readonly string[]) {
  const docker = new FakeDocker();
  const next = [...states];
  const asked: string[] = [];
  docker.answers.push([
    ' logs ',
    () => {
      asked.push(docker.asked.at(-1) ?? '');
      docker.containers.splice(0, 1, { ...master, state: next.shift() ?? 'exited' });
      return [`master1-1  | line ${String(asked.length)}`];
    },
  ]);
  const { signal } = new AbortController();
  const engine = dockerEngine({ runCommand: docker.runCommand, env: {}, cwd: '/', signal });
  const lines: string[] = [];
  await showLogs(engine, 'lab', { ids: ['master1'], tail: 5, follow: true, signal }, (id, line) => {
    lines.push(`${id}: ${line}`);
  });
  return { lines, asked };
}

it('follows a container that is started again, from where it was', async () => {
  const { lines, asked } = await follow(['restarting', 'running', 'exited']);
  expect(lines).toEqual(['master1: line 1', 'master1: line 2', 'master1: line 3']);
  expect(asked.map((command) => /--tail 5|--since 2/.exec(command)?.[0])).toEqual([
    '--tail 5',
    '--since 2',
    '--since 2',
  ]);
});

it('takes the clearing of lines, which some versions of Compose write, for no part of a name', async () => {
  const docker = new FakeDocker();
  docker.answers.push([' logs ', ['\u001b[2K\u001b[2Kmaster1-1  | line']]);
  const { signal } = new AbortController();
  const engine = dockerEngine({ runCommand: docker.runCommand, env: {}, cwd: '/', signal });
  const ids: string[] = [];
  await showLogs(engine, 'lab', { ids: ['master1'], tail: 5, follow: false, signal }, (id) => ids.push(id));
  expect(ids).toEqual(['master1']);
});

it('ends with a container that has ended', async () => {
  expect((await follow(['exited'])).lines).toEqual(['master1: line 1']);
});

it.each([
  [
    'Docker says why',
    ended(1, 'master1-1  | a part\nCannot connect to the Docker daemon'),
    'Cannot connect to the Docker',
  ],
  ['time is up', { kind: 'stopped' } as const, 'no end in 2 minutes'],
])('fails when what there is could not be read to its end: %s', async (_, answer, found) => {
  for (const follow of [false, true]) {
    const docker = new FakeDocker();
    docker.containers.push(master);
    docker.answers.push([' logs ', answer]);
    const { signal } = new AbortController();
    const engine = dockerEngine({ runCommand: docker.runCommand, env: {}, cwd: '/', signal });
    const showing = showLogs(engine, 'lab', { ids: ['master1'], tail: 5, follow, signal }, () => undefined);
    const problem = { code: 'COMMAND_FAILED', found: expect.stringMatching(new RegExp(`^${found}`)) };
    await expect(showing).rejects.toMatchObject({ problems: [problem] });
  }
});

it('ends without a word when it is interrupted before all has been read', async () => {
  const docker = new FakeDocker();
  docker.answers.push([' logs ', untilAborted]);
  const stop = new AbortController();
  const { signal } = stop;
  const engine = dockerEngine({ runCommand: docker.runCommand, env: {}, cwd: '/', signal });
  const showing = showLogs(engine, 'lab', { ids: ['master1'], tail: 5, follow: true, signal }, () => undefined);
  stop.abort();
  await expect(showing).resolves.toBeUndefined();
});

it('hands over the times of Docker, says when what was there is shown, and shows no line twice', async () => {
  const docker = new FakeDocker();
  docker.containers.push({ ...master, state: 'running' });
  const says = [
    ['master1-1  | 2026-11-30T05:00:00.100000000Z one', 'master1-1  | 2026-11-30T05:00:00.200000000Z two'],
    ['master1-1  | 2026-11-30T05:00:00.200000000Z two', 'master1-1  | 2026-11-30T05:00:00.300000000Z'],
  ];
  docker.answers.push([
    ' logs ',
    () => {
      if (says.length === 1) docker.containers.splice(0, 1, { ...master, state: 'exited' });
      return says.shift() ?? [];
    },
  ]);
  const { signal } = new AbortController();
  const engine = dockerEngine({ runCommand: docker.runCommand, env: {}, cwd: '/', signal });
  const said: unknown[] = [];
  const request = { ids: ['master1'], tail: Infinity, since: 0, follow: true, signal };
  await showLogs(engine, 'lab', { ...request, caughtUp: () => said.push('caught up') }, (...line) => said.push(line));
  const at = (ms: number) => Date.UTC(2026, 10, 30, 5, 0, 0, ms);
  expect(said).toEqual([
    ...[['master1', 'one', at(100)], ['master1', 'two', at(200)], 'caught up', ['master1', '', at(300)]],
  ]);
  const flags = docker.asked
    .filter((command) => command.includes(' logs '))
    .map((command) => / logs .*/.exec(command)?.[0]);
  expect(flags).toEqual([
    ' logs --no-color --timestamps --tail all --since 1970-01-01T00:00:00.000Z -- master1',
    expect.stringMatching(/^ logs --no-color --timestamps --follow --since 20\S+Z -- master1$/),
  ]);
});
