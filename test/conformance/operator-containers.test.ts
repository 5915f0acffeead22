import { describe, expect, test } from 'vitest';
import { containerApi, listedIn, saidOn, shell, within, type Id } from '../engine/agent/containers/container-api.ts';
import { eventually } from '../engine/master/master-for-test.ts';
import { clusterForTests } from './cluster.ts';
import { withRunningTask } from './running-task.ts';

const cluster = clusterForTests();
const { about, call, stream, input } = containerApi(() => cluster().agent);

/** Does something while a command runs, whose container it is told. */
const inTask = (name: string, use: (parent: Id) => Promise<void>, command?: string) =>
  withRunningTask(
    cluster(),
    name,
    async () => {
      const { body } = await call('GET_CONTAINERS');
      const own = listedIn(body).find(({ executor_id: id }) => id?.value === name);
      if (own === undefined) throw new Error(body);
      await use(own.container_id);
    },
    command,
  );

const waited = async (id: Id, type = 'WAIT_CONTAINER') => JSON.parse((await about(type, id)).body) as unknown;

describe('nested containers [recorded: nested-container-session; docs/operator-http-api.md, LAUNCH_NESTED_CONTAINER]', () => {
  test('are launched, listed, killed, waited for and removed', async () => {
    await inTask('nested', async (parent) => {
      const id = within(parent, 'nested-1');
      const launch = () => about('LAUNCH_NESTED_CONTAINER', id, shell('exec sleep 300'));
      expect(await launch()).toMatchObject({ status: 200, body: '' });
      expect(await launch()).toMatchObject({ status: 202, body: '' });
      const all = listedIn((await call('GET_CONTAINERS', { show_nested: true })).body);
      expect(all.map((each) => each.container_status.container_id)).toContainEqual(id);
      expect(listedIn((await call('GET_CONTAINERS')).body).map((each) => each.container_id)).not.toContainEqual({
        value: 'nested-1',
      });
      const early = await about('REMOVE_NESTED_CONTAINER', id);
      expect(early).toMatchObject({ status: 500, body: 'Nested container has not terminated yet' });
      // Until its command is the program that the signal is for.
      await eventually(async () => (await about('KILL_NESTED_CONTAINER', id, { signal: 15 })).status === 404);
      const ended = { type: 'WAIT_NESTED_CONTAINER', wait_nested_container: { exit_status: 15 } };
      for (let time = 0; time < 2; time += 1) expect(await waited(id, 'WAIT_NESTED_CONTAINER')).toEqual(ended);
      const gone = `Container '${parent.value}.nested-1' cannot be found (or is already killed)`;
      expect(await about('KILL_NESTED_CONTAINER', id)).toMatchObject({ status: 404, body: gone });
      for (let time = 0; time < 2; time += 1) {
        expect(await about('REMOVE_NESTED_CONTAINER', id)).toMatchObject({ status: 200, body: '' });
      }
      const unknown = `Container ${parent.value}.nested-1 cannot be found`;
      expect(await about('WAIT_NESTED_CONTAINER', id)).toMatchObject({ status: 404, body: unknown });
    });
  });

  test.each([
    ['exit 3', 768],
    ['true', 0],
  ])('%j ends with %i as wait(2) has it', async (command, status) => {
    await inTask('ends', async (parent) => {
      const id = within(parent, 'ends');
      expect(await about('LAUNCH_CONTAINER', id, shell(command))).toMatchObject({ status: 200 });
      expect(await waited(id)).toEqual({ type: 'WAIT_CONTAINER', wait_container: { exit_status: status } });
      expect(await about('REMOVE_CONTAINER', id)).toMatchObject({ status: 200 });
    });
  });

  test('by themselves are listed when they are asked for, and forgotten', async () => {
    const id = { value: 'standalone-1' };
    const resources = [
      { name: 'cpus', type: 'SCALAR', scalar: { value: 0.1 } },
      { name: 'mem', type: 'SCALAR', scalar: { value: 32 } },
    ];
    expect(await about('LAUNCH_CONTAINER', id, { ...shell('exec sleep 300'), resources })).toMatchObject({
      status: 200,
    });
    const listed = async (content: object) =>
      listedIn((await call('GET_CONTAINERS', content)).body).some((each) => each.container_id.value === id.value);
    expect([await listed({ show_nested: true }), await listed({ show_standalone: true })]).toEqual([false, true]);
    const waiting = waited(id);
    expect(await about('KILL_CONTAINER', id)).toMatchObject({ status: 200, body: '' });
    expect(await waiting).toEqual({ type: 'WAIT_CONTAINER', wait_container: { exit_status: 9 } });
    expect(await about('WAIT_CONTAINER', id)).toMatchObject({ status: 404 });
  });

  test('are refused where something of them is wrong', async () => {
    await inTask('refuses', async (parent) => {
      const launch = (id: Id, fields: object = shell('true')) => about('LAUNCH_NESTED_CONTAINER', id, fields);
      const invalid = (why: string) => ({ status: 400, body: `Failed to validate agent::Call: ${why}` });
      expect((await launch(within({ value: 'no-such-parent' }, 'x'))).status).toBe(400);
      expect(await launch({ value: 'x' })).toMatchObject(
        invalid("Expecting 'launch_nested_container.container_id.parent' to be present"),
      );
      expect(await launch(within(parent, 'bad/name'))).toMatchObject(
        invalid("'launch_nested_container.container_id' is invalid: 'bad/name' contains invalid characters"),
      );
      expect(await call('LAUNCH_NESTED_CONTAINER')).toMatchObject(
        invalid("Expecting 'launch_nested_container' to be present"),
      );
    });
  });
});

