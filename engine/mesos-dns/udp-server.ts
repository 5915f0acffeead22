import { createSocket, type RemoteInfo } from 'node:dgram';
import { isIP } from 'node:net';
import { Life } from '../lives/life.ts';
import type { DnsServer, DnsServerOptions } from './dns-server.ts';

/** Datagrams that wait until a paused component goes on: about as many as the system would hold. */
const mostHeld = 256;
/** Answers that the system has not taken yet. */
const mostUnsent = 10_000;

/** @throws the system's error when the port cannot be had */
export async function listenOnUdp({ host, port, answer, log }: DnsServerOptions): Promise<DnsServer> {
  const socket = createSocket(isIP(host) === 6 ? 'udp6' : 'udp4');
  const life = Life.current();
  let isOpen = true;
  let held = 0;
  const close = () =>
    new Promise<void>((resolve) => {
      if (!isOpen) {
        resolve();
        return;
      }
      isOpen = false;
      socket.close(resolve);
    });
  const reply = (bytes: Buffer | undefined, to: RemoteInfo) => {
    if (bytes === undefined || !isOpen || socket.getSendQueueCount() > mostUnsent) return;
    // Who asked may be gone, or may never have been there.
    socket.send(bytes, to.port, to.address, () => undefined);
  };
  const take = (message: Buffer, from: RemoteInfo) => {
    const answered = answer(message, 'udp');
    if (answered instanceof Promise) {
      void answered.then((bytes) => {
        reply(bytes, from);
      });
    } else reply(answered, from);
  };
  socket.on('message', (message, from) => {
    if (life === undefined || life.state === 'running') {
      take(message, from);
    } else if (held < mostHeld) {
      held += 1;
      void life.turn().then(() => {
        held -= 1;
        take(message, from);
      });
    }
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('error', (error) => {
      reject(Object.assign(error, { syscall: 'listen', address: host, port }));
    });
    socket.bind(port, host, resolve);
  });
  socket.removeAllListeners('error').on('error', (error) => {
    log(`DNS by UDP: ${error.message}`);
  });
  life?.onOver(() => void close());
  return { port: socket.address().port, close };
}
