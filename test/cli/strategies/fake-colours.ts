import { clusterAt, type ClusterTarget } from '../../../checks/cluster-target.ts';
import type { ClusterAnswer } from '../../../checks/cluster-client.ts';
import type { AppDefinition } from '../../../cli/apps/app-files.ts';
import { marathonClient } from '../../../cli/apps/marathon-client.ts';
import { quietly, stepReporter } from '../../../cli/printing/step-reporter.ts';
import type { StrategyWorld } from '../../../cli/strategies/strategy-world.ts';
import { readApps } from '../../../engine/load-balancer/marathon-app.ts';
import { serverPool } from '../../../engine/load-balancer/server-pool.ts';
import { serviceTable, type Service } from '../../../engine/load-balancer/service-table.ts';
import { statisticsCsv } from '../../../engine/load-balancer/statistics.ts';
import { textAt, type JsonObject } from '../../../protocol/json.ts';

interface FakeTask {
  readonly id: string;
  readonly port: number;
  readonly bornAt: number;
  readonly version: string;
}

interface FakeApp {
  definition: JsonObject & { readonly id: string; readonly cmd: string; readonly instances: number };
  version: string;
  lastScalingAt: string;
  lastConfigChangeAt: string;
  tasks: FakeTask[];
  isDeploying: boolean;
}

/** After which an instance answers its checks, if it ever does. */
const startsAfterMs = 1000;
/** After which one that turns bad is. */
const turnsAfterMs = 5000;

/** How long a removed app is locked. */
const endsAfterMs = 1000;

/** The file of a version, whose `cmd` says how it does: well, sick from the start, or turning bad. */
export function versionFile(
  cmd: 'well' | 'better' | 'sick' | 'turns' | 'unseen',
  more: JsonObject = {},
): AppDefinition {
  const definition = {
    id: '/web',
    cmd,
    instances: 4,
    portDefinitions: [{ port: 10_000 }],
    labels: { HAPROXY_GROUP: 'external', HAPROXY_DEPLOYMENT_GROUP: 'web', HAPROXY_DEPLOYMENT_ALT_PORT: '10001' },
    healthChecks: [{ protocol: 'HTTP', path: '/', maxConsecutiveFailures: 3 }],
    ...more,
  };
  return { kind: 'app', id: '/web', file: `${cmd}.json`, definition, apps: ['/web'] };
}

/**
 * Stands in for a Marathon, by its API, and for a load balancer, with the engine's own rules for deployment groups, in
 * time that only passes while somebody waits.
 */
export class FakeColours {
  readonly apps = new Map<string, FakeApp>();
  /** By version (`cmd`), the largest part of the servers that take requests that it ever was. */
  readonly largestShares = new Map<string, number>();
  /** The fewest servers that took requests since there were any. */
  fewest = Infinity;
  /** Tasks that were ended while the load balancer still gave them requests. */
  readonly brokenOff: string[] = [];
  readonly asked: string[] = [];
  readonly warnings: string[] = [];
  /** Process ids of the load balancer; more than two while it is reloaded. */
  processes = '4711';
  /** Called before each wait. */
  onWait: () => void = () => undefined;
  #now = 0;
  #made = 0;
  /** When the instances of removed apps have ended. */
  readonly #ending = new Map<string, number>();
  #gone = new AbortController();

