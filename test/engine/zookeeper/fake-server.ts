import { createServer, type AddressInfo, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import { JuteReader, JuteWriter } from '../../../engine/zookeeper/jute.ts';
import { PacketDecoder, toPacket } from '../../../engine/zookeeper/packets.ts';
import type { ZkServer } from '../../../protocol/zk-url.ts';

/** A request as a fake server sees it. */
export interface SeenRequest {
  readonly xid: number;
  readonly opCode: number;
  readonly answer: (error: number, body?: Buffer) => void;
  readonly raw: Socket;
}

interface FakeServerOptions {
  /** What it grants; 0 says that the session has expired. */
  readonly timeoutMs: (connection: number) => number;
  /** Without it, the server says nothing at all, not even to a handshake. */
  readonly onRequest?: (request: SeenRequest) => void;
}

const ping = 11;

/** A ZooKeeper server as far as a test needs one: it shakes hands and answers pings. Ends with the test. */
export async function startFakeServer({ timeoutMs, onRequest }: FakeServerOptions) {
  let connections = 0;
  const sockets = new Set<Socket>();
  const handshakes: { readonly sessionId: bigint }[] = [];
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
    const decoder = new PacketDecoder(10_000_000);
    let isFirst = true;
    socket.on('data', (chunk) => {
      if (onRequest === undefined) return;
      for (const message of decoder.push(chunk)) {
        const reader = new JuteReader(message);
        if (isFirst) {
          isFirst = false;
          connections += 1;
          reader.int();
          reader.long();
          reader.int();
          handshakes.push({ sessionId: reader.long() });
          const granted = timeoutMs(connections);
          const body = new JuteWriter()
            .int(0)
            .int(granted)
            .long(BigInt(100 + connections))
            .buffer(Buffer.alloc(16));
          socket.write(toPacket(body.bool(false).finish()));
          continue;
        }
        const [xid, opCode] = [reader.int(), reader.int()];
        const answer = (error: number, body: Buffer = Buffer.alloc(0)) => {
          socket.write(toPacket(new JuteWriter().int(xid).long(1n).int(error).finish(), body));
        };
        if (opCode === ping) answer(0);
        else onRequest({ xid, opCode, answer, raw: socket });
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const address: ZkServer = { host: '127.0.0.1', port: (server.address() as AddressInfo).port };
  return { server: address, handshakes, connections: () => connections };
}
