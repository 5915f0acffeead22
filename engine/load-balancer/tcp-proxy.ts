import type { Socket } from 'node:net';
import { addressOf } from '../http/client-address.ts';
import { connectForClient, proxyTimeouts, type Connection } from './connect-to-server.ts';
import { startCounting, type Server, type ServerPool } from './server-pool.ts';

/** How long the rest of the data may take after one side has gone. */
const lingerMs = 10_000;

/** Passes one TCP connection on to a server of the pool. Without a server, or a right to it, it is closed, as HAProxy does. */
export async function proxyTcp(client: Socket, pool: ServerPool): Promise<void> {
  const address = addressOf(client);
  if (pool.service().rules.allows?.(address) === false) {
    client.destroy();
    return;
  }
  const connection = await connectForClient(client, pool, { address });
  if (connection === undefined) client.destroy();
  else tunnel(client, connection);
}

/**
 * Joins two sockets until both directions have ended, or either side breaks. Each side is read only as fast as the
 * other one takes it.
 */
export function tunnel(client: Socket, { socket, server }: Connection): void {
  const ended = startCounting(server);
  const close = () => {
    client.destroy();
    socket.destroy();
    ended();
  };
  for (const side of [client, socket]) {
    side.setTimeout(proxyTimeouts.tunnelMs, close);
    side.on('error', close);
  }
  // One side's end is passed on by pipe(); the other direction may go on (half-closed connections).
  client.once('close', () => {
    count(server, client);
    closeWhenWritten(socket);
    ended();
  });
  socket.once('close', () => {
    closeWhenWritten(client);
  });
  if (client.destroyed || socket.destroyed) {
    close();
    return;
  }
  client.pipe(socket);
  socket.pipe(client);
}

/** What was still to be sent is sent, if the other end takes it in time. */
function closeWhenWritten(socket: Socket): void {
  socket.setTimeout(lingerMs, () => socket.destroy());
  if (socket.writableFinished || socket.destroyed) socket.destroy();
  else socket.end(() => socket.destroy());
}

function count({ counters }: Server, client: Socket): void {
  counters.bytesIn += client.bytesRead;
  counters.bytesOut += client.bytesWritten;
}
