import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { expect, onTestFinished, test } from 'vitest';
import type { AgentOptions, DockerTasks } from '../../../engine/agent/agent-options.ts';
import { startAgent } from '../../../engine/agent/start-agent.ts';
import type { TaskInfo } from '../../../protocol/mesos.ts';
import { fakeDocker } from './fake-docker.ts';
import { startFakeMaster } from './fake-master.ts';
import { agentOptions, commandTask, sandboxOf, stateOf, waitFor, world } from './running-agent.ts';

/** A real agent, with a fake Docker and a fake master. */
async function startWithFakeDocker(docker: Partial<DockerTasks> = {}) {
  const fake = fakeDocker(docker);
  const master = await startFakeMaster({});
  const first = agentOptions(master, { dockerTasks: fake.tasks, recovery: 'reconnect' });
  let agent = await startAgent(first, world);
  // The same port again, or it would be another agent.
  const options = { ...first, port: Number(new URL(agent.url).port) };
  onTestFinished(async () => {
    await agent.stop();
    await master.close();
  });
  const registered = async (count: number) => {
    await waitFor(() => {
      expect(master.registrations).toHaveLength(count);
    });
    await waitFor(() => {
      expect(existsSync(`${options.workDir}/meta/slaves/latest`)).toBe(true);
    });
  };
  await registered(1);
  return {
    ...fake,
    ...{ master, options },
    url: () => agent.url,
    stop: () => agent.stop(),
    start: async (changed: Partial<AgentOptions> = {}) => {
      const count = master.registrations.length;
      agent = await startAgent({ ...options, ...changed }, world);
      await registered(count + 1);
    },
  };
}

const nginx = (id: string, image = 'nginx', more: Partial<TaskInfo> = {}): TaskInfo => ({
  ...commandTask(id, ''),
  command: { shell: false, environment: { variables: [{ name: 'SECRET', value: 'hidden' }] } },
  container: { type: 'DOCKER', docker: { image, network: 'BRIDGE' } },
  ...more,
});

type Started = Awaited<ReturnType<typeof startWithFakeDocker>>;

async function runTask({ master, containers }: Started, id: string): Promise<string> {
  const before = new Set(containers());
  master.run(nginx(id));
  await stateOf(master, id, 'TASK_RUNNING');
  const [name = ''] = containers().filter((one) => !before.has(one));
  return name;
}

test('a restarted agent has its id, its containers and their output', async () => {
  const docker = await startWithFakeDocker();
  const name = await runTask(docker, 'web');
  const sandbox = await sandboxOf(docker.url(), 'web');
  await waitFor(() => {
    expect(readFileSync(`${sandbox}/stdout`, 'utf8')).toBe('started\n');
  });
  await docker.stop();
  await docker.start();
  expect(docker.master.registrations.at(-1)).toMatchObject({
    agent_id: { value: 'fake-master-S0' },
    tasks: [{ framework_id: { value: 'fw-0' }, status: { state: 'TASK_RUNNING' } }],
    frameworks: [{ name: 'test' }],
  });
  await waitFor(() => {
    expect(docker.callsOf('logs --follow')).toHaveLength(2);
  });
  await waitFor(() => {
    docker.print(name, 'more\n');
    expect(readFileSync(`${sandbox}/stdout`, 'utf8')).toContain('more\n');
  });
  expect(await sandboxOf(docker.url(), 'web')).toBe(sandbox);
  docker.end(name, 137, true);
  expect(await stateOf(docker.master, 'web', 'TASK_FAILED')).toMatchObject({
    message: 'Container exited with status 137: memory limit exceeded (32 MB)',
    reason: 'REASON_CONTAINER_LIMITATION_MEMORY',
  });
});

test('no variable of a task is in the process list or readable by others, or left in the file for Docker', async () => {
  const docker = await startWithFakeDocker();
  await runTask(docker, 'web');
  expect(docker.callsOf('run').join()).not.toContain('hidden');
  const { workDir } = docker.options;
  expect(readdirSync(`${workDir}/meta/docker`)).toEqual([]);
  const tasks = `${workDir}/meta/slaves/fake-master-S0/tasks`;
  for (const name of readdirSync(tasks)) expect(statSync(`${tasks}/${name}`).mode & 0o077).toBe(0);
});

