import { existsSync, lstatSync, readFileSync, realpathSync } from 'node:fs';
import { expect, onTestFinished, test } from 'vitest';
import type { AgentOptions } from '../../../engine/agent/agent-options.ts';
import { startAgent } from '../../../engine/agent/start-agent.ts';
import type { Component } from '../../../engine/component.ts';
import { inMemoryDiscovery } from '../../../engine/discovery/in-memory-discovery.ts';
import { terminalStates, type Offer } from '../../../protocol/mesos.ts';
import { scalar, subscribe } from '../scheduler-client.ts';
import { eventually, startLeader } from '../master/master-for-test.ts';
import { agentOptions, getJson, world } from './running-agent.ts';

const reservations = [{ type: 'DYNAMIC', role: 'a/b', principal: 'me' }];
const disk = { ...scalar('disk', 100), reservations };
const volume = {
  ...scalar('disk', 64),
  reservations,
  disk: { persistence: { id: 'vol', principal: 'me' }, volume: { mode: 'RW', container_path: 'data' } },
};
const info = {
  principal: 'me',
  roles: ['a/b'],
  capabilities: [{ type: 'MULTI_ROLE' }, { type: 'RESERVATION_REFINEMENT' }, { type: 'PARTITION_AWARE' }],
};

const sandboxPath = { type: 'PARENT', path: 'data' };
const container = {
  type: 'MESOS',
  volumes: [{ mode: 'RW', container_path: 'in', source: { type: 'SANDBOX_PATH', sandbox_path: sandboxPath } }],
};

/** A master, an agent and a framework that has made a volume. */
async function startWithVolume(more: Partial<AgentOptions> = {}) {
  const masters = inMemoryDiscovery();
  const master = await startLeader({ discovery: masters });
  const options = agentOptions({ candidate: { id: '', url: '', hostname: '' } }, { masters, ...more });
  let agent: Component = await startAgent(options, world);
  const port = Number(new URL(agent.url).port);
  onTestFinished(() => agent.stop());
  const framework = await subscribe(master.url, info);
  const filters = { refuse_seconds: 0 };
  /** The next offer that has the volume, if it has to. */
  const takeOffer = async (hasVolume: boolean): Promise<Offer> => {
    const offer = await framework.takeOffer();
    if (!hasVolume || offer.resources.some((each) => each.disk !== undefined)) return offer;
    await framework.call('DECLINE', { decline: { offer_ids: [offer.id], filters } });
    return takeOffer(hasVolume);
  };
  const accept = async (hasVolume: boolean, ...operations: readonly object[]) => {
    const { id } = await takeOffer(hasVolume);
    await framework.call('ACCEPT', { accept: { offer_ids: [id], operations, filters } });
  };
  const ended = async (id: string) => {
    for (;;) {
      const status = await framework.takeUpdate(id);
      await framework.acknowledge(status);
      if (terminalStates.has(status.state)) return status;
    }
  };
  /** Runs a task to its end. */
  const run = async (id: string, command: string, fields: object = {}) => {
    const offer = await takeOffer(true);
    const resources = [scalar('cpus', 0.1), scalar('mem', 32), volume];
    const task = { name: id, task_id: { value: id }, agent_id: offer.agent_id, resources, ...fields };
    const launch = { task_infos: [{ ...task, command: { shell: true, value: command } }] };
    const operations = [{ type: 'LAUNCH', launch }];
    await framework.call('ACCEPT', { accept: { offer_ids: [offer.id], operations, filters } });
    return ended(id);
  };
  let groups = 0;
  const launchGroup = async ({ id, agent_id }: Offer, fields: object, tasks: readonly object[]) => {
    groups += 1;
    const executor = { type: 'DEFAULT', executor_id: { value: `group${groups}` }, ...fields };
    const task_group = { tasks: tasks.map((each) => ({ agent_id, ...each })) };
    const operations = [{ type: 'LAUNCH_GROUP', launch_group: { executor, task_group } }];
    await framework.call('ACCEPT', { accept: { offer_ids: [id], operations, filters } });
  };
  await accept(
    false,
    { type: 'RESERVE', reserve: { resources: [disk] } },
    { type: 'CREATE', create: { volumes: [volume] } },
  );
  const folder = `${options.workDir}/volumes/roles/a b/vol`;
  const record = `${options.workDir}/meta/resources/resources_and_operations.state`;
  await eventually(() => existsSync(record) && readFileSync(record, 'utf8').includes('"id":"vol"'));
  const restart = async () => {
    await agent.stop();
    agent = await startAgent({ ...options, port }, world);
  };
  return { framework, takeOffer, accept, run, launchGroup, ended, folder, options, restart, agentUrl: () => agent.url };
}

test('a task sees its volume in its sandbox, and the next one what it wrote', async () => {
  const { run, folder } = await startWithVolume();
  expect(await run('writer', 'echo kept > data/file')).toMatchObject({ state: 'TASK_FINISHED' });
  expect(await run('reader', 'grep kept data/file')).toMatchObject({ state: 'TASK_FINISHED' });
  expect(readFileSync(`${folder}/file`, 'utf8')).toBe('kept\n');
});

test.each(['none', 'reconnect'] as const)(
  'a volume and its data survive a restart of the agent (recovery: %s)',
  async (recovery) => {
    const { run, restart, agentUrl } = await startWithVolume({ recovery });
    await run('writer', 'echo kept > data/file');
    await restart();
    await eventually(async () => {
      const { reserved_resources: reserved } = await getJson(`${agentUrl()}/state`);
      return reserved['a/b'].disk === 100;
    });
    expect(await run('reader', 'grep kept data/file')).toMatchObject({ state: 'TASK_FINISHED' });
  },
);

