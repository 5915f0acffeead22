import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/** What a fake server answers: a JSON value, or whatever the function does. */
export type FakeAnswer =
  Readonly<Record<string, unknown>> | ((request: IncomingMessage, response: ServerResponse) => void);

export interface FakeServer {
  readonly port: number;
  readonly url: string;
  /** `GET /state`, in the order in which they came. */
  readonly requests: string[];
}

/** A fake server with these paths; 404 for all others. */
export async function fakeServer(
  paths: Readonly<Record<string, FakeAnswer>>,
  { host = '127.0.0.1', port = 0 } = {},
): Promise<FakeServer> {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    requests.push(`${request.method ?? ''} ${request.url ?? ''}`);
    const answer = paths[(request.url ?? '').replace(/\?.*$/, '')];
    if (answer === undefined) response.writeHead(404).end();
    else if (typeof answer === 'function') answer(request, response);
    else response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(answer));
  });
  await new Promise<void>((resolve) => server.listen({ host, port }, resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port: own } = server.address() as AddressInfo;
  return { port: own, url: `http://${host}:${String(own)}`, requests };
}

export const redirectTo =
  (location: string): FakeAnswer =>
  (_request, response) =>
    response.writeHead(307, { Location: location }).end();

/** Flags of a fake master, in the form of a real one's: all values are text. */
export const masterFlags = (more: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> => ({
  agent_ping_timeout: '15secs',
  allocation_interval: '1secs',
  allocator: 'hierarchical',
  cluster: 'foreign cluster',
  help: 'false',
  hostname_lookup: 'true',
  max_agent_ping_timeouts: '7',
  port: '5050',
  quorum: '1',
  registry: 'replicated_log',
  roles: 'prod',
  version: 'false',
  work_dir: '/data/mesos',
  zk_session_timeout: '10secs',
  ...more,
});

/** An agent in the form in which masters list them. */
export const listedAgent = (name: string, ip: string, more: object = {}) => ({
  id: `S-${name}`,
  hostname: name,
  port: 5051,
  pid: `slave(1)@${ip}:5051`,
  active: true,
  version: '1.11.0',
  attributes: {},
  resources: { cpus: 4.0, mem: 8192.0, disk: 1000.0, gpus: 0.0, ports: '[31000-32000]' },
  unreserved_resources: { cpus: 4.0, mem: 8192.0, disk: 1000.0, gpus: 0.0, ports: '[31000-32000]' },
  reserved_resources: {},
  ...more,
});

/** What a leading master of a fake cluster answers. */
export function leadingMaster(
  own: string,
  options: {
    readonly flags?: Readonly<Record<string, string>>;
    readonly agents?: readonly object[];
    readonly frameworks?: readonly object[];
  } = {},
): Readonly<Record<string, FakeAnswer>> {
  const flags = masterFlags(options.flags);
  const slaves = options.agents ?? [];
  return {
    '/version': { version: '1.11.0', build_date: '2020-11-01 00:00:00', build_time: 1, build_user: '' },
    '/flags': { flags },
    '/metrics/snapshot': { 'master/elected': 1.0 },
    '/redirect': redirectTo(own),
    '/state': { version: '1.11.0', cluster: flags['cluster'], flags, slaves, frameworks: options.frameworks ?? [] },
    '/slaves': { slaves, recovered_slaves: [] },
  };
}

/** What a master that stands by answers: its own flags, and for the rest where the leader is. */
export function standbyMaster(
  leader: string,
  flags: Readonly<Record<string, string>> = {},
): Readonly<Record<string, FakeAnswer>> {
  return {
    '/version': { version: '1.11.0' },
    '/flags': { flags: masterFlags(flags) },
    '/metrics/snapshot': { 'master/elected': 0.0 },
    '/redirect': redirectTo(leader),
    '/state': redirectTo(`${leader}/state`),
  };
}

export const marathonInfo = (more: Readonly<Record<string, unknown>> = {}) => ({
  name: 'marathon',
  version: '1.8.222',
  elected: true,
  frameworkId: 'F-1',
  leader: 'marathon:8080',
  marathon_config: {
    hostname: 'm1',
    local_port_min: 10_000,
    local_port_max: 20_000,
    task_launch_timeout: 600_000,
    mesos_user: 'app',
  },
  zookeeper_config: { zk: 'zk://127.0.0.2:2181/service/marathon' },
  ...more,
});
