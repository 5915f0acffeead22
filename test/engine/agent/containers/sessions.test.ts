import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { isAlive, stateOf, waitFor } from '../running-agent.ts';
import { saidOn, shell, startTask, within } from './container-api.ts';

const session = 'LAUNCH_NESTED_CONTAINER_SESSION';
const output = 'ATTACH_CONTAINER_OUTPUT';

describe('a session', () => {
  test('has the folder and the environment of its parent, and its streams come as they are written', async () => {
    const { parent, stream, about, directory } = await startTask();
    writeFileSync(`${directory}/out.txt`, '');
    const id = within(parent, 'session-1');
    const said = await stream(
      session,
      id,
      shell('echo to stdout; ls; echo to stderr >&2; echo $MESOS_TASK_ID; exit 4'),
    );
    expect(said.headers).toMatchObject({
      'content-type': 'application/recordio',
      'message-content-type': 'application/json',
      'transfer-encoding': 'chunked',
    });
    await said.ended;
    expect(saidOn(said)).toBe('to stdout\ncontainers\nout.txt\nstderr\nstdout\nt\n');
    expect(saidOn(said, 'STDERR')).toBe('to stderr\n');
    const { body } = await about('WAIT_NESTED_CONTAINER', id);
    expect(JSON.parse(body).wait_nested_container).toEqual({ exit_status: 1024 });
    expect(readFileSync(`${directory}/containers/session-1/stderr`, 'utf8')).toBe('to stderr\n');
  });

  test.each([
    [{}, { 'content-type': 'application/json' }],
    [
      { Accept: 'application/recordio' },
      { 'content-type': 'application/recordio', 'message-content-type': 'application/json' },
    ],
  ])('is framed in RecordIO also with %j', async (headers, answered) => {
    const { parent, stream } = await startTask();
    const said = await stream(session, within(parent, 's'), shell('echo x'), headers);
    expect(said.headers).toMatchObject(answered);
    await said.ended;
    expect(said.events).toEqual([{ type: 'DATA', data: { type: 'STDOUT', data: 'eAo=' } }]);
  });

  test('ends when its client goes', async () => {
    const { parent, stream, about } = await startTask();
    const id = within(parent, 's');
    const said = await stream(session, id, shell('echo $$; exec sleep 1000'));
    await said.take('DATA');
    said.close();
    const { body } = await about('WAIT_NESTED_CONTAINER', id);
    expect(JSON.parse(body).wait_nested_container).toEqual({ exit_status: 9 });
    expect(isAlive(Number(saidOn(said)))).toBe(false);
  });

  test('ends with its task', async () => {
    const { parent, stream, master } = await startTask();
    const said = await stream(session, within(parent, 's'), shell('echo $$; exec sleep 1000'));
    await said.take('DATA');
    master.kill('t', 0);
    await said.ended;
    // Its output ends a moment before it.
    await expect.poll(() => isAlive(Number(saidOn(said)))).toBe(false);
  });

  test('sends all of a large output to a client that is slow', async () => {
    const { parent, stream } = await startTask();
    const said = await stream(session, within(parent, 's'), shell('head -c 20000000 /dev/zero'));
    await said.ended;
    expect(saidOn(said)).toHaveLength(20_000_000);
  });

  test('gives signs of life', async () => {
    const { parent, stream } = await startTask('sleep 1000', { heartbeatMs: 20 });
    const said = await stream(session, within(parent, 's'), shell('sleep 1000'));
    expect(await said.take('CONTROL')).toEqual({
      type: 'CONTROL',
      control: { type: 'HEARTBEAT', heartbeat: { interval: { nanoseconds: 20_000_000 } } },
    });
    said.close();
  });

  test('gives what it reads to the command, and others hear it, too', async () => {
    const { parent, stream, input } = await startTask();
    const id = within(parent, 's');
    const said = await stream(session, id, shell('while read l; do echo "got $l"; done; echo end of input'));
    const other = await stream(output, id);
    // As the command line of Mesos looks whether it can.
    const probe = input(id);
    probe.end();
    expect(await probe.answer).toMatchObject({ status: 200, body: '' });
    const typed = input(id);
    typed.io({ type: 'CONTROL', control: { type: 'HEARTBEAT', heartbeat: { interval: { nanoseconds: 1 } } } });
    typed.type('one\ntwo\n');
    await waitFor(() => {
      expect(saidOn(other)).toBe('got one\ngot two\n');
    });
    const second = input(id);
    expect(await second.answer).toMatchObject({ status: 409, body: 'Multiple input connections are not allowed' });
    typed.type('');
    await Promise.all([said.ended, other.ended]);
    expect(saidOn(said)).toBe('got one\ngot two\nend of input\n');
    expect(saidOn(other)).toBe(saidOn(said));
    // Though it goes on: nobody reads it.
    expect(await typed.answer).toMatchObject({ status: 200 });
  });
});

