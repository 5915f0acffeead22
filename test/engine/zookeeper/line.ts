import { connect, createServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import type { ZkServer } from '../../../protocol/zk-url.ts';

/** A line between a client and real servers that a test can cut: who is cut off hears nothing, and is not heard. */
export interface Line {
  /** One address for each server: for the client. */
  readonly servers: readonly ZkServer[];
  /** Nothing passes any more, and connections stay open; new ones are refused by silence, too. */
  readonly cut: () => void;
  /** All connections break; new ones are possible at once. */
  readonly breakOff: () => void;
  readonly mend: () => void;
  /** What the server said last of the session: id and password, to act in its name. */
  readonly session: () => { readonly sessionId: bigint; readonly password: Buffer };
}

/** Ends with the test. */
export async function lineTo(servers: readonly ZkServer[]): Promise<Line> {
  let isCut = false;
  let answer = Buffer.alloc(0);
  const sockets = new Set<Socket>();
  const listeners = await Promise.all(
    servers.map(async (target) => {
      const listener = createServer((near) => {
        const far = connect(target);
        let isFirst = true;
        for (const socket of [near, far]) {
          sockets.add(socket);
          socket.on('error', () => undefined);
          socket.on('close', () => {
            sockets.delete(socket);
            if (!isCut) (socket === near ? far : near).destroy();
          });
        }
        near.on('data', (chunk) => {
          if (!isCut) far.write(chunk);
        });
        far.on('data', (chunk) => {
          if (isCut) return;
          if (isFirst) answer = chunk;
          isFirst = false;
          near.write(chunk);
        });
      });
      await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
      return listener;
    }),
  );
  const breakOff = () => {
    for (const socket of sockets) socket.destroy();
  };
  onTestFinished(() => {
    breakOff();
    for (const listener of listeners) listener.close();
  });
  return {
    servers: listeners.map((listener) => {
      const address = listener.address();
      return { host: '127.0.0.1', port: typeof address === 'object' && address !== null ? address.port : 0 };
    }),
    cut: () => {
      isCut = true;
    },
    breakOff,
    mend: () => {
      isCut = false;
      breakOff();
    },
    // Length, protocol and time-out, 4 bytes each; then the id, and the password behind its length.
    session: () => ({ sessionId: answer.readBigInt64BE(12), password: answer.subarray(24, 40) }),
  };
}
