import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/** A server as a task would be one, to be the only port that the fake agent offers. */
export async function startFakeTaskServer(status = 200) {
  const server = { status, paths: [] as string[], port: 0 };
  const http = createServer((request, response) => {
    server.paths.push(request.url ?? '');
    response.writeHead(server.status, { 'Content-Type': 'text/plain; charset=utf-8' }).end('warming up');
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  server.port = (http.address() as AddressInfo).port;
  onTestFinished(() => {
    http.closeAllConnections();
    http.close();
  });
  return server;
}
