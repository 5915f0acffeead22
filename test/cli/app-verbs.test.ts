import { describe, expect, it } from 'vitest';
import { absoluteId, appPath } from '../../protocol/marathon/app-id.ts';
import { UnreachableError, type ClusterAnswer, type ClusterClient } from '../../checks/cluster-client.ts';
import { clusterAt } from '../../checks/cluster-target.ts';
import { awaitDeployment } from '../../cli/apps/await-deployment.ts';
import { awaitDeployments } from '../../cli/apps/await-deployments.ts';
import { marathonClient, type MarathonClient } from '../../cli/apps/marathon-client.ts';
import { planCluster } from '../../planning/plan/plan-cluster.ts';
import { folderWith, runFake } from './fake-context.ts';

const { signal } = new AbortController();
const answer = (status: number, json: unknown): ClusterAnswer => ({
  url: '',
  status,
  headers: {},
  text: JSON.stringify(json),
  json,
});

/** Servers that give the same answer to everything; all others are not there. */
function fakeServers(answers: Readonly<Record<string, ClusterAnswer>>): ClusterClient {
  return {
    urlFor: (place) => `http://${place}`,
    ask: (url) => {
      const found = Object.entries(answers).find(([server]) => url.startsWith(server))?.[1];
      return found === undefined
        ? Promise.reject(new UnreachableError(url, 'ECONNREFUSED', 'nobody listens there'))
        : Promise.resolve(found);
    },
  };
}

describe('Marathon, as the verbs ask it', () => {
  it('is the first of several that answers', async () => {
    const client = fakeServers({ 'http://b': answer(200, { app: {} }) });
    const marathon = marathonClient(['http://a', 'http://b'], client, signal);
    expect((await marathon.ask('GET', '/v2/apps/x')).json).toEqual({ app: {} });
  });

  it('is missed with a hint when nobody answers', async () => {
    const marathon = marathonClient(['http://a', 'http://b'], fakeServers({}), signal);
    await expect(marathon.ask('GET', '/v2/apps')).rejects.toMatchObject({
      problems: [{ code: 'LAB_NOT_RUNNING', message: expect.stringContaining('http://a, http://b') }],
    });
  });

  const page = (status: number): ClusterAnswer => ({ ...answer(status, undefined), text: '<html>Sign in</html>' });

  it.each([
    ['PUT', page(200)],
    ['PUT', page(404)],
    ['PUT', page(405)],
    ['PUT', answer(404, { message: 'Not Found' })],
    ['PUT', answer(200, { ok: true })],
    ['GET', page(200)],
    ['GET', page(302)],
    ['GET', page(404)],
    ['GET', answer(200, [])],
  ] as const)('is told from a server that answers %s with %o', async (method, other) => {
    const marathon = marathonClient(['http://a', 'http://b'], fakeServers({ 'http://b': other }), signal);
    await expect(marathon.ask(method, '/v2/apps/x', {})).rejects.toMatchObject({
      problems: [
        {
          code: 'LAB_NOT_RUNNING',
          message: 'What answers at http://b is not Marathon',
          found: expect.stringMatching(new RegExp(`^${String(other.status)} .*, to ${method} /v2/apps/x$`)),
        },
      ],
    });
  });

  it('is found behind a server that is none', async () => {
    const client = fakeServers({ 'http://a': page(200), 'http://b': answer(201, { deploymentId: 'd-1' }) });
    const marathon = marathonClient(['http://a', 'http://b'], client, signal);
    expect((await marathon.ask('PUT', '/v2/apps/x', {})).status).toBe(201);
  });

  it('may not have an app', async () => {
    const missing = answer(404, { message: "App '/x' does not exist" });
    const marathon = marathonClient(['http://a'], fakeServers({ 'http://a': missing }), signal);
    expect((await marathon.ask('GET', '/v2/apps/x')).status).toBe(404);
  });

  it('is quoted with all that it complains about', async () => {
    const complaint = {
      message: 'Object is not valid',
      details: [
        { path: '/cpus', errors: ['error.expected.jsnumber', 'too many'] },
        { path: '', errors: ['neither cmd nor container'] },
      ],
    };
    const marathon = marathonClient(['http://a'], fakeServers({ 'http://a': answer(422, complaint) }), signal);
    await expect(marathon.ask('PUT', '/v2/apps/x', { cpus: 'many' })).rejects.toMatchObject({
      problems: [
        {
          code: 'MARATHON_REFUSED',
          message: 'Marathon refused PUT /v2/apps/x: Object is not valid (HTTP 422)',
          found: expect.stringMatching(
            /^\/cpus: error.expected.jsnumber \(there is "many"\)\n +\/cpus: too many \(there is "many"\)\n +neither cmd nor container$/,
          ),
        },
      ],
    });
  });

  it('is quoted with the deployments in the way, and how to go over them', async () => {
    const locked = { message: 'App is locked', deployments: [{ id: 'd-1' }] };
    const marathon = marathonClient(['http://a'], fakeServers({ 'http://a': answer(409, locked) }), signal);
    await expect(marathon.ask('PUT', '/v2/apps/x', {})).rejects.toMatchObject({
      problems: [{ found: 'deployment d-1', fix: expect.stringContaining('--force') }],
    });
  });
});

