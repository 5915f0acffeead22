import { Agent, type IncomingMessage } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually } from '../engine/master/master-for-test.ts';
import { commandTask, fetchJson, fetchRaw, subscribe } from '../engine/scheduler-client.ts';
import { randomFrom, type Random } from '../engine/invariant/random.ts';
import { brokenRequest } from './broken-requests.ts';
import { startFuzzCluster, type FuzzCluster } from './fuzz-cluster.ts';
import { StateReader, type KnownState } from './known-state.ts';
import { Requests, type FuzzRequest } from './requests.ts';
import { send, sendBytes } from './send.ts';
import { heldBytes, Targets } from './targets.ts';
import { trials } from '../support/trials.ts';

/*
 * Requests of every kind to every endpoint, by chance of a seed. In a failure stands the seed and the request.
 * SEED=123 REQUESTS=10000 npx vitest run test/fuzz
 */
const seed = Number(process.env['SEED'] ?? 1);
const count = trials('REQUESTS', { usual: 400, thorough: 10_000 });
const rounds = 10;

const log: string[] = [];
const sessions: IncomingMessage[] = [];
let cluster: FuzzCluster;
let targets: Targets;
let state: StateReader;
const answers = new Map<string, number>();
const connections = new Agent({ keepAlive: true });

beforeAll(async () => {
  cluster = await startFuzzCluster((line) => {
    if (log.push(line) > 50) log.shift();
  });
  targets = new Targets(cluster);
  state = new StateReader(cluster, connections);
});

afterAll(async () => {
  connections.destroy();
  await cluster.stop();
});

/** A real agent's answers about containers that cannot be attached to, removed or killed. */
const failuresOfMesos = /^(Unknown (root )?container|Nested container has not|I\/O switchboard|Unable to send signal)/;

const show = ({ component, method, target, headers, body }: FuzzRequest) =>
  [`${component} ${method} ${target}`, JSON.stringify(headers), Buffer.from(body).toString('latin1')].join('\n');

/** The state after a request that was taken, once what it has ended is there again. */
async function settled(): Promise<KnownState> {
  await targets.renew();
  let known = await state.all();
  // One that was asked to abdicate is elected and subscribes again, whatever comes next.
  await eventually(async () => {
    if (!isMarathonAway.test(known.master)) return true;
    known = await state.all();
    return false;
  });
  return known;
}

const isMarathonAway = /"name": "marathon",\s*"active": false/;

/** Sends a request. @returns whether it may have changed something. @throws Error when it is answered with a fault */
async function ask(request: FuzzRequest, random: Random): Promise<boolean> {
  const url = cluster.urls[request.component];
  if (random.chance(0.03)) {
    const text = await sendBytes(url, brokenRequest(request, random));
    if (/^HTTP\/1.1 50[^1]/m.test(text)) throw new Error(text);
    return true;
  }
  const { status, text, session } = await send(url, request, connections);
  if (session !== undefined) sessions.push(session);
  const name = `${request.component} ${status}`;
  answers.set(name, (answers.get(name) ?? 0) + 1);
  // Not served; or Marathon elects its leader, as it was asked to; or Mesos says so.
  const isNoFault =
    status < 500 ||
    status === 501 ||
    (status === 503 && text.includes('leader')) ||
    (status === 500 && failuresOfMesos.test(text));
  if (!isNoFault) throw new Error(`${status} ${text}`);
  return status < 400 && request.method !== 'GET' && request.method !== 'HEAD';
}

async function askAll(requests: Requests, random: Random): Promise<void> {
  let known = await settled();
  for (let index = 0; index < count / rounds; index += 1) {
    const request = requests.next(targets.ids);
    const { component } = request;
    try {
      if (await ask(request, random)) known = await settled();
      else if (component !== 'balancer') expect(await state.of(component)).toBe(known[component]);
    } catch (error) {
      throw new Error(`${String(error)}\nSEED=${seed} ${show(request)}\n${log.join('\n')}`, { cause: error });
    }
  }
}

const name = `${count} requests by the seed ${seed} are no faults, and change nothing where they are refused or only read`;

test(name, { timeout: 900_000 }, async () => {
  const random = randomFrom(seed);
  const requests = new Requests(random);
  const held: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    await askAll(requests, random);
    for (const session of sessions.splice(0)) session.destroy();
    await targets.clear();
    held.push(heldBytes());
  }
  // Not all are refused at the door.
  for (const taken of ['master 202', 'master 200', 'agent 200', 'marathon 200', 'balancer 200']) {
    expect([...answers.keys()]).toContain(taken);
  }
  const half = rounds / 2;
  const growth = (held.at(-1) ?? 0) - (held[half - 1] ?? 0);
  // Whatever the number of requests: what is compiled late counts, and lists that are not yet as long as they may be.
  expect(growth, held.join(', ')).toBeLessThan(2_500_000);
});

test('afterwards tasks are launched, and apps deployed, as before', async () => {
  const { master, marathon } = cluster.urls;
  const framework = await subscribe(master);
  const [offer] = await framework.takeOffers();
  const container = { type: 'DOCKER', docker: { image: 'busybox', network: 'HOST' } };
  const task = commandTask('after', offer?.agent_id.value ?? '', { container });
  expect((await framework.launch([offer?.id.value ?? ''], [task])).status).toBe(202);
  await framework.acknowledge(await framework.takeUpdate('after', 'TASK_STARTING'));
  await framework.takeUpdate('after', 'TASK_RUNNING');
  await framework.call('TEARDOWN');
  const app = { container, cpus: 0.1, mem: 16 };
  expect((await fetchRaw(`${marathon}/v2/apps/after`, { method: 'PUT', body: app })).status).toBe(201);
  await eventually(async () => (await fetchJson(`${marathon}/v2/apps/after`)).app.tasksRunning === 1);
});
