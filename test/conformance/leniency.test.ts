import { afterEach, describe, expect, test } from 'vitest';
import {
  callBodies,
  healthy,
  notConverted,
  portsOf,
  refusedFields,
  small,
  takenFields,
} from '../engine/leniency-cases.ts';
import { commandTask, subscribe, type SchedulerClient } from '../engine/scheduler-client.ts';
import { clusterForTests } from './cluster.ts';
import { call, rawHttp, request } from './raw-http.ts';

/* What of JSON and HTTP a Mesos takes, and what it refuses. Recorded: the session of a Mesos 1.12 that a case is of. */

const cluster = clusterForTests();

describe('the body of a call [recorded: leniency, parsing of a body]', () => {
  test.each(callBodies)('%j is answered %i', async (body, status, text) => {
    expect(await call(cluster().master, '/api/v1', body)).toMatchObject({ status, body: text });
  });
});

describe('media types of a call [recorded: leniency, media types of a call]', () => {
  const body = '{"type":"GET_HEALTH"}';
  const unsupported = "Expecting 'Content-Type' of application/json or application/x-protobuf";
  const notAccepted = "Expecting 'Accept' to allow 'application/x-protobuf' or 'application/json'";
  const json = 'Content-Type: application/json';
  test.each<[string, readonly string[], number, string]>([
    ['none', ['Accept: application/json'], 400, "Expecting 'Content-Type' to be present"],
    ['JSON with a charset', ['Content-Type: application/json; charset=utf-8'], 415, unsupported],
    ['JSON in other letters', ['Content-Type: Application/JSON'], 415, unsupported],
    ['text/json', ['Content-Type: text/json'], 415, unsupported],
    ['a form', ['Content-Type: application/x-www-form-urlencoded'], 415, unsupported],
    ['RecordIO', ['Content-Type: application/recordio'], 415, unsupported],
    ['protobuf that is none', ['Content-Type: application/x-protobuf'], 400, 'Failed to parse body into Call protobuf'],
    ['no Accept', [json], 200, healthy],
    ['Accept of anything', [json, 'Accept: */*'], 200, healthy],
    ['Accept of applications', [json, 'Accept: application/*'], 200, healthy],
    ['Accept of anything else too', [json, 'Accept: text/html, */*;q=0.1'], 200, healthy],
    ['Accept of both', [json, 'Accept: application/x-protobuf, application/json'], 200, healthy],
    ['Accept with a charset', [json, 'Accept: application/json; charset=utf-8'], 200, healthy],
    ['Accept of HTML', [json, 'Accept: text/html'], 406, notAccepted],
    ['Accept of RecordIO', [json, 'Accept: application/recordio'], 406, notAccepted],
    ['Accept of nonsense', [json, 'Accept: nonsense'], 406, notAccepted],
  ])('%s', async (_, headers, status, text) => {
    expect(await call(cluster().master, '/api/v1', body, headers)).toMatchObject({ status, body: text });
  });

  test('Accept of protobuf alone is answered in it, by master and agent', async () => {
    for (const url of [cluster().master, cluster().agent]) {
      const answer = await call(url, '/api/v1', body, [json, 'Accept: application/x-protobuf']);
      expect(answer.head).toMatch(/content-type: application\/x-protobuf/i);
      // type = GET_HEALTH, get_health { healthy: true }
      expect(Buffer.from(answer.body, 'latin1').toString('hex')).toMatch(/^08..12020801$/);
    }
  });

  test('the agent takes RecordIO as well, and says so', async () => {
    const answer = await call(cluster().agent, '/api/v1', body, ['Content-Type: text/plain']);
    expect(answer).toMatchObject({ status: 415, body: `${unsupported} or application/recordio` });
  });
});

