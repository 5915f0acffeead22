import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Answers /v2/apps and /v2/events as Marathon does, with whatever apps the test gives it. */
export interface FakeMarathon {
  readonly url: string;
  readonly port: number;
  /** Takes these apps, and sends an event unless told not to. */
  readonly set: (apps: readonly unknown[], event?: string) => void;
  readonly readings: () => number;
  /** How the apps were asked for, each time. */
  readonly queries: () => readonly string[];
  readonly listeners: () => number;
  /** Event streams that were opened, ever. */
  readonly connections: () => number;
  /** Breaks every event stream. */
  readonly hangUp: () => void;
  /** Ends every event stream: who follows it has read what was sent before. */
  readonly endEvents: () => void;
  /** With `false`, /v2/events answers 404. */
  readonly serveEvents: (serve: boolean) => void;
  /** Lets /v2/apps wait so many milliseconds. */
  readonly answerAfter: (ms: number) => void;
  readonly stop: () => Promise<void>;
}

export async function startFakeMarathon(port = 0): Promise<FakeMarathon> {
  let apps: readonly unknown[] = [];
  const queries: string[] = [];
  let connections = 0;
  let withEvents = true;
  let delayMs = 0;
  const streams = new Set<ServerResponse>();
  const server = createServer((request, response) => {
    if (request.url?.startsWith('/v2/events') === true) {
      if (!withEvents) {
        response.writeHead(404).end();
        return;
      }
      response.writeHead(200, { 'Content-Type': 'text/event-stream' });
      response.write('event: event_stream_attached\r\ndata: {"remoteAddress":"127.0.0.1"}\r\n\r\n');
      streams.add(response);
      connections++;
      response.once('close', () => streams.delete(response));
      return;
    }
    queries.push(request.url ?? '');
    setTimeout(() => {
      response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify({ apps }));
    }, delayMs);
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const actual = (server.address() as AddressInfo).port;
  return {
    url: `http://127.0.0.1:${actual}`,
    port: actual,
    set: (next, event = 'status_update_event') => {
      apps = next;
      // In two parts, as a network may deliver it.
      for (const stream of streams) {
        stream.write(`event: ${event.slice(0, 3)}`);
        stream.write(`${event.slice(3)}\r\ndata: {"eventType":"${event}"}\r\n\r\n`);
      }
    },
    readings: () => queries.length,
    queries: () => queries,
    answerAfter: (ms) => {
      delayMs = ms;
    },
    listeners: () => streams.size,
    connections: () => connections,
    endEvents: () => {
      for (const stream of streams) stream.end();
    },
    hangUp: () => {
      for (const stream of streams) stream.destroy();
    },
    serveEvents: (serve) => {
      withEvents = serve;
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

interface FakeApp {
  readonly id: string;
  readonly servicePort: number;
  /** Host ports of its running tasks. */
  readonly tasks: readonly number[];
  readonly labels?: Readonly<Record<string, string>>;
  readonly mode?: 'http' | 'tcp';
}

/** An app in Marathon's newer form, with an HTTP health check if its mode is HTTP. */
export const fakeApp = ({ id, servicePort, tasks, labels, mode = 'http' }: FakeApp) => ({
  id,
  labels: labels ?? { HAPROXY_GROUP: 'external' },
  networks: [{ mode: 'container/bridge' }],
  container: { type: 'DOCKER', portMappings: [{ containerPort: 80, hostPort: 0, servicePort }] },
  healthChecks: mode === 'http' ? [{ protocol: 'HTTP', path: '/', portIndex: 0 }] : [],
  tasks: tasks.map((port) => fakeTask(id, port)),
});

export const fakeTask = (appId: string, port: number, state = 'TASK_RUNNING', alive = true) => ({
  id: `${appId.slice(1)}.${port}`,
  host: '127.0.0.1',
  ports: [port],
  state,
  healthCheckResults: [{ alive }],
});
