import { expect, onTestFinished, vi } from 'vitest';
import { fixedLeader, inMemoryDiscovery } from '../../../engine/discovery/in-memory-discovery.ts';
import type { MarathonOptions } from '../../../engine/marathon/marathon-options.ts';
import { startMarathon } from '../../../engine/marathon/start-marathon.ts';
import { memoryStore, type RecordStore } from '../../../engine/framework/storage/record-store.ts';
import type { TaskInfo } from '../../../protocol/mesos.ts';
import { SseDecoder } from '../../../protocol/server-sent-events.ts';
import { FakeMaster } from './fake-master.ts';
import { parseLoosely, type Loose } from './shapes/loose.ts';

export const waitFor = <Result>(assertion: () => Result | Promise<Result>): Promise<Result> =>
  vi.waitFor(assertion, { timeout: 10_000, interval: 10 });

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly body: Loose;
}

/** Asks a Marathon as an outsider would. */
export class MarathonClient {
  readonly url: string;
  constructor(url: string) {
    this.url = url;
  }

  async request(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    const response = await fetch(this.url + path, {
      method,
      headers: { ...(body === undefined ? {} : { 'Content-Type': 'application/json' }), ...headers },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json') === true;
    return { status: response.status, headers: response.headers, text, body: isJson ? JSON.parse(text) : undefined };
  }

  readonly get = (path: string, headers?: Record<string, string>) => this.request('GET', path, undefined, headers);
  readonly post = (path: string, body?: unknown) => this.request('POST', path, body);
  readonly put = (path: string, body: unknown) => this.request('PUT', path, body);
  readonly patch = (path: string, body: unknown) => this.request('PATCH', path, body);
  readonly delete = (path: string) => this.request('DELETE', path);

  async app(id: string): Promise<Loose> {
    return (await this.get(`/v2/apps${id}`)).body.app;
  }

  /** Waits until no deployment is left. */
  async settled(): Promise<void> {
    await waitFor(async () => {
      expect((await this.get('/v2/deployments')).body).toEqual([]);
    });
  }

  /** Collects the events of /v2/events until the test ends; those from now on, once this has resolved. */
  async events(query = ''): Promise<Loose[]> {
    const controller = new AbortController();
    onTestFinished(() => {
      controller.abort();
    });
    const response = await fetch(`${this.url}/v2/events${query}`, {
      headers: { Accept: 'text/event-stream' },
      signal: controller.signal,
    });
    expect(response.headers.get('content-type')).toBe('text/event-stream');
    const events: Loose[] = [];
    const decoder = new SseDecoder();
    const read = async () => {
      for await (const chunk of response.body ?? []) {
        for (const { name, data } of decoder.push(chunk as Uint8Array)) {
          const event = parseLoosely(data);
          expect(event.eventType).toBe(name);
          events.push(event);
        }
      }
    };
    read().catch(() => undefined);
    return events;
  }
}

export async function startTestMarathon(more: Partial<MarathonOptions> = {}, store: RecordStore = memoryStore()) {
  const log: string[] = [];
  const options: MarathonOptions = {
    host: '127.0.0.1',
    port: 0,
    hostname: 'localhost',
    masters: inMemoryDiscovery(),
    election: inMemoryDiscovery(),
    offerBatchMs: 5,
    killRetryMs: 300,
    ...more,
  };
  const component = await startMarathon(options, {
    store,
    log: (line) => {
      log.push(line);
    },
  });
  onTestFinished(() => component.stop());
  return { component, log, client: new MarathonClient(component.url), url: component.url };
}

/** A Marathon that is registered with a fake master; both end with the test. */
export async function startWithFakeMaster(
  masterOptions: ConstructorParameters<typeof FakeMaster>[0] = {},
  more: Partial<MarathonOptions> = {},
  store: RecordStore = memoryStore(),
) {
  const master = await new FakeMaster(masterOptions).start();
  onTestFinished(() => master.close());
  const masters = mastersAt(master.url);
  const marathon = await startTestMarathon({ masters, ...more }, store);
  await waitFor(() => {
    expect(master.callsOf('SUBSCRIBE')).toHaveLength(1);
  });
  return { ...marathon, master, masters };
}

/** A Marathon of which tasks run at once while `tasks.run`; those that are launched when not are held. */
export async function startWithHeldTasks() {
  const tasks = { run: true, held: [] as TaskInfo[] };
  const marathon = await startWithFakeMaster({
    onLaunch: (task, master) => {
      if (tasks.run) master.run(task);
      else tasks.held.push(task);
    },
  });
  return { ...marathon, tasks };
}

export const mastersAt = (url: string) => fixedLeader({ id: 'fake', url, hostname: '127.0.0.1' });

export const sleeper = (more: object = {}) => ({ id: '/sleeper', cmd: 'sleep 100', cpus: 0.1, mem: 16, ...more });