/** Whose masters know nothing of a task. */
const cluster = clusterAt({
  masters: [],
  marathons: [],
  zookeepers: [],
  expected: { masterCount: 0, agents: [] },
  hosts: {},
});

describe('the wait for a deployment', () => {
  /** A Marathon whose app is as each of these, one look after another. */
  function fakeMarathon(...apps: readonly unknown[]): MarathonClient {
    let look = 0;
    const next = (path: string) =>
      path === '/v2/queue' ? { queue: [] } : { app: apps[Math.min(look++, apps.length - 1)] };
    return { ask: (_, path) => Promise.resolve(answer(200, next(path))) };
  }
  function wait(marathon: MarathonClient, seen: string[] = [], notes: string[] = []) {
    let now = 0;
    const clock = { now: () => now, sleep: (ms: number) => Promise.resolve(void (now += ms)) };
    return awaitDeployment('/x', {
      marathon,
      cluster,
      clock,
      signal,
      deadlineMs: 1000,
      seen: (text) => seen.push(text),
      note: (text) => notes.push(text),
    });
  }
  const app = (running: number, deployments: number, more = {}) => ({
    instances: 2,
    tasksRunning: running,
    tasksHealthy: running,
    deployments: Array.from({ length: deployments }, () => ({})),
    ...more,
  });

  it('ends when the app has none any more, and says what runs', async () => {
    const seen: string[] = [];
    const state = await wait(fakeMarathon(app(0, 1), app(1, 1), app(2, 0, { healthChecks: [{}] })), seen);
    expect([state, seen]).toEqual([
      '2 of 2 running, 2 healthy',
      ['0 of 2 running', '1 of 2 running', '2 of 2 running, 2 healthy'],
    ]);
  });

  it('says once why no offer fits, and again at its deadline', async () => {
    const rejectSummaryLastOffers = [{ reason: 'InsufficientCpus', declined: 2, processed: 2 }];
    const queue = [{ app: { id: '/x', cpus: 64 }, processedOffersSummary: { rejectSummaryLastOffers } }];
    const marathon: MarathonClient = {
      ask: (_, path) => Promise.resolve(answer(200, path === '/v2/queue' ? { queue } : { app: app(0, 1) })),
    };
    const notes: string[] = [];
    const reason = 'no offer fits: 2 agents: less than 64 cpus free';
    await expect(wait(marathon, [], notes)).rejects.toMatchObject({
      problems: [{ code: 'NOT_READY', found: `0 of 2 running; ${reason}` }],
    });
    expect(notes).toEqual([`/x waits: ${reason}`]);
  });

  it('ends when somebody has removed the app', async () => {
    const gone: MarathonClient = { ask: () => Promise.resolve(answer(404, { message: "App '/x' does not exist" })) };
    await expect(wait(gone)).rejects.toMatchObject({ problems: [{ code: 'USAGE_UNKNOWN_NAME' }] });
  });

  it('ends at its deadline, with what was seen last and the last failure', async () => {
    const lastTaskFailure = { state: 'TASK_FAILED', message: 'exited with status 1' };
    await expect(wait(fakeMarathon(app(0, 1, { lastTaskFailure })))).rejects.toMatchObject({
      problems: [{ code: 'NOT_READY', found: '0 of 2 running; last failure: TASK_FAILED exited with status 1' }],
    });
  });
});

