import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

type Answer = Buffer | string | ((request: IncomingMessage, response: ServerResponse) => void);

/** A web server on the loopback: what it has at each path, or how it answers there. */
export async function startFileServer(answers: Readonly<Record<string, Answer>>) {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    requests.push(`${request.method ?? ''} ${request.url ?? ''}`);
    const answer = answers[request.url ?? ''];
    if (typeof answer === 'function') answer(request, response);
    else if (answer === undefined) response.writeHead(404).end('there is no such page');
    else response.writeHead(200, { 'Content-Length': Buffer.byteLength(answer) }).end(answer);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests };
}

export const redirectTo = (location: string) => (_: IncomingMessage, response: ServerResponse) => {
  response.writeHead(302, { Location: location }).end('moved');
};

/** Says that more comes, and says nothing more. */
export const stall = (_: IncomingMessage, response: ServerResponse) => {
  response.writeHead(200, { 'Content-Length': 1000 }).write('begun');
};
