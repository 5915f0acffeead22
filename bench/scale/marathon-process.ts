import { fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { startAgent } from '../../engine/agent/start-agent.ts';
import type { Discovery } from '../../engine/discovery/discovery.ts';
import { fixedLeader, inMemoryDiscovery } from '../../engine/discovery/in-memory-discovery.ts';
import { completeApp } from '../../engine/marathon/apps/complete-app.ts';
import { AppRepository } from '../../engine/marathon/apps/app-repository.ts';
import type { SharedParts } from '../../engine/marathon/leadership/shared-parts.ts';
import { EventBus } from '../../engine/marathon/event-bus.ts';
import { withDefaults } from '../../engine/marathon/marathon-options.ts';
import { Instances } from '../../engine/marathon/scheduling/instance-index.ts';
import { LaunchDelays } from '../../engine/marathon/scheduling/launch-delays.ts';
import { LaunchQueue } from '../../engine/marathon/scheduling/launch-queue.ts';
import { OfferHandler } from '../../engine/marathon/scheduling/offer-handler.ts';
import { startMarathon } from '../../engine/marathon/start-marathon.ts';
import { frameworkStore } from '../../runtimes/embedded/framework-store.ts';
import { newTimestamps } from '../../engine/marathon/timestamps.ts';
import { startMaster } from '../../engine/master/start-master.ts';
import { nodeSandboxes } from '../../platform/files/sandboxes.ts';
import { nodeProcesses } from '../../platform/processes/processes.ts';
import type { App } from '../../protocol/marathon.ts';
import type { Json, Offer } from '../../protocol/mesos.ts';

/*
 * One measurement of the engine's Marathon, in a process of its own; prints its milliseconds as JSON by name:
 *   offers AGENTS INSTANCES [CONSTRAINT…]   the real OfferHandler, on offers of that many agents, with no master
 *   groups APPS                             PUT /v2/groups on a real Marathon, with no master
 *   posts APPS INSTANCES                    POST /v2/apps one by one, with no master
 *   launches AGENTS INSTANCES               launch on a master in another process; what Marathon alone takes for each
 *   cluster AGENTS INSTANCES                launch and delete simulated containers on a real master and real agents
 */

const silent = { log: () => undefined };
const version = '2026-01-01T00:00:00.000Z';

function appOf(more: Readonly<Record<string, Json>>): App {
  const app = completeApp({ id: '/a', cmd: 'x', cpus: 0.01, mem: 1, ...more });
  return { ...app, version, versionInfo: { lastScalingAt: version, lastConfigChangeAt: version } };
}

function offerOf(index: number, batch: number): Offer {
  const scalar = (name: string, value: number) => ({ name, type: 'SCALAR' as const, scalar: { value }, role: '*' });
  return {
    id: { value: `O${index}-${batch}` },
    framework_id: { value: 'F' },
    agent_id: { value: `S${index}` },
    hostname: `agent${index}`,
    attributes: [{ name: 'rack', type: 'TEXT', text: { value: `r${index % 10}` } }],
    resources: [
      scalar('cpus', 64),
      scalar('mem', 64_000),
      scalar('disk', 64_000),
      { name: 'ports', type: 'RANGES', ranges: { range: [{ begin: 31_000, end: 32_000 }] }, role: '*' },
    ],
  };
}

async function offers(agents: number, instances: number, constraints: readonly string[]) {
  const clock = Date.now;
  const app = appOf({ instances, ...(constraints.length === 0 ? {} : { constraints: [[...constraints]] }) });
  const taken = { count: 0 };
  const shared = {
    settings: withDefaults({
      ...{ host: '', port: 0, hostname: '', masters: inMemoryDiscovery(), election: inMemoryDiscovery() },
      offerBatchMs: 0,
    }),
    ...silent,
    clock,
    timestamps: newTimestamps(clock),
    apps: new AppRepository([{ versions: [app] }]),
    instances: new Instances([]),
    delays: new LaunchDelays(clock),
    events: new EventBus(() => version),
    store: { changed: () => undefined, flush: () => Promise.resolve(true) },
    failures: new Map(),
    call: () => Promise.resolve((taken.count += 1) > 0),
    wake: () => undefined,
  } as unknown as SharedParts;
  const queue = new LaunchQueue(shared);
  queue.set(app.id, instances);
  const handler = new OfferHandler(shared, queue);
  const before = process.cpuUsage();
  for (let batch = 0; queue.count(app.id) > 0; batch += 1) {
    const calls = taken.count;
    handler.onOffers(Array.from({ length: agents }, (_, index) => offerOf(index, batch)));
    while (taken.count === calls) await new Promise(setImmediate);
  }
  return { launch: cpuMs(before) };
}

const cpuMs = (before: NodeJS.CpuUsage) => {
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
};

/** As the embedded runtime has it: every save is written to the disk. */
const fileStore = (path: string) => frameworkStore(path, nodeSandboxes)();

const marathonAt = (masters: Discovery, store: string) =>
  startMarathon(
    { host: '127.0.0.1', port: 0, hostname: '127.0.0.1', masters, election: inMemoryDiscovery() },
    { ...silent, store: fileStore(store) },
  );

async function inFolder<Result>(use: (folder: string) => Promise<Result>): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  try {
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function groups(count: number, folder: string) {
  const marathon = await marathonAt(inMemoryDiscovery(), join(folder, 'state'));
  const apps = Array.from({ length: count }, (_, index) => ({ id: `a${index}`, cmd: 'x', cpus: 0.01, mem: 1 }));
  const body = JSON.stringify({ id: '/', groups: [{ id: 'g', apps }] });
  const put = async () => {
    const before = process.cpuUsage();
    const answer = await fetch(`${marathon.url}/v2/groups?force=true`, {
      method: 'PUT',
      body,
      headers: { 'Content-Type': 'application/json' },
    });
    if (answer.status !== 200) throw new Error(`${answer.status} ${await answer.text()}`);
    return cpuMs(before);
  };
  const create = await put();
  const again = await put();
  const before = process.cpuUsage();
  await (await fetch(`${marathon.url}/v2/groups`)).text();
  const get = cpuMs(before);
  await marathon.stop();
  return { create, again, get };
}

/** Apps that come one by one: in all, and for each of the last hundred. */
async function posts(count: number, instances: number, folder: string) {
  const marathon = await marathonAt(inMemoryDiscovery(), join(folder, 'state'));
  const post = async (index: number) => {
    const answer = await fetch(`${marathon.url}/v2/apps`, {
      method: 'POST',
      body: JSON.stringify({ id: `/g${index % 10}/a${index}`, cmd: 'x', instances, cpus: 0.01, mem: 1 }),
      headers: { 'Content-Type': 'application/json' },
    });
    if (answer.status !== 201) throw new Error(`${answer.status} ${await answer.text()}`);
    await answer.text();
  };
  const before = process.cpuUsage();
  let beforeLast = before;
  for (let index = 0; index < count; index += 1) {
    if (index === count - 100) beforeLast = process.cpuUsage();
    await post(index);
  }
  const result = { all: cpuMs(before), eachOfLast: cpuMs(beforeLast) / 100 };
  await marathon.stop();
  return result;
}

async function cluster(agentCount: number, instances: number, folder: string) {
  const masters = inMemoryDiscovery();
  const host = { host: '127.0.0.1', port: 0, hostname: '127.0.0.1' };
  const flags = { cluster: 'c', quorum: 1, discovery: masters, flags: {}, allocationIntervalMs: 50 };
  const master = await startMaster({ ...host, ...flags }, silent);
  const agents = await Promise.all(
    Array.from({ length: agentCount }, (_, ordinal) =>
      startAgent(
        {
          ...host,
          masters,
          resources: `cpus:64;mem:64000;disk:64000;ports:[${20_000 + 100 * ordinal}-${20_099 + 100 * ordinal}]`,
          attributes: '',
          workDir: join(folder, `agent${ordinal}`),
          version: '1.12.0',
          dockerTasks: 'simulated',
          registrationBackoffMs: 20,
        },
        { ...silent, processes: nodeProcesses, sandboxes: nodeSandboxes },
      ),
    ),
  );
  const marathon = await marathonAt(masters, join(folder, 'state'));
  const ask = async (method: string, path: string, body?: object) => {
    const answer = await fetch(`${marathon.url}${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } }),
    });
    return await answer.json();
  };
  const settled = async (start: number) => {
    while (((await ask('GET', '/v2/deployments')) as readonly unknown[]).length > 0) {
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    return performance.now() - start;
  };
  const app = { id: '/a', instances, cpus: 0.01, mem: 1, portDefinitions: [], container: containerOf() };
  let start = performance.now();
  await ask('POST', '/v2/apps', app);
  const launch = await settled(start);
  start = performance.now();
  await ask('DELETE', '/v2/apps/a');
  const end = await settled(start);
  await Promise.all([marathon, ...agents, master].map((each) => each.stop()));
  return { launch, end };
}

/** On a master that is not measured: what Marathon takes for each task, and how long it answers nobody. */
async function launches(agents: number, instances: number, folder: string) {
  const child = fork('bench/scale/fake-master.mjs', [String(agents), String(instances)]);
  const next = <Message>() => new Promise<Message>((resolve) => child.once('message', resolve));
  const url = await next<string>();
  const subscribed = next();
  const marathon = await marathonAt(fixedLeader({ id: 'fake', url, hostname: '127.0.0.1' }), join(folder, 'state'));
  await subscribed;
  const delays = monitorEventLoopDelay({ resolution: 1 });
  const done = next<{ acknowledgedAt: number[]; waits: number[]; calls: number }>();
  const post = (id: string, count: number) =>
    fetch(`${marathon.url}/v2/apps`, {
      method: 'POST',
      body: JSON.stringify({ id, cmd: 'x', instances: count, cpus: 0.01, mem: 1 }),
      headers: { 'Content-Type': 'application/json' },
    });
  await post('/other', 0);
  child.send(marathon.url);
  delays.enable();
  const before = process.cpuUsage();
  const start = performance.now();
  await post('/a', instances);
  const { acknowledgedAt, waits, calls } = await done;
  const wallMs = performance.now() - start;
  const cpu = cpuMs(before);
  child.disconnect();
  const thousand = (from: number) => (acknowledgedAt[from + 1999] ?? 0) - (acknowledgedAt[from] ?? 0);
  waits.sort((a, b) => a - b);
  return {
    cpuPerTask: cpu / instances,
    perSecond: (instances * 1000) / wallMs,
    firstThousand: thousand(0),
    lastThousand: thousand(acknowledgedAt.length - 2000),
    longestBlock: delays.max / 1e6,
    waitForApp: waits[Math.floor(waits.length * 0.99)] ?? 0,
    callsPerTask: calls / instances,
    rssMb: process.memoryUsage.rss() / 1e6,
  };
}

const containerOf = () => ({ type: 'DOCKER', docker: { image: 'nginx' } });

async function measure([kind, first, second, ...rest]: readonly string[]) {
  switch (kind) {
    case 'offers':
      return offers(Number(first), Number(second), rest);
    case 'groups':
      return inFolder((folder) => groups(Number(first), folder));
    case 'cluster':
      return inFolder((folder) => cluster(Number(first), Number(second), folder));
    case 'posts':
      return inFolder((folder) => posts(Number(first), Number(second), folder));
    case 'launches':
      return inFolder((folder) => launches(Number(first), Number(second), folder));
    default:
      throw new Error('offers, groups, posts, launches or cluster?');
  }
}

process.stdout.write(`${JSON.stringify(await measure(process.argv.slice(2)))}\n`);
process.exit(0);
