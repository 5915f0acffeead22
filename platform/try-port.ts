import { createServer } from 'node:net';

/** Tries to listen on an address; resolves to the error's code (`EADDRINUSE`, `EADDRNOTAVAIL`, `EACCES`), or undefined. */
export type TryPort = (host: string, port: number) => Promise<string | undefined>;

/** Listens for a moment. */
export const tryPort: TryPort = (host, port) =>
  new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error) => {
      resolve('code' in error ? String(error.code) : 'unknown');
    });
    server.listen({ host, port, exclusive: true }, () => {
      server.close(() => {
        resolve(undefined);
      });
    });
  });