describe('sessions [recorded: nested-container-session; docs/operator-http-api.md, LAUNCH_NESTED_CONTAINER_SESSION]', () => {
  const session = 'LAUNCH_NESTED_CONTAINER_SESSION';

  test('bring what the command writes, and end with it', async () => {
    await inTask('says', async (parent) => {
      const id = within(parent, 'session-1');
      const said = await stream(session, id, shell('echo to stdout; echo to stderr >&2; exit 4'));
      expect(said.headers).toMatchObject({
        'content-type': 'application/recordio',
        'message-content-type': 'application/json',
      });
      await said.ended;
      expect([saidOn(said), saidOn(said, 'STDERR')]).toEqual(['to stdout\n', 'to stderr\n']);
      expect(await waited(id)).toEqual({ type: 'WAIT_CONTAINER', wait_container: { exit_status: 1024 } });
    });
  });

  test('are framed in RecordIO whatever is accepted', async () => {
    await inTask('framed', async (parent) => {
      const said = await stream(session, within(parent, 'session-2'), shell('echo plain accept'), {});
      expect(said.headers).toMatchObject({ 'content-type': 'application/json' });
      await said.ended;
      expect(said.events).toEqual([{ type: 'DATA', data: { type: 'STDOUT', data: 'cGxhaW4gYWNjZXB0Cg==' } }]);
    });
  });

  test('take input, to its end, and others may listen', async () => {
    await inTask('reads', async (parent) => {
      const id = within(parent, 'session-4');
      const said = await stream(session, id, shell('while read l; do echo "got $l"; done; echo end of input'));
      const other = await stream('ATTACH_CONTAINER_OUTPUT', id);
      const typed = input(id);
      typed.type('one\ntwo\n');
      typed.type('');
      typed.end();
      expect(await typed.answer).toMatchObject({ status: 200, body: '' });
      await Promise.all([said.ended, other.ended]);
      expect(saidOn(said)).toBe('got one\ngot two\nend of input\n');
      expect(saidOn(other)).toBe(saidOn(said));
    });
  });

  test('have a terminal where one is asked for', async () => {
    await inTask('terminal', async (parent) => {
      const container = { type: 'MESOS', tty_info: { window_size: { rows: 24, columns: 80 } } };
      const said = await stream(session, within(parent, 'session-5'), { ...shell('tty; echo x'), container });
      await said.ended;
      // Where the agent gives containers file systems of their own it is their console.
      expect(saidOn(said)).toMatch(/^\/dev\/(?:pts\/\d+|console)\r\nx\r\n$/);
    });
  });

  test('end when their client goes', async () => {
    await inTask('leaves', async (parent) => {
      const id = within(parent, 'session-6');
      const said = await stream(session, id, shell('echo here; exec sleep 300'));
      await said.take('DATA');
      said.close();
      expect(await waited(id)).toEqual({ type: 'WAIT_CONTAINER', wait_container: { exit_status: 9 } });
    });
  });

  test('are attached to by nobody where there is none', async () => {
    await inTask('none', async (parent) => {
      const id = within(parent, 'nope');
      expect((await about('ATTACH_CONTAINER_OUTPUT', parent)).status).toBe(500);
      expect((await about('ATTACH_CONTAINER_OUTPUT', id)).status).toBe(500);
      expect(await about('ATTACH_CONTAINER_OUTPUT', { value: 'nope' })).toMatchObject({
        status: 404,
        body: 'Container nope cannot be found',
      });
      expect(await about('ATTACH_CONTAINER_INPUT', id, { type: 'CONTAINER_ID' })).toMatchObject({
        status: 415,
        body: "Expecting 'Content-Type' to be application/recordio for ATTACH_CONTAINER_INPUT call",
      });
    });
  });
});

describe('LIST_FILES and READ_FILE [recorded: operator-files-and-teardown]', () => {
  test('show what a task has written, and no more', async () => {
    const command = "mkdir d; printf '0123456789\\n' > f; sleep 300";
    const use = async ({ framework }: { readonly framework: { readonly frameworkId: string } }) => {
      const at = `/frameworks/${framework.frameworkId}/executors/listed/runs/latest`;
      const list = (path: string) => call('LIST_FILES', { path: `${at}${path}` });
      await eventually(async () => (await list('')).body.includes(`${at}/f`));
      const read = (content: object) => call('READ_FILE', { path: `${at}/f`, ...content });
      const { list_files: files } = JSON.parse((await list('')).body) as {
        list_files: { file_infos: readonly object[] };
      };
      expect(files.file_infos).toContainEqual(
        expect.objectContaining({ path: `${at}/f`, nlink: 1, size: 11, mode: 33_188 }),
      );
      expect(JSON.parse((await list('/d')).body)).toEqual({ type: 'LIST_FILES', list_files: {} });
      expect(await list('/nope')).toMatchObject({ status: 404, body: '' });
      const whole = { type: 'READ_FILE', read_file: { size: 11, data: 'MDEyMzQ1Njc4OQo=' } };
      expect(JSON.parse((await read({ offset: 0 })).body)).toEqual(whole);
      const part = { type: 'READ_FILE', read_file: { size: 11, data: 'MzQ1Ng==' } };
      expect(JSON.parse((await read({ offset: 3, length: 4 })).body)).toEqual(part);
      expect(await read({ path: `${at}/d`, offset: 0 })).toMatchObject({
        status: 400,
        body: 'Cannot read a directory.\n',
      });
      expect(await read({})).toMatchObject({ status: 400, body: 'Missing required fields: read_file.offset' });
    };
    await withRunningTask(cluster(), 'listed', use, command);
  });
});