describe('input that cannot be taken', () => {
  test.each([
    [{ type: 'CONTAINER_ID' }, /is invalid|to be 'PROCESS_IO' instead of/],
    [{ type: 'PROCESS_IO' }, "Expecting 'attach_container_input.process_io' to be present"],
    [{ type: 'PROCESS_IO', process_io: { type: 'DATA' } }, "Expecting 'process_io.data' to be present"],
    [
      { type: 'PROCESS_IO', process_io: { type: 'DATA', data: { type: 'STDOUT', data: '' } } },
      "Expecting 'process_io.data.type' to be 'STDIN'",
    ],
    [
      {
        type: 'PROCESS_IO',
        process_io: {
          type: 'CONTROL',
          control: { type: 'TTY_INFO', tty_info: { window_size: { rows: 1, columns: 1 } } },
        },
      },
      'Unable to set the window size: Inappropriate ioctl for device',
    ],
  ])('%j', async (message, text) => {
    const { parent, stream, input } = await startTask();
    const id = within(parent, 's');
    const said = await stream(session, id, shell('exec cat'));
    const typed = input(id);
    typed.send(message);
    const answer = await typed.answer;
    expect(answer).toMatchObject({ status: 400, body: typeof text === 'string' ? text : expect.stringMatching(text) });
    said.close();
  });

  test('of whom nobody can be attached to', async () => {
    const { parent, about, input } = await startTask();
    expect(await about(output, parent)).toMatchObject({
      status: 500,
      body: 'I/O switchboard server was disabled for this container',
    });
    expect(await about(output, within(parent, 'nope'))).toMatchObject({
      status: 500,
      body: `Unknown container ${parent.value}.nope`,
    });
    const typed = input({ value: 'nope' });
    expect(await typed.answer).toMatchObject({ status: 404, body: 'Container nope cannot be found' });
    const plain = await about('ATTACH_CONTAINER_INPUT', within(parent, 'nope'), { type: 'CONTAINER_ID' });
    expect(plain).toMatchObject({
      status: 415,
      body: "Expecting 'Content-Type' to be application/recordio for ATTACH_CONTAINER_INPUT call",
    });
  });
});

describe.runIf(process.platform === 'linux')('a session with a terminal', () => {
  const tty = { container: { type: 'MESOS', tty_info: { window_size: { rows: 24, columns: 80 } } } };

  test('has one of the size that was asked for', async () => {
    const { parent, stream, about } = await startTask();
    const id = within(parent, 's');
    const said = await stream(session, id, { ...shell('tty; stty size; echo x >&2; exit 5'), ...tty });
    await said.ended;
    expect(saidOn(said)).toMatch(/^\/dev\/pts\/\d+\r\n24 80\r\nx\r\n$/);
    const { body } = await about('WAIT_NESTED_CONTAINER', id);
    expect(JSON.parse(body).wait_nested_container).toEqual({ exit_status: 5 << 8 });
  });

  test('shows what is typed, and hears of a new size and of Ctrl-C', async () => {
    const { parent, stream, input } = await startTask();
    const id = within(parent, 's');
    const command = 'trap "echo stopped; exit" INT; trap "stty size" WINCH; while :; do read l && echo "got $l"; done';
    const said = await stream(session, id, { ...shell(command), ...tty });
    const typed = input(id);
    const seen = (text: string) =>
      waitFor(() => {
        expect(saidOn(said)).toContain(text);
      });
    typed.type('one\n');
    await seen('one\r\ngot one\r\n');
    typed.io({ type: 'CONTROL', control: { type: 'TTY_INFO', tty_info: { window_size: { rows: 50, columns: 132 } } } });
    typed.type('two\n');
    await seen('50 132\r\n');
    typed.type('\u0003');
    await said.ended;
    expect(saidOn(said)).toMatch(/stopped\r\n$/);
  });

  test('is killed by the signal that was asked for', async () => {
    const { parent, stream, about } = await startTask();
    const id = within(parent, 's');
    const said = await stream(session, id, { ...shell('echo ready; exec sleep 1000'), ...tty });
    await said.take('DATA');
    await about('KILL_NESTED_CONTAINER', id, { signal: 15 });
    await said.ended;
    const { body } = await about('WAIT_NESTED_CONTAINER', id);
    expect(JSON.parse(body).wait_nested_container).toEqual({ exit_status: 15 });
  });

  test('is attached to when it was launched with one', async () => {
    const { parent, stream, about, input, directory } = await startTask();
    const id = within(parent, 'shell');
    await about('LAUNCH_NESTED_CONTAINER', id, { ...shell('echo early; read l; echo "got $l"; exec cat'), ...tty });
    await waitFor(() => {
      expect(readFileSync(`${directory}/containers/shell/stdout`, 'utf8')).toBe('early\r\n');
    });
    const said = await stream(output, id);
    const typed = input(id);
    typed.type('late\n');
    await waitFor(() => {
      expect(saidOn(said)).toBe('late\r\ngot late\r\n');
    });
    said.close();
    typed.destroy();
    // It goes on, and another one may type.
    const again = input(id);
    again.type('\u0004');
    again.end();
    expect((await again.answer).status).toBe(200);
    const { body } = await about('WAIT_NESTED_CONTAINER', id);
    expect(JSON.parse(body).wait_nested_container).toEqual({ exit_status: 0 });
  });
});

describe.runIf(process.platform === 'linux')('a task with a terminal', () => {
  const container = { type: 'MESOS', tty_info: { window_size: { rows: 24, columns: 80 } } } as const;

  test('is attached to, and has in its files what it said', async () => {
    const { parent, stream, input, directory, master } = await startTask(
      'tty; read l; echo "got $l"; exit 3',
      {},
      { container },
    );
    const said = await stream(output, parent);
    await waitFor(() => {
      expect(readFileSync(`${directory}/stdout`, 'utf8')).toMatch(/pts/);
    });
    const typed = input(parent);
    typed.type('hello\n');
    await said.ended;
    expect(saidOn(said)).toContain('hello\r\ngot hello\r\n');
    expect(readFileSync(`${directory}/stdout`, 'utf8')).toMatch(/^\/dev\/pts\/\d+\r\nhello\r\ngot hello\r\n$/);
    expect(await stateOf(master, 't', 'TASK_FAILED')).toMatchObject({ message: 'Command exited with status 3' });
  });

  test('is killed as others are', async () => {
    const { master } = await startTask('exec sleep 1000', {}, { container });
    master.kill('t');
    expect(await stateOf(master, 't', 'TASK_KILLED')).toMatchObject({
      message: 'Command terminated with signal Terminated',
    });
  });
});