describe('the wait for a deployment whose tasks fail', () => {
  it('ends with the third that says the same, long before the deadline', async () => {
    let now = 0;
    const clock = { now: () => now, sleep: (ms: number) => Promise.resolve(void (now += ms)) };
    const app = () => ({
      instances: 1,
      tasksRunning: 0,
      deployments: [{}],
      lastTaskFailure: { state: 'TASK_FAILED', message: 'Container terminated', taskId: `x.${Math.floor(now / 1000)}` },
    });
    const marathon: MarathonClient = { ask: () => Promise.resolve(answer(200, { app: app() })) };
    const waiting = awaitDeployment('/x', {
      marathon,
      cluster,
      clock,
      signal,
      deadlineMs: 300_000,
      seen: () => undefined,
      note: () => undefined,
    });
    await expect(waiting).rejects.toMatchObject({
      problems: [
        {
          code: 'NOT_READY',
          message: 'one task of /x after another fails with the same words',
          found: '0 of 1 running; last failure: TASK_FAILED Container terminated',
        },
      ],
    });
    expect(now).toBe(2000);
  });
});

describe('the wait for a group', () => {
  it('ends with the app that fails again and again, which another one of it waits for', async () => {
    let now = 0;
    const askedAt: number[] = [];
    const clock = { now: () => now, sleep: (ms: number) => Promise.resolve(void (now += ms)) };
    const lastTaskFailure = () => ({ state: 'TASK_FAILED', message: 'no such database', taskId: `db.${String(now)}` });
    const marathon: MarathonClient = {
      ask: (_, path) => {
        if (path === '/v2/queue') askedAt.push(now);
        const failure = path.startsWith('/v2/apps/g/db') ? { lastTaskFailure: lastTaskFailure() } : {};
        return Promise.resolve(answer(200, { app: { instances: 1, tasksRunning: 0, deployments: [{}], ...failure } }));
      },
    };
    const world = {
      marathon,
      cluster,
      clock,
      signal,
      deadlineMs: 300_000,
      seen: () => undefined,
      note: () => undefined,
    };
    await expect(awaitDeployments(['/g/web', '/g/db'], world)).rejects.toMatchObject({
      problems: [{ code: 'NOT_READY', message: 'one task of /g/db after another fails with the same words' }],
    });
    // Both ask, and share the answer.
    expect(askedAt).toEqual([...new Set(askedAt)]);
    expect(askedAt[0]).toBe(0);
  });
});

describe('the wait after a deployment', () => {
  interface Look {
    readonly running: number;
    readonly failedAt?: string;
  }
  /** @param looks what is seen after so many milliseconds, for as long as nothing later is */
  async function waitFor(looks: Readonly<Record<number, Look>>) {
    let now = 0;
    const clock = { now: () => now, sleep: (ms: number) => Promise.resolve(void (now += ms)) };
    const look = () => {
      const [, seen] = Object.entries(looks).findLast(([from]) => Number(from) <= now) ?? [];
      const message = 'exited with status 1';
      return {
        instances: 1,
        tasksRunning: seen?.running ?? 0,
        deployments: [],
        version: '2026-01-01T00:00:00.000Z',
        ...(seen?.failedAt === undefined ? {} : { lastTaskFailure: { timestamp: seen.failedAt, message, state: 'X' } }),
      };
    };
    const marathon: MarathonClient = { ask: () => Promise.resolve(answer(200, { app: look() })) };
    const state = await awaitDeployment('/x', {
      marathon,
      cluster,
      clock,
      signal,
      deadlineMs: 9000,
      seen: () => undefined,
      note: () => undefined,
    });
    return { state, now };
  }
  const failedAt = '2026-01-01T00:00:01.000Z';

  it('is short for an app that runs, whatever happened before its deployment', async () => {
    const failedBefore = '2025-12-31T00:00:00.000Z';
    expect(await waitFor({ 0: { running: 1, failedAt: failedBefore } })).toEqual({ state: '1 of 1 running', now: 500 });
  });

  it('gives instances that failed the time to come back', async () => {
    const looks = { 0: { running: 0, failedAt }, 900: { running: 1, failedAt } };
    expect(await waitFor(looks)).toEqual({ state: '1 of 1 running', now: 2000 });
  });

  it('ends with the last failure when an app fails again and again', async () => {
    await expect(waitFor({ 0: { running: 1 }, 300: { running: 0, failedAt } })).rejects.toMatchObject({
      problems: [{ code: 'NOT_READY', found: '0 of 1 running; last failure: X exited with status 1' }],
    });
  });
});

describe('app ids', () => {
  it.each([
    ['nginx', '/nginx', '/v2/apps/nginx'],
    ['/shop/web/', '/shop/web', '/v2/apps/shop/web'],
    ['a b?c', '/a b?c', '/v2/apps/a%20b%3Fc'],
  ])('%s', (typed, id, path) => {
    expect([absoluteId(typed), appPath(typed)]).toEqual([id, path]);
  });
});

