/** Tries to listen on an address; resolves to the error's code (`EADDRINUSE`, `EADDRNOTAVAIL`, `EACCES`), or undefined. */
export type TryPort = (host: string, port: number) => Promise<string | undefined>;

/** Listens for a moment. The network is loaded at the first look: most commands have none. */
export const tryPort: TryPort = async (host, port) => {
  const { createServer } = await import('node:net');
  return new Promise((resolve) => {
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
};
