import { connect, createServer, type Socket } from 'node:net';
import { Life } from '../../../engine/lives/life.ts';

interface Address {
  readonly host: string;
  readonly port: number;
}

/**
 * Passes every connection to one address on to another one.
 * @throws the system's error when the first cannot be listened on
 */
export async function forwardPort(from: Address, to: Address): Promise<{ readonly stop: () => Promise<void> }> {
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    const onward = connect(to);
    for (const [one, other] of [
      [socket, onward],
      [onward, socket],
    ] as const) {
      open.add(one);
      one.on('error', () => other.destroy());
      one.on('close', () => {
        open.delete(one);
        other.destroy();
      });
      one.pipe(other);
    }
  });
  Life.current()?.own(server);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ ...from, exclusive: true }, () => {
      server.off('error', reject);
      resolve();
    });
  });
  return {
    stop: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        for (const socket of open) socket.destroy();
      }),
  };
}
