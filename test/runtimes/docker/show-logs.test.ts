import { expect, it } from 'vitest';
import { dockerEngine } from '../../../runtimes/docker/docker-engine.ts';
import { showLogs } from '../../../runtimes/docker/lab/show-logs.ts';
import { FakeDocker, type FakeContainer } from './fake-docker.ts';

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

it('ends with a container that has ended', async () => {
  expect((await follow(['exited'])).lines).toEqual(['master1: line 1']);
});