test('a restart tells what ended in the meantime: containers, commands, and those that nothing is left of', async () => {
  const docker = await startWithFakeDocker();
  const ended = await runTask(docker, 'ended');
  const removed = await runTask(docker, 'removed');
  docker.master.run(commandTask('command', 'sleep 1000'));
  await stateOf(docker.master, 'command', 'TASK_RUNNING');
  await docker.stop();
  docker.end(ended, 4);
  rmSync(`${docker.folder}/containers/${removed}`, { recursive: true });
  await docker.start();
  expect((await stateOf(docker.master, 'ended', 'TASK_FAILED')).message).toBe('Container exited with status 4');
  for (const id of ['removed', 'command']) {
    expect(await stateOf(docker.master, id, 'TASK_FAILED')).toMatchObject({
      source: 'SOURCE_AGENT',
      reason: 'REASON_EXECUTOR_TERMINATED',
      message: 'Abnormal executor termination: unknown container',
    });
  }
});

test('an update that nobody acknowledged is sent by the next agent, with the same id', async () => {
  const docker = await startWithFakeDocker();
  const name = await runTask(docker, 'web');
  docker.master.setAcknowledges(false);
  docker.end(name, 0);
  const first = await stateOf(docker.master, 'web', 'TASK_FINISHED');
  await docker.stop();
  const before = docker.master.updates.length;
  docker.master.setAcknowledges(true);
  await docker.start();
  await waitFor(() => {
    expect(docker.master.updates.slice(before).map(({ uuid }) => uuid)).toContain(first.uuid);
  });
  await waitFor(async () => {
    const state = (await (await fetch(`${docker.url()}/state`)).json()) as { completed_frameworks: unknown[] };
    expect(state.completed_frameworks).toHaveLength(1);
  });
});

test('a kill that was asked for is carried out by the next agent', async () => {
  const docker = await startWithFakeDocker();
  await runTask(docker, 'web');
  docker.set('hang-stop');
  docker.master.kill('web', 60_000);
  await waitFor(() => {
    expect(docker.callsOf('stop')).toHaveLength(1);
  });
  await docker.stop();
  docker.set('hang-stop', false);
  await docker.start();
  await stateOf(docker.master, 'web', 'TASK_KILLED');
});

test('a container whose stop hangs is killed, and only then the task has ended', async () => {
  const docker = await startWithFakeDocker();
  await runTask(docker, 'web');
  docker.set('hang-stop');
  docker.master.kill('web', 60_000);
  await waitFor(() => {
    expect(docker.callsOf('stop')).toHaveLength(1);
  });
  expect(docker.master.updates.at(-1)?.state).toBe('TASK_RUNNING');
  docker.set('hang-stop', false);
  // A second kill with less time is a second stop.
  docker.master.kill('web', 2000);
  await stateOf(docker.master, 'web', 'TASK_KILLED');
  expect(docker.callsOf('stop').map((call) => call.split(' ')[2])).toEqual(['60', '2']);
});

test('tasks of one image look for it and pull it together, and a kill ends the wait', async () => {
  const docker = await startWithFakeDocker();
  docker.set('registry/busy:1');
  docker.set('hang-pull');
  for (const id of ['a', 'b']) docker.master.run(nginx(id, 'busy:1'));
  await waitFor(() => {
    expect(docker.callsOf('pull')).toEqual(['pull busy:1']);
  });
  docker.master.run(nginx('c', 'busy:1'));
  docker.master.kill('c');
  expect(await stateOf(docker.master, 'c', 'TASK_KILLED')).toMatchObject({
    reason: 'REASON_TASK_KILLED_DURING_LAUNCH',
  });
  docker.set('hang-pull', false);
  await stateOf(docker.master, 'a', 'TASK_RUNNING');
  await stateOf(docker.master, 'b', 'TASK_RUNNING');
  expect(docker.callsOf('inspect --type=image')).toHaveLength(1);
  expect(docker.callsOf('pull')).toHaveLength(1);
});

