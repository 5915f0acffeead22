import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { expect, onTestFinished, test } from 'vitest';
import { startAgent } from '../../../../engine/agent/start-agent.ts';
import { nodeSurvivors } from '../../../../platform/processes/surviving/surviving-process.ts';
import { startKillableAgent } from '../executors/killable-agent.ts';
import { startFakeMaster } from '../fake-master.ts';
import {
  agentOptions,
  commandTask,
  isAlive,
  sandboxOf,
  stateOf,
  waitFor,
  world,
  type Loose,
} from '../running-agent.ts';
import { containerApi, listedIn, shell, within, type Id } from './container-api.ts';

type Home = 'the process of its lab' | 'its own process';

const waits = 'trap "exit 3" USR1; echo up; while :; do sleep 0.05; done';

/** An agent that runs a task, and that can be stopped, killed and started again in its folder. */
async function startKillable(home: Home, checkpoint = true, recoveryTimeoutMs = 60_000) {
  const master = await startFakeMaster({ acknowledges: true, checkpoint });
  const options = agentOptions(master, { recovery: 'reconnect' });
  onTestFinished(() => master.close());
  const survivors = home === 'its own process' ? nodeSurvivors : undefined;
  const { part, url } = await startKillableAgent(options, { recoveryTimeoutMs, survivors });
  const registered = (count: number) =>
    waitFor(() => {
      expect(master.registrations).toHaveLength(count);
    });
  await registered(1);
  master.run(commandTask('t', 'sleep 1000'));
  const { container_status: status } = (await stateOf(master, 't', 'TASK_RUNNING')) as Loose;
  const api = containerApi(url);
  const listed = async () =>
    listedIn((await api.call('GET_CONTAINERS', { show_nested: true, show_standalone: true })).body);
  const pidOf = async (id: Id) =>
    (await listed()).find((each) => JSON.stringify(each.container_status.container_id) === JSON.stringify(id))
      ?.container_status.executor_pid ?? 0;
  const again = async (how: 'stop' | 'kill', meanwhile: () => Promise<void> | void = () => undefined) => {
    await part[how]();
    await meanwhile();
    await part.start();
    await registered(2);
  };
  const directory = await sandboxOf(url(), 't');
  const folderOf = ({ value, parent }: Id): string =>
    parent?.value === status.container_id.value
      ? `${directory}/containers/${value}`
      : `${parent === undefined ? options.workDir : folderOf(parent)}/containers/${value}`;
  /** Launches one that says when it is up. */
  const launchUp = async (id: Id) => {
    expect(await api.about('LAUNCH_CONTAINER', id, shell(waits))).toMatchObject({ status: 200 });
    await waitFor(() => {
      expect(readFileSync(`${folderOf(id)}/stdout`, 'utf8')).toBe('up\n');
    });
  };
  return { master, part, options, launchUp, parent: status.container_id as Id, ...api, listed, pidOf, again };
}

test.each([
  ['stop', 'its own process'],
  ['kill', 'its own process'],
  ['stop', 'the process of its lab'],
  ['kill', 'the process of its lab'],
] as const)('containers are still there after a %s of their agent in %s', async (how, home) => {
  const { about, again, launchUp, listed, master, pidOf, parent } = await startKillable(home);
  const alone = { value: 'alone' };
  const nested = within(parent, 'nested');
  const ids = [alone, within(alone, 'inner'), nested];
  for (const id of ids) await launchUp(id);
  const pids = await Promise.all(ids.map(pidOf));
  const before = await listed();
  await again(how, () => {
    expect(pids.map(isAlive)).toEqual([true, true, true]);
  });
  const shown = (all: typeof before) =>
    new Set(all.map((each) => JSON.stringify([each.container_id, each.container_status])));
  await waitFor(async () => {
    expect(shown(await listed())).toEqual(shown(before));
  });
  expect(await about('LAUNCH_CONTAINER', alone, shell('true'))).toMatchObject({ status: 202 });

  for (const id of ids.toReversed()) {
    const waiting = about('WAIT_CONTAINER', id);
    expect(await about('KILL_CONTAINER', id, { signal: 10 })).toMatchObject({ status: 200, body: '' });
    expect(JSON.parse((await waiting).body)).toEqual({ type: 'WAIT_CONTAINER', wait_container: { exit_status: 768 } });
  }
  expect(await about('WAIT_CONTAINER', alone)).toMatchObject({ status: 404 });
  // The signal is for the command, whatever waits for it.
  expect(await about('KILL_CONTAINER', parent, { signal: 15 })).toMatchObject({ status: 200 });
  expect(await stateOf(master, 't', 'TASK_FAILED')).toMatchObject({
    message: 'Command terminated with signal Terminated',
  });
});