describe('deploy and scale', () => {
  const lab = (files: Readonly<Record<string, string>> = {}) =>
    folderWith({ 'mesos-cluster.yaml': 'name: lab\nports:\n  marathon: 1\n', ...files });

  it.each([
    [{}, 'there is no such file'],
    [{ 'a.json': '{' }, 'not JSON'],
    [{ 'a.json': '{}' }, 'without an id'],
    [{ 'a.json': '[]' }, 'there is no app in it'],
    [{ 'a.json/b.json': '{}' }, 'this is a folder'],
    [{ 'a.json': '[{"id": "/a"}, {"id": "a"}]' }, 'the app /a is in a.json too'],
    [{ 'a.json': '[{"id": "/a"}, 7]' }, 'it is a number'],
    [{ 'a.json': '{"services": {}}' }, 'it is a Compose file'],
    [{ 'a.json': '{"name": "j", "schedule": "R/PT1H"}' }, 'it is a job of Chronos'],
    [{ 'a.json': '{"id": "/", "apps": [], "groups": []}' }, 'there is no app in it'],
  ])('refuses %j', async (files, found) => {
    const result = await runFake(['deploy', 'a.json'], { cwd: lab(files) });
    expect(result).toMatchObject({ exitCode: 2, stderr: expect.stringContaining(found) });
  });

  it('refuses an app that two files have, and names both', async () => {
    const cwd = lab({ 'a.json': '{"id": "/a"}', 'b.json': '{"id": "a"}' });
    const { exitCode, stderr } = await runFake(['deploy', 'a.json', 'b.json'], { cwd });
    expect([exitCode, stderr]).toEqual([2, expect.stringMatching(/b\.json[^]*the app \/a is in a\.json too/)]);
  });

  it('reads a file that begins with a byte order mark', async () => {
    const result = await runFake(['deploy', 'a.json'], { cwd: lab({ 'a.json': '\uFEFF{"id": "/a"}' }) });
    expect(result.stderr).toContain('LAB_NOT_RUNNING');
  });

  it.each([['scale', 'a', '1'], ['up'], ['verify'], ['start']])(
    '%s refuses a wait that has no time, before all else',
    async (...argv) => {
      const { exitCode, stderr } = await runFake([...argv, '--timeout', '0'], { cwd: lab() });
      expect([exitCode, stderr]).toEqual([
        2,
        expect.stringMatching(/^--timeout: error [^]*at least 1\n +fix: .*300\n$/),
      ]);
    },
  );

  it('verify says of a lab on other machines that it does not run, and tries no check', async () => {
    const roles = ['zookeeper', 'mesos-master', 'marathon', 'mesos-agent'] as const;
    const plan = planCluster({
      ...{ name: 'lab', nodes: [{ name: 'a', address: '127.0.0.1', roles: [...roles] }] },
      ports: { 'mesos-master': 1, marathon: 2 },
    });
    const record = JSON.stringify({ format: 1, name: 'lab', phase: 'kept', plan, skipped: [], settings: [] });
    const cwd = lab({ '.mesos-cluster/run/hosts/lab.json': record });
    expect(await runFake(['verify'], { cwd })).toMatchObject({
      exitCode: 5,
      stdout: '',
      stderr: expect.stringMatching(
        /LAB_NOT_RUNNING[^]*nobody answers at http:\/\/127.0.0.1:1, http:\/\/127.0.0.1:2\n/,
      ),
    });
  });

  it.each([
    [['--mesos', 'http://a'], '--marathon is missing'],
    [['--lb', 'http://a'], '--mesos is missing'],
  ])('verify %j says what else it needs', async (argv, missing) => {
    const { exitCode, stderr } = await runFake(['verify', ...argv], { cwd: lab() });
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining(missing)]);
  });

  it('says that nothing runs', async () => {
    const result = await runFake(['deploy', '-'], { cwd: lab(), stdin: '{"id": "/a"}' });
    expect(result).toMatchObject({ exitCode: 5, stderr: expect.stringContaining('LAB_NOT_RUNNING') });
  });

  it.each(['many', '-1', '1.5', '1e9', '9999999999'])('refuses %s instances', async (count) => {
    const { exitCode, stderr } = await runFake(['scale', 'a', count], { cwd: lab() });
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining(`${count} is not a number of instances`)]);
  });
});
