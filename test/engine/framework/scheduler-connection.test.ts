import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test, vi } from 'vitest';
import { SchedulerConnection } from '../../../engine/framework/scheduler-api/scheduler-connection.ts';
import type { SchedulerCall } from '../../../engine/framework/scheduler-api/scheduler-call.ts';

const record = (event: object) => {
  const text = JSON.stringify(event);
  return `${String(Buffer.byteLength(text))}\n${text}`;
};

/** A master that takes every SUBSCRIBE, and ends the connection at whatever else it is told. */
async function deafMaster() {
  const calls: string[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (text: Buffer) => (body += text.toString()));
    request.on('end', () => {
      const { type } = JSON.parse(body) as { type: string };
      calls.push(type);
      if (type !== 'SUBSCRIBE') {
        request.socket.destroy();
        return;
      }
      response.writeHead(200, { 'Content-Type': 'application/json', 'Mesos-Stream-Id': 'stream' });
      response.write(record({ type: 'SUBSCRIBED', subscribed: { framework_id: { value: 'f' } } }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { calls, url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}` };
}

function connectTo(url: string) {
  const disconnected: number[] = [];
  const log: string[] = [];
  const connection = new SchedulerConnection({
    masters: {
      contend: () => ({ withdraw: () => undefined }),
      watch: (onLeader) => {
        onLeader({ id: 'm', url, hostname: 'localhost' }, 1);
        return () => undefined;
      },
    },
    frameworkInfo: () => ({ user: 'root', name: 'test' }),
    listener: { onEvent: () => undefined, onDisconnected: () => disconnected.push(1), onRemoved: () => undefined },
    log: (line) => log.push(line),
  });
  onTestFinished(() => {
    connection.stop();
  });
  connection.start();
  return { connection, disconnected, log };
}

const lost: readonly SchedulerCall[] = [
  { type: 'DECLINE', decline: { offer_ids: [{ value: 'o' }], filters: { refuse_seconds: 5 } } },
  { type: 'KILL', kill: { task_id: { value: 't' } } },
];

// Else an offer that was declined would stay out for ever, and what it has would be offered to nobody.
for (const call of lost) {
  test(`a ${call.type} that does not arrive ends the session, and another one begins`, async () => {
    const { calls, url } = await deafMaster();
    const { connection, disconnected } = connectTo(url);
    await vi.waitFor(() => {
      expect(connection.isConnected).toBe(true);
    });
    expect(await connection.call(call)).toBe(false);
    await vi.waitFor(() => {
      expect(calls.filter((type) => type === 'SUBSCRIBE')).toHaveLength(2);
    }, 5000);
    expect(disconnected).toHaveLength(1);
  });
}
