import { createServer } from 'node:net';

/** A number for ports.offset with which nobody listens on the main ports. */
export async function freeOffset(): Promise<number> {
  for (;;) {
    const offset = 1000 + 100 * Math.floor(Math.random() * 200);
    const ports = [2181, 5050, 5051, 5060, 8080, 9090, 10_000, 10_020].map((port) => port + offset);
    if ((await Promise.all(ports.map(isFree))).every(Boolean)) return offset;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => {
      resolve(false);
    });
    server.listen(port, '127.0.0.1', () =>
      server.close(() => {
        resolve(true);
      }),
    );
  });
}