test.each(['its own process', 'the process of its lab'] as const)(
  'how a container ended before its agent in %s was killed, and while it was dead, is known afterwards',
  async (home) => {
    const { about, again, launchUp, pidOf, parent, options } = await startKillable(home);
    const [early, late] = [within(parent, 'early'), within(parent, 'late')];
    await about('LAUNCH_CONTAINER', early, shell('exit 7'));
    await about('WAIT_CONTAINER', early);
    await launchUp(late);
    const pid = await pidOf(late);
    const records = () => readdirSync(`${options.workDir}/meta/containers`);
    await waitFor(() => {
      expect(
        records().some((name) => readFileSync(`${options.workDir}/meta/containers/${name}`, 'utf8').includes('1792')),
      ).toBe(true);
    });
    await again('kill', async () => {
      world.processes.signalGroup(pid, 'SIGTERM');
      await waitFor(() => {
        expect(isAlive(pid)).toBe(false);
      });
    });
    for (const [id, status] of [
      [early, 1792],
      [late, 15],
    ] as const) {
      expect(JSON.parse((await about('WAIT_CONTAINER', id)).body).wait_container).toEqual({ exit_status: status });
    }
    await about('REMOVE_CONTAINER', early);
    expect(await about('WAIT_CONTAINER', early)).toMatchObject({ status: 404 });
    await waitFor(() => {
      expect(records()).toHaveLength(1);
    });
  },
);

test('a container by itself waits for no agent, one in a task ends with it when none comes in time', async () => {
  const { about, pidOf, part, parent } = await startKillable('the process of its lab', true, 50);
  const [alone, nested] = [{ value: 'alone' }, within(parent, 'nested')];
  for (const id of [alone, nested]) await about('LAUNCH_CONTAINER', id, shell('sleep 1000'));
  const pids = await Promise.all([alone, nested].map(pidOf));
  await part.kill();
  await waitFor(() => {
    expect(pids.map(isAlive)).toEqual([true, false]);
  });
  await part.start();
  await waitFor(async () => {
    expect(await pidOf(alone)).toBe(pids[0]);
  });
});

test('what has a terminal, is a session, or is in a task whose framework does not checkpoint ends with the agent', async () => {
  const { about, again, stream, listed, parent, options } = await startKillable('its own process', false);
  const container = { type: 'MESOS', tty_info: {} };
  await about('LAUNCH_CONTAINER', { value: 'terminal' }, { ...shell('sleep 1000'), container });
  await about('LAUNCH_CONTAINER', within(parent, 'nested'), shell('sleep 1000'));
  await stream('LAUNCH_NESTED_CONTAINER_SESSION', within(parent, 'session'), shell('sleep 1000'));
  const pids = (await listed()).map(({ container_status: status }) => status.executor_pid);
  expect(pids.map(isAlive)).toEqual([true, true, true, true]);
  await again('stop', () => {
    expect(pids.map(isAlive)).toEqual([false, false, false, false]);
  });
  expect(await listed()).toEqual([]);
  expect(
    existsSync(`${options.workDir}/meta/containers`) ? readdirSync(`${options.workDir}/meta/containers`) : [],
  ).toEqual([]);
});

test('cleanup ends them, and a new agent knows nothing of them', async () => {
  const { about, pidOf, part, options } = await startKillable('its own process');
  await about('LAUNCH_CONTAINER', { value: 'alone' }, shell('sleep 1000'));
  const pid = await pidOf({ value: 'alone' });
  await part.stop();
  expect(isAlive(pid)).toBe(true);
  await expect(startAgent({ ...options, recovery: 'cleanup' }, { ...world, survivors: nodeSurvivors })).rejects.toThrow(
    'was ended',
  );
  expect(isAlive(pid)).toBe(false);
  expect(existsSync(`${options.workDir}/meta/containers`)).toBe(false);
});

test('an agent that stops while a container starts ends it, and is over then', async () => {
  let goOn: () => void = () => undefined;
  const mayStart = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  const started: number[] = [];
  let isAsked = false;
  const start: typeof nodeSurvivors.start = async (request) => {
    isAsked = true;
    await mayStart;
    const process = await nodeSurvivors.start(request);
    started.push(process.id);
    return process;
  };
  const master = await startFakeMaster({ acknowledges: true });
  onTestFinished(() => master.close());
  const options = agentOptions(master, { recovery: 'reconnect' });
  const agent = await startAgent(options, { ...world, survivors: { ...nodeSurvivors, start } });
  const launched = containerApi(() => agent.url).about('LAUNCH_CONTAINER', { value: 'late' }, shell('sleep 1000'));
  launched.catch(() => undefined);
  await waitFor(() => {
    expect(isAsked).toBe(true);
  });
  const stopped = agent.stop();
  // Nothing is left to be written: the agent lets go at once.
  await new Promise((resolve) => setImmediate(resolve));
  goOn();
  await stopped;
  expect(started).toHaveLength(1);
  expect(started.map(isAlive)).toEqual([false]);
});