  world(more: Partial<StrategyWorld> = {}): StrategyWorld {
    const target: ClusterTarget = {
      ...{ masters: [], marathons: ['http://marathon'], zookeepers: [], hosts: {} },
      loadBalancer: 'http://balancer',
      services: { host: '127.0.0.1', first: 10_000, last: 10_020, published: 10_000, groups: ['external'] },
    };
    const client = {
      urlFor: (place: string) => `http://${place}`,
      ask: (url: string, _: AbortSignal, options: { method?: string; body?: unknown } = {}) =>
        Promise.resolve(this.#answer(url, options.method ?? 'GET', options.body)),
    };
    const clock = { now: () => this.#now, sleep: (ms: number, signal?: AbortSignal) => this.#sleep(ms, signal) };
    this.#gone = new AbortController();
    const { signal } = this.#gone;
    const stderr = { isTerminal: false, columns: 80, write: () => undefined };
    const reporter = quietly(stepReporter({ stderr, env: {}, clock, colour: false }));
    const warn = (text: string) => void this.warnings.push(text);
    return {
      ...{ marathon: marathonClient(target.marathons, client, signal), cluster: { ...clusterAt(target), client } },
      ...{ reporter: { ...reporter, warn }, clock, signal, deadlineMs: 60_000, isForced: false },
      ...more,
    };
  }

  /** As Ctrl-C does. */
  interrupt(): void {
    this.#gone.abort(new Error('interrupted'));
  }

  readonly today = () => Date.parse('2026-01-01T00:00:00Z') + this.#now;

  instances = () => Object.fromEntries([...this.apps].map(([id, { definition }]) => [id, definition.instances]));

  async #sleep(ms: number, signal?: AbortSignal): Promise<void> {
    this.onWait();
    await Promise.resolve();
    signal?.throwIfAborted();
    // pollUntil waits for its deadline beside its looks: such a sleep ends by its signal.
    if (ms >= 10_000)
      return new Promise((_, reject) =>
        signal?.addEventListener('abort', () => {
          reject(new Error('over'));
        }),
      );
    this.#now += ms;
    for (const app of this.apps.values()) {
      while (app.tasks.length < app.definition.instances) app.tasks.push(this.#start(app));
      if (app.tasks.every((task) => this.#isAlive(app, task))) app.isDeploying = false;
    }
    this.#known = this.#next;
    this.#next = this.#services();
    this.#measure();
  }

  #start({ definition, version }: FakeApp): FakeTask {
    this.#made += 1;
    const id = `${definition.id.slice(1)}.instance-${1000 + this.#made}._app.1`;
    return { id, port: 31_000 + this.#made, bornAt: this.#now, version };
  }

  #isAlive({ definition: { cmd } }: FakeApp, { bornAt }: FakeTask): boolean {
    const age = this.#now - bornAt;
    return cmd !== 'sick' && age >= startsAfterMs && (cmd !== 'turns' || age < turnsAfterMs);
  }

  /** What the load balancer goes by: as Marathon was one wait ago. */
  #known: readonly Service[] = [];
  #next: readonly Service[] = [];

  readonly #services = () => {
    const apps = [...this.apps.values()].map((app) => this.#view(app));
    return serviceTable(readApps({ apps }), { groups: ['external'], hosts: {}, wasServing: () => false });
  };

  readonly #served = () => this.#known.flatMap(({ servers }) => servers.filter(({ isDraining }) => !isDraining));

  /** The load balancer does not reach a version `unseen`, which is well for Marathon. */
  readonly #seen = () => {
    const unseen = [...this.apps.values()].filter(({ definition }) => definition.cmd === 'unseen');
    const ids = new Set(unseen.flatMap(({ tasks }) => tasks.map(({ id }) => id)));
    return this.#known.map((service) => ({
      ...service,
      servers: service.servers.filter((each) => !ids.has(each.taskId)),
    }));
  };

  #end(tasks: readonly FakeTask[]): void {
    const served = this.#served().map(({ taskId }) => taskId);
    this.brokenOff.push(...tasks.flatMap(({ id }) => (served.includes(id) ? [id] : [])));
  }

  #measure(): void {
    const servers = this.#served();
    if (servers.length === 0) return;
    this.fewest = Math.min(this.fewest, servers.length);
    for (const { definition, tasks } of this.apps.values()) {
      const own = servers.filter(({ taskId }) => tasks.some(({ id }) => id === taskId)).length;
      const name = definition.cmd;
      this.largestShares.set(name, Math.max(this.largestShares.get(name) ?? 0, own / servers.length));
    }
  }

  #view(app: FakeApp): JsonObject {
    const { definition, version, lastScalingAt, lastConfigChangeAt, tasks, isDeploying } = app;
    const alive = tasks.filter((task) => this.#isAlive(app, task));
    const shown = tasks.map((task) => {
      const failures = Math.floor((this.#now - task.bornAt) / 1000);
      const result = alive.includes(task)
        ? { alive: true, consecutiveFailures: 0, lastSuccess: 'now' }
        : {
            alive: false,
            consecutiveFailures: failures,
            ...(definition.cmd === 'turns' ? { lastSuccess: 'once' } : {}),
          };
      const isKnown = failures > 0 || alive.includes(task);
      return {
        ...{ id: task.id, host: '127.0.0.1', ports: [task.port], state: 'TASK_RUNNING', version: task.version },
        healthCheckResults: isKnown ? [result] : [],
      };
    });
    return {
      ...definition,
      ...{ version, versionInfo: { lastScalingAt, lastConfigChangeAt }, tasks: shown },
      ...{ tasksRunning: tasks.length, tasksHealthy: alive.length, deployments: isDeploying ? [{ id: 'd' }] : [] },
    };
  }

  #answer(url: string, method: string, body: unknown): ClusterAnswer {
    const { host, pathname } = new URL(url);
    if (host === 'balancer') {
      const text = pathname === '/_haproxy_getpids' ? this.processes : statisticsCsv(this.#seen().map(serverPool));
      return { url, status: 200, headers: {}, text, json: undefined };
    }
    if (method !== 'GET') this.asked.push(`${method} ${pathname}`);
    const [status, json] = this.#marathon(method, pathname, body as JsonObject);
    return { url, status, headers: {}, text: JSON.stringify(json), json };
  }

  #marathon(method: string, path: string, body: JsonObject): readonly [number, unknown] {
    const started = { deploymentId: 'd', version: this.#time() };
    const ending = [...this.#ending].filter(([, until]) => this.#now < until).map(([id]) => id);
    if (path === '/v2/deployments') {
      const busy = [...this.apps].flatMap(([id, { isDeploying }]) => (isDeploying ? [id] : []));
      return [200, [...ending, ...busy].map((id) => ({ id: 'd', affectedApps: [id] }))];
    }
    if (path === '/v2/queue') return [200, { queue: [] }];
    if (path === '/v2/apps') return [200, { apps: [...this.apps.values()].map((app) => this.#view(app)) }];
    if (path === '/v2/tasks/delete') {
      this.#kill((body as unknown as { readonly ids: readonly string[] }).ids);
      return [200, started];
    }
    const id = path.replace('/v2/apps', '');
    const app = this.apps.get(id);
    if (method === 'GET') return app === undefined ? [404, { message: `no ${id}` }] : [200, { app: this.#view(app) }];
    if (method === 'PUT' && ending.includes(id)) return [409, { message: 'App is locked' }];
    if (method === 'DELETE') {
      this.#end(app?.tasks ?? []);
      this.apps.delete(id);
      this.#ending.set(id, this.#now + endsAfterMs);
    } else if (app === undefined) this.#create(id, body);
    else this.#scale(app, body['instances'] as number);
    return [app === undefined ? 201 : 200, started];
  }

  /** Each moment is another one, as Marathon's versions are. */
  readonly #time = () =>
    new Date(Date.parse('2026-02-01T00:00:00Z') + this.#now * 1000 + this.asked.length).toISOString();

  #create(id: string, body: JsonObject): void {
    const at = this.#time();
    const definition = { ...body, id, cmd: textAt(body, 'cmd') ?? '', instances: Number(body['instances']) };
    this.apps.set(id, {
      definition,
      version: at,
      lastScalingAt: at,
      lastConfigChangeAt: at,
      tasks: [],
      isDeploying: true,
    });
  }

  #scale(app: FakeApp, instances: number): void {
    app.definition = { ...app.definition, instances };
    app.version = app.lastScalingAt = this.#time();
    this.#end(app.tasks.slice(instances));
    app.tasks = app.tasks.slice(0, instances);
    app.isDeploying = true;
  }

  #kill(ids: readonly string[]): void {
    for (const app of this.apps.values()) {
      const left = app.tasks.filter(({ id }) => !ids.includes(id));
      const fewer = app.tasks.length - left.length;
      this.#end(app.tasks.filter((task) => !left.includes(task)));
      app.tasks = left;
      if (fewer > 0) this.#scale(app, app.definition.instances - fewer);
    }
  }
}