describe('methods, paths and versions of HTTP [recorded: leniency-http]', () => {
  const get = (path: string, ...headers: readonly string[]) =>
    rawHttp(cluster().master, request(cluster().master, `GET ${path}`, ...headers));

  test.each(['GET', 'PUT', 'DELETE', 'OPTIONS', 'PATCH'])('%s of a call is refused', async (method) => {
    const { master } = cluster();
    const answer = await rawHttp(master, request(master, `${method} /api/v1`));
    expect(answer.status).toBe(405);
    expect(answer.head).toMatch(/^Allow: POST$/im);
    expect(answer.body).toBe(`405 Method Not Allowed. Expecting one of { 'POST' }, but received '${method}'.`);
  });

  test.each(['/api/v1/operator', '/api/v1/', '/master/api/v1'])('a call to %s is one to /api/v1', async (path) => {
    expect(await call(cluster().master, path, '{"type":"GET_HEALTH"}')).toMatchObject({ status: 200, body: healthy });
  });

  test('a path below the scheduler API is the scheduler API', async () => {
    const body = "Failed to validate scheduler::Call: Expecting 'type' to be present";
    expect(await call(cluster().master, '/api/v1/scheduler/x', '{"type":"GET_HEALTH"}')).toMatchObject({
      status: 400,
      body,
    });
  });

  test.each(['/api', '/api/v2'])('there is nothing at %s', async (path) => {
    expect((await call(cluster().master, path, '{"type":"GET_HEALTH"}')).status).toBe(404);
  });

  test.each(['/master/state/x', '/master/state/', '/master//state', '/master/state?foo=bar', '/master/state?'])(
    '%s is the state',
    async (path) => {
      const { status, body } = await get(path);
      expect(status).toBe(200);
      expect(JSON.parse(body)).toHaveProperty('slaves');
    },
  );

  test.each(['/MASTER/state', '/master/State', '/master/nope', '/nope', '/files', '/metrics', '/slave(1)/state'])(
    'there is nothing at %s',
    async (path) => {
      expect((await get(path)).status).toBe(404);
    },
  );

  test('an agent has its endpoints at the root and as a process of its own', async () => {
    const { agent } = cluster();
    for (const path of ['/state', '/slave(1)/state', '/slave%281%29/state', '/slave(1)/state/x', '/state/x']) {
      expect((await rawHttp(agent, request(agent, `GET ${path}`))).status, path).toBe(200);
    }
    for (const path of ['/slave/state', '/slave(2)/state', '/slave(1)', '/nope']) {
      expect((await rawHttp(agent, request(agent, `GET ${path}`))).status, path).toBe(404);
    }
  });

  test.each(['/state', '/master/state', '/version', '/metrics/snapshot', '/master/slaves'])(
    '%s is a script for who asks with ?jsonp',
    async (path) => {
      const { status, head, body } = await get(`${path}?jsonp=cb`);
      expect(status).toBe(200);
      expect(head).toMatch(/content-type: text\/javascript/i);
      expect(body).toMatch(/^cb\(\{.*\}\)$/s);
    },
  );

  test('HTTP/1.0 without Host is answered, and the connection closed', async () => {
    const { status, body } = await rawHttp(cluster().master, ['GET /version HTTP/1.0']);
    expect(status).toBe(200);
    expect(JSON.parse(body)).toHaveProperty('version');
  });

  test('a call in HTTP/1.0 and one in chunks are answered', async () => {
    const { master } = cluster();
    const body = '{"type":"GET_HEALTH"}';
    const json = ['Content-Type: application/json', 'Accept: application/json'];
    const old = await rawHttp(master, ['POST /api/v1 HTTP/1.0', ...json, `Content-Length: ${body.length}`], body);
    expect(old).toMatchObject({ status: 200, body: healthy });
    const chunked = request(master, 'POST /api/v1', ...json, 'Transfer-Encoding: chunked');
    expect(await rawHttp(master, chunked, `15\r\n${body}\r\n0\r\n\r\n`)).toMatchObject({ status: 200, body: healthy });
  });

  test('a whole URL as target is answered', async () => {
    const { master } = cluster();
    expect((await rawHttp(master, request(master, `GET ${master}/version`))).status).toBe(200);
  });

  test('lists that are asked for what is not there are empty', async () => {
    const answers = [
      'tasks?framework_id=nope',
      'tasks?limit=0',
      'slaves?slave_id=nope',
      'frameworks?framework_id=nope',
    ];
    const bodies = await Promise.all(
      answers.map(async (each): Promise<unknown> => JSON.parse((await get(`/master/${each}`)).body)),
    );
    expect(bodies).toEqual([
      { tasks: [] },
      { tasks: [] },
      { slaves: [], recovered_slaves: [] },
      { frameworks: [], completed_frameworks: [], unregistered_frameworks: [] },
    ]);
  });

  test('words where numbers belong are passed over in queries', async () => {
    expect((await get('/master/tasks?limit=x&order=foo')).status).toBe(200);
  });
});

describe('the JSON of a launch [recorded: leniency-json]', () => {
  let count = 0;
  const frameworks: SchedulerClient[] = [];
  afterEach(async () => {
    for (const framework of frameworks.splice(0)) {
      await framework.call('TEARDOWN');
      framework.close();
    }
  });
  const launch = async (fields: object) => {
    const framework = await subscribe(cluster().master, { name: 'lenient' });
    frameworks.push(framework);
    const [offer] = await framework.takeOffers();
    const id = `l${(count += 1)}`;
    const command = { shell: true, value: 'true' };
    const task = commandTask(id, offer?.agent_id.value ?? '', { command, ...fields });
    const answer = await framework.launch([offer?.id.value ?? ''], [task]);
    return { framework, id, answer };
  };
  const ended = async (framework: SchedulerClient, id: string) => {
    for (;;) {
      const status = await framework.takeUpdate(id);
      if (status.uuid !== undefined) await framework.acknowledge(status);
      if (!['TASK_STARTING', 'TASK_RUNNING'].includes(status.state)) return status;
    }
  };

  test.each<[string, object]>([
    ...takenFields.map(([what, fields]): [string, object] => [what, fields]),
    ['fields that there are not', { no_such_field: 1, command: { value: 'true', foo: { bar: [1] } } }],
  ])('%s is taken, and the task runs', async (_, fields) => {
    const { framework, id, answer } = await launch(fields);
    expect(answer.status).toBe(202);
    expect(await ended(framework, id)).toMatchObject({ state: 'TASK_FINISHED' });
  });

  test('resources that are null are none', async () => {
    const { framework, id } = await launch({ resources: null });
    expect(await ended(framework, id)).toMatchObject({
      state: 'TASK_ERROR',
      message: 'Task uses no resources',
      source: 'SOURCE_MASTER',
      reason: 'REASON_TASK_INVALID',
    });
  });

  test('a range that ends before it begins is an error of the task', async () => {
    const { framework, id } = await launch({ resources: [...small, portsOf(31_005, 31_000)] });
    const { state, message } = await ended(framework, id);
    expect(state).toBe('TASK_ERROR');
    expect(message).toContain('Invalid ranges resource: begin > end');
  });

  test.each(refusedFields)('%s is refused', async (_, fields, text) => {
    const { answer } = await launch(fields);
    expect(answer).toMatchObject({ status: 400, body: notConverted(text) });
  });
});
