import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { fakeDocker } from '../fake-docker.ts';
import { commandTask, sandboxOf, startTestAgent, stateOf } from '../running-agent.ts';
import { startFileServer } from './file-server.ts';

const container = { type: 'DOCKER', docker: { image: 'nginx', network: 'BRIDGE' } } as const;

test('files of a Docker task are in the folder that its container mounts as its sandbox', async () => {
  const server = await startFileServer({ '/site/index.html': 'content' });
  const docker = fakeDocker();
  const { master, agent } = await startTestAgent({ dockerTasks: docker.tasks });
  const uris = [{ value: `${server.url}/site/index.html`, output_file: 'html/index.html' }];
  master.run(commandTask('web', '', { command: { shell: false, uris }, container }));
  await stateOf(master, 'web', 'TASK_RUNNING');
  const sandbox = await sandboxOf(agent.url, 'web');
  expect(readFileSync(`${sandbox}/html/index.html`, 'utf8')).toBe('content');
  expect(docker.callsOf('run')[0]).toContain(`${sandbox}:/mnt/mesos/sandbox`);
});

test('no container is started when its files cannot be fetched', async () => {
  const server = await startFileServer({});
  const docker = fakeDocker();
  const { master } = await startTestAgent({ dockerTasks: docker.tasks });
  const command = { shell: false, uris: [{ value: `${server.url}/none` }] };
  master.run(commandTask('web', '', { command, container }));
  const { reason, message } = await stateOf(master, 'web', 'TASK_FAILED');
  expect(reason).toBe('REASON_CONTAINER_LAUNCH_FAILED');
  expect(message).toContain('Failed to fetch all URIs for container');
  expect(docker.callsOf('run')).toEqual([]);
  expect(existsSync(`${docker.folder}/containers/web`)).toBe(false);
});