test('a pull that takes too long fails its task', async () => {
  const docker = await startWithFakeDocker({ pullTimeoutMs: 300 });
  docker.set('hang-pull');
  docker.master.run(nginx('slow', 'busy:1'));
  expect((await stateOf(docker.master, 'slow', 'TASK_FAILED')).message).toMatch(
    /^Failed to launch container: Failed to run '.* pull busy:1': .*took too long \(0\.3 s/,
  );
});

test('a task waits for an Engine that is restarted, and fails when it does not come back', async () => {
  const docker = await startWithFakeDocker({ engineTimeoutMs: 1500 });
  const name = await runTask(docker, 'patient');
  await runTask(docker, 'lost');
  const before = docker.callsOf('').length;
  docker.set('down');
  // Both have asked it in vain.
  await waitFor(() => {
    expect(docker.callsOf('').length).toBeGreaterThan(before + 1);
  });
  docker.set('down', false);
  await waitFor(() => {
    expect(docker.callsOf('logs --follow').length).toBeGreaterThan(3);
  });
  docker.end(name, 9);
  expect((await stateOf(docker.master, 'patient', 'TASK_FAILED')).message).toBe('Container exited with status 9');
  docker.set('down');
  expect((await stateOf(docker.master, 'lost', 'TASK_FAILED')).message).toMatch(
    /^Failed to get exit status of container: .*Cannot connect to the Docker daemon/,
  );
});

test('the containers of a former agent in the same folder are removed, those of others only if they are orphans', async () => {
  const docker = await startWithFakeDocker({ killOrphans: false });
  await runTask(docker, 'web');
  await docker.stop();
  const stranger = 'mesos-0b0e4a0e-5c57-4b6f-9a35-0d3d9f8e2a11';
  mkdirSync(`${docker.folder}/containers/${stranger}`);
  for (const [file, text] of Object.entries({ running: '', exit: '0', oom: 'false', log: '' })) {
    writeFileSync(`${docker.folder}/containers/${stranger}/${file}`, text);
  }
  rmSync(`${docker.options.workDir}/meta/slaves/latest`);
  await docker.start();
  expect(docker.master.registrations.at(-1)?.agent_id).toBeUndefined();
  expect(docker.containers()).toEqual([stranger]);
});

test('an agent that the master sends away is a new one, and its containers are gone', async () => {
  const docker = await startWithFakeDocker();
  await runTask(docker, 'web');
  docker.master.send({ type: 'SHUTDOWN', shutdown: { message: 'removed' } });
  await waitFor(() => {
    expect(docker.master.registrations).toHaveLength(2);
  });
  expect(docker.master.registrations.at(-1)?.agent_id).toBeUndefined();
  expect(docker.callsOf('stop')).toHaveLength(1);
  await waitFor(() => {
    expect(readlinkSync(`${docker.options.workDir}/meta/slaves/latest`)).toBe('fake-master-S1');
  });
  await docker.stop();
  await docker.start();
  expect(docker.master.registrations.at(-1)?.agent_id).toEqual({ value: 'fake-master-S1' });
});

test('with other attributes an agent is not the same one, unless its machine was restarted', async () => {
  const docker = await startWithFakeDocker();
  await docker.stop();
  const changed = { attributes: 'rack:other' };
  await expect(startAgent({ ...docker.options, ...changed }, world)).rejects.toThrow(
    /Incompatible agent info detected[^]*rm -f/,
  );
  writeFileSync(`${docker.options.workDir}/meta/boot_id`, 'another boot\n');
  await docker.start(changed);
  expect(docker.master.registrations.at(-1)?.agent_id).toBeUndefined();
});

test('a record that cannot be read is an error, unless the agent is told not to be strict', async () => {
  const docker = await startWithFakeDocker();
  await runTask(docker, 'web');
  await docker.stop();
  const tasks = `${docker.options.workDir}/meta/slaves/fake-master-S0/tasks`;
  for (const name of readdirSync(tasks)) writeFileSync(`${tasks}/${name}`, '{"frameworkId":');
  await expect(startAgent(docker.options, world)).rejects.toThrow(
    /Failed to perform recovery: Failed to read task info/,
  );
  await docker.start({ strict: false });
  expect(docker.master.registrations.at(-1)).toMatchObject({ agent_id: { value: 'fake-master-S0' }, tasks: [] });
  expect(docker.containers()).toEqual([]);
});

test('without recovery the containers end with the agent', async () => {
  const docker = await startWithFakeDocker();
  await runTask(docker, 'web');
  await docker.stop();
  expect(docker.containers()).toHaveLength(1);
  rmSync(`${docker.options.workDir}/meta`, { recursive: true });
  const agent = await startAgent({ ...docker.options, recovery: 'none' }, world);
  expect(docker.containers()).toEqual([]);
  await waitFor(() => {
    expect(docker.master.registrations).toHaveLength(2);
  });
  docker.master.run(nginx('again'));
  await stateOf(docker.master, 'again', 'TASK_RUNNING');
  await agent.stop();
  expect(docker.containers()).toEqual([]);
});