test('DESTROY removes the data, and the agent forgets the volume', async () => {
  const { accept, run, folder, options } = await startWithVolume();
  await run('writer', 'echo kept > data/file');
  await accept(
    true,
    { type: 'DESTROY', destroy: { volumes: [volume] } },
    { type: 'UNRESERVE', unreserve: { resources: [disk] } },
  );
  await eventually(() => !existsSync(folder));
  const file = `${options.workDir}/meta/resources/resources_and_operations.state`;
  await eventually(() => {
    const { resources, operations } = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown[]>;
    return resources?.length === 0 && operations?.length === 0;
  });
});

test('a volume that grows or shrinks keeps its data, and its size survives a restart of the agent', async () => {
  const { accept, run, folder, restart, options, framework, takeOffer } = await startWithVolume({
    recovery: 'reconnect',
  });
  await run('writer', 'echo kept > data/file');
  const sized = (value: number) => ({ ...volume, ...scalar('disk', value) });
  const addition = { ...scalar('disk', 36), reservations };
  const done = async (operation: object) => {
    await accept(true, { ...operation, id: { value: 'op' } });
    const { status } = (await framework.take('UPDATE_OPERATION_STATUS')).update_operation_status;
    const acknowledgement = { agent_id: status.agent_id, uuid: status.uuid.value, operation_id: { value: 'op' } };
    await framework.call('ACKNOWLEDGE_OPERATION_STATUS', { acknowledge_operation_status: acknowledgement });
    return status.state as string;
  };
  const kept = () => {
    const file = `${options.workDir}/meta/resources/resources_and_operations.state`;
    const { resources } = JSON.parse(readFileSync(file, 'utf8')) as { resources: (typeof volume)[] };
    return resources.map((each) => [each.scalar.value, 'disk' in each]).sort();
  };
  expect(await done({ type: 'GROW_VOLUME', grow_volume: { volume, addition } })).toBe('OPERATION_FINISHED');
  expect(kept()).toEqual([[100, true]]);
  expect(readFileSync(`${folder}/file`, 'utf8')).toBe('kept\n');
  const shrink_volume = { volume: sized(100), subtract: { value: 60 } };
  expect(await done({ type: 'SHRINK_VOLUME', shrink_volume })).toBe('OPERATION_FINISHED');
  expect(kept()).toEqual([
    [40, true],
    [60, false],
  ]);
  await restart();
  await eventually(async () => {
    const { resources } = await takeOffer(true);
    return resources.some(({ disk: on, scalar: size }) => on !== undefined && size?.value === 40);
  });
  expect(readFileSync(`${folder}/file`, 'utf8')).toBe('kept\n');
});

test('an operation with an id is told of when the agent has done it, also by its next life', async () => {
  const { accept, framework, restart } = await startWithVolume({ recovery: 'reconnect' });
  const reserve = { resources: [{ ...scalar('cpus', 0.1), reservations }] };
  await accept(true, { type: 'RESERVE', id: { value: 'op' }, reserve });
  const { status } = (await framework.take('UPDATE_OPERATION_STATUS')).update_operation_status;
  expect(status).toMatchObject({ operation_id: { value: 'op' }, state: 'OPERATION_FINISHED' });
  await restart();
  const again = (await framework.take('UPDATE_OPERATION_STATUS')).update_operation_status.status;
  expect(again.uuid).toEqual(status.uuid);
});

test('an agent whose resources are too few for what it has promised does not start', async () => {
  const { options } = await startWithVolume();
  await expect(startAgent({ ...options, port: 0, resources: 'cpus:2;mem:1024;disk:50' }, world)).rejects.toThrow(
    /^Checkpointed resources disk\(reservations: .*\)\[vol:data\]:64.* are incompatible with agent resources /,
  );
});

test('a task without an image cannot have a volume outside its sandbox', async () => {
  const { run } = await startWithVolume();
  const outside = { ...volume, disk: { ...volume.disk, volume: { mode: 'RW', container_path: '/data' } } };
  const resources = [scalar('cpus', 0.1), scalar('mem', 32), outside];
  expect(await run('t', 'true', { resources })).toMatchObject({
    state: 'TASK_FAILED',
    message: expect.stringContaining("cannot have a volume at '/data'") as string,
  });
});

test('the sandbox holds a link, which goes without the data when the sandbox does', async () => {
  const { run, folder } = await startWithVolume();
  const status = await run('t', 'pwd > data/where');
  expect(status).toMatchObject({ state: 'TASK_FINISHED' });
  const link = `${readFileSync(`${folder}/where`, 'utf8').trim()}/data`;
  expect(lstatSync(link).isSymbolicLink()).toBe(true);
  expect(realpathSync(link)).toBe(realpathSync(folder));
});

test('a group of tasks has volumes of its own, and shares those of its executor', async () => {
  const { takeOffer, launchGroup, ended, folder } = await startWithVolume();
  const own = [scalar('cpus', 0.1), scalar('mem', 32)];
  const offer = await takeOffer(true);
  await launchGroup(offer, { resources: [...own, volume] }, [
    { name: 'a', task_id: { value: 'a' }, resources: own, command: { value: 'echo shared > in/file' }, container },
  ]);
  expect(await ended('a')).toMatchObject({ state: 'TASK_FINISHED' });
  expect(readFileSync(`${folder}/file`, 'utf8')).toBe('shared\n');
  const next = await takeOffer(true);
  await launchGroup(next, { resources: own }, [
    { name: 'b', task_id: { value: 'b' }, resources: [...own, volume], command: { value: 'grep shared data/file' } },
  ]);
  expect(await ended('b')).toMatchObject({ state: 'TASK_FINISHED' });
});
