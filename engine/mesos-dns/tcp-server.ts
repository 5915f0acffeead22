import { createServer, type Socket } from 'node:net';
import { Life } from '../lives/life.ts';
import type { DnsServer, DnsServerOptions } from './dns-server.ts';
import { framed } from './forwarder.ts';

const mostConnections = 256;
/** Answers that a client has not taken: it is not read from until it has. */
const mostUnreadBytes = 256 * 1024;

/** @throws the system's error when the port cannot be had */
export async function listenOnTcp(options: DnsServerOptions): Promise<DnsServer> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    serveConnection(socket, options);
  });
  server.maxConnections = mostConnections;
  Life.current()?.own(server);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host, resolve);
  });
  server.removeAllListeners('error').on('error', (error) => {
    options.log(`DNS by TCP: ${error.message}`);
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : options.port;
  let closing: Promise<void> | undefined;
  const close = () =>
    (closing ??= new Promise((resolve) => {
      server.close(() => {
        resolve();
      });
      for (const socket of sockets) socket.destroy();
    }));
  return { port, close };
}

/** One message after the other, each after its length (RFC 1035, 4.2.2). */
function serveConnection(socket: Socket, { answer, patienceMs = 10_000 }: DnsServerOptions): void {
  let received = Buffer.alloc(0);
  let isAnswering = false;
  let deadline: NodeJS.Timeout | undefined;
  socket.on('error', () => undefined);
  socket.setTimeout(patienceMs, () => socket.destroy());
  socket.once('close', () => {
    clearTimeout(deadline);
  });
  const next = (): Buffer | undefined => {
    if (received.length < 2 || received.length < received.readUInt16BE(0) + 2) return undefined;
    const end = received.readUInt16BE(0) + 2;
    const message = received.subarray(2, end);
    received = received.subarray(end);
    return message;
  };
  const work = async () => {
    if (isAnswering) return;
    isAnswering = true;
    for (let message = next(); message !== undefined && !socket.destroyed; message = next()) {
      socket.pause();
      const bytes = await answer(message, 'tcp');
      // What is no query is no DNS.
      if (bytes === undefined) socket.destroy();
      else if (!socket.write(framed(bytes)) && socket.writableLength > mostUnreadBytes) await drained(socket);
    }
    isAnswering = false;
    // A message that has begun has to come to its end, however slowly its bytes keep coming.
    clearTimeout(deadline);
    deadline = received.length === 0 ? undefined : setTimeout(() => socket.destroy(), patienceMs);
    socket.resume();
  };
  socket.on('data', (bytes: Buffer) => {
    const isFirst = received.length === 0;
    received = Buffer.concat([received, bytes]);
    if (isFirst || received.length >= received.readUInt16BE(0) + 2) void work();
  });
}

const drained = (socket: Socket) =>
  new Promise<void>((resolve) => {
    socket.once('drain', resolve).once('close', resolve);
  });
