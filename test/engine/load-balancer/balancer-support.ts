import { request, type IncomingHttpHeaders, type RequestListener, type RequestOptions } from 'node:http';
import { createServer as createTcpServer, type AddressInfo, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import { startLoadBalancer, type LoadBalancerOptions } from '../../../engine/load-balancer/start-load-balancer.ts';
import { startFakeServer } from '../../support/fake-server.ts';
import { startFakeMarathon } from './fake-marathon.ts';

/** Stands for a task: an HTTP server of the test on a port of its own. */
export const startFakeTask = async (listener: RequestListener): Promise<number> =>
  Number(new URL(await startFakeServer(listener)).port);

/** A task that answers with its name. */
export const namedTask = (name: string) => startFakeTask((_, response) => response.end(name));

export async function startFakeTcpTask(listener: (socket: Socket) => void): Promise<number> {
  const sockets = new Set<Socket>();
  const server = createTcpServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket);
    listener(socket);
  });
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

/** A port on which nobody listens at the moment. */
export async function freePort(): Promise<number> {
  const server = createTcpServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** A load balancer that follows a fake Marathon; both end with the test. */
export async function balancer(options: Partial<LoadBalancerOptions> = {}) {
  const marathon = await startFakeMarathon();
  const lines: string[] = [];
  const component = await startLoadBalancer(
    {
      host: '127.0.0.1',
      statsPort: 0,
      servicePorts: { first: 1, last: 65_535 },
      marathonUrls: [marathon.url],
      groups: ['external'],
      timing: { debounceMs: 1, backoffMs: [10, 20] },
      ...options,
    },
    { log: (line) => lines.push(line) },
  );
  onTestFinished(async () => {
    await component.stop();
    await marathon.stop();
  });
  return { marathon, component, lines, log: () => lines.join('\n') };
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** One request over a connection of its own, unless an agent is given. */
export function ask(url: string, options: RequestOptions = {}, body?: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { agent: false, ...options }, (incoming) => {
      let text = '';
      incoming.setEncoding('utf8');
      incoming.on('data', (part: string) => (text += part));
      incoming.once('error', reject);
      incoming.once('end', () => {
        resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, text });
      });
    });
    outgoing.once('error', reject);
    outgoing.end(body);
  });
}

/** Asks until the answer is as wanted. */
export async function askUntil(url: string, wanted: (answer: Answer) => boolean): Promise<Answer> {
  let last = 'nothing yet';
  for (let attempt = 0; attempt < 200; attempt++) {
    try {
      const answer = await ask(url);
      if (wanted(answer)) return answer;
      last = `${answer.status} ${answer.text}`;
    } catch (error) {
      last = String(error);
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`${url}: ${last}`);
}
