import { afterEach, describe, expect, test } from 'vitest';
import { eventually } from '../engine/master/master-for-test.ts';
import { openAnswer } from '../engine/protobuf/bytes-over-http.ts';
import {
  commandTask,
  fetchJson,
  fetchRaw,
  openStream,
  scalar,
  schedulerUrl,
  subscribe,
  type RecordStream,
  type SchedulerClient,
} from '../engine/scheduler-client.ts';
import { clusterForTests } from './cluster.ts';

const cluster = clusterForTests();
const frameworks: SchedulerClient[] = [];

const subscribed = async (info: object = {}) => {
  const framework = await subscribe(cluster().master, { name: 'conformance', ...info });
  frameworks.push(framework);
  return framework;
};

afterEach(async () => {
  for (const framework of frameworks.splice(0)) {
    await framework.call('TEARDOWN');
    framework.close();
  }
});

const post = (body: unknown, headers = {}) => fetchRaw(schedulerUrl(cluster().master), { body, headers });

describe('a call that is refused [recorded: scheduler-api-session; docs/scheduler-http-api.md]', () => {
  const info = { user: 'root', name: 'x' };
  const toSubscribe = { type: 'SUBSCRIBE', subscribe: { framework_info: info } };
  const invalid = (why: string) => `Failed to validate scheduler::Call: ${why}`;
  test.each<[string, unknown, object, number, string]>([
    [
      'of a framework that there is not',
      { type: 'ACCEPT', accept: { offer_ids: [], operations: [] }, framework_id: { value: 'nope' } },
      {},
      400,
      'Framework cannot be found',
    ],
    ['that is not JSON', '{bad json', {}, 400, 'Failed to parse body into JSON: syntax error at line 1 near: bad json'],
    ['without its message', { type: 'SUBSCRIBE' }, {}, 400, invalid("Expecting 'subscribe' to be present")],
    [
      'without a required field',
      { type: 'SUBSCRIBE', subscribe: { framework_info: { name: 'x' } } },
      {},
      400,
      'Failed to convert JSON into Call protobuf: Missing required fields: subscribe.framework_info.user',
    ],
    ['of an unknown type', { type: 'NOPE' }, {}, 400, invalid("Expecting 'type' to be present")],
    [
      'in plain text',
      toSubscribe,
      { 'Content-Type': 'text/plain' },
      415,
      "Expecting 'Content-Type' of application/json or application/x-protobuf",
    ],
    [
      'that wants HTML',
      toSubscribe,
      { Accept: 'text/html' },
      406,
      "Expecting 'Accept' to allow 'application/x-protobuf' or 'application/json'",
    ],
    [
      'with an id outside only',
      { ...toSubscribe, framework_id: { value: 'f-x' } },
      {},
      400,
      invalid("'framework_id' differs from 'subscribe.framework_info.id'"),
    ],
    [
      'with an id inside only',
      { type: 'SUBSCRIBE', subscribe: { framework_info: { ...info, id: { value: 'f-x' } } } },
      {},
      400,
      invalid("'framework_id' differs from 'subscribe.framework_info.id'"),
    ],
  ])('%s', async (_, body, headers, status, text) => {
    expect(await post(body, headers)).toMatchObject({ status, body: text });
  });

  test('without a stream id, and with a wrong one', async () => {
    const { frameworkId } = await subscribed();
    const revive = { type: 'REVIVE', framework_id: { value: frameworkId } };
    expect(await post(revive)).toMatchObject({
      status: 400,
      body: "All non-subscribe calls should include the 'Mesos-Stream-Id' header",
    });
    const wrong = '00000000-0000-0000-0000-000000000000';
    const body = `The stream ID '${wrong}' included in this request didn't match the stream ID currently associated with framework ID ${frameworkId}`;
    expect(await post(revive, { 'Mesos-Stream-Id': wrong })).toMatchObject({ status: 400, body });
  });
});

describe('FrameworkInfo [recorded: framework-info-refused]', () => {
  const multi = [{ type: 'MULTI_ROLE' }];
  const invalid = (why: string) => `'FrameworkInfo.roles' contains invalid role: ${why}`;
  const open = (info: object, fields: object = {}): Promise<RecordStream> =>
    openStream(schedulerUrl(cluster().master), {
      type: 'SUBSCRIBE',
      subscribe: { framework_info: { user: 'root', name: 'x', ...info }, ...fields },
    });

  test.each<[object, string]>([
    [{ roles: ['a'] }, "'FrameworkInfo.roles' must not be set when the framework is not MULTI_ROLE capable"],
    [
      { role: 'a', capabilities: multi },
      "'FrameworkInfo.role' must not be set when the framework is MULTI_ROLE capable",
    ],
    [{ roles: ['a', 'a'], capabilities: multi }, "'FrameworkInfo.roles' contains duplicate items: { a }"],
    [
      { roles: ['bad role'], capabilities: multi },
      invalid("Role component 'bad role' is invalid because it contains backspace or whitespace"),
    ],
    [{ roles: ['/a'], capabilities: multi }, invalid("Role '/a' cannot start with a slash")],
    [{ roles: ['a/'], capabilities: multi }, invalid("Role 'a/' cannot end with a slash")],
    [{ roles: ['a//b'], capabilities: multi }, invalid("Role 'a//b' cannot contain two adjacent slashes")],
    [{ roles: ['.'], capabilities: multi }, invalid("Role '.' cannot include '.' as a component")],
    [{ roles: ['a/..'], capabilities: multi }, invalid("Role 'a/..' cannot include '..' as a component")],
    [{ roles: ['-x'], capabilities: multi }, invalid("Role component '-x' is invalid because it starts with a dash")],
    [{ roles: ['*/a'], capabilities: multi }, invalid("Role '*/a' cannot include '*' as a component")],
    [{ roles: [''], capabilities: multi }, invalid('Role names cannot be the empty string')],
    [{ role: 'a/*' }, "'FrameworkInfo.role' is not a valid role: Role 'a/*' cannot include '*' as a component"],
    [{ failover_timeout: 1e300 }, 'The framework failover_timeout (1e+300) is invalid'],
  ])('%j is an ERROR, and the stream ends', async (info, message) => {
    const stream = await open(info);
    expect((await stream.take('ERROR')).error).toEqual({ message });
    await stream.ended;
  });

  test('a role that is suppressed must be one of its own', async () => {
    const stream = await open({}, { suppressed_roles: ['zzz'] });
    expect((await stream.take('ERROR')).error.message).toBe(
      'Suppressed roles { zzz } are not contained in the set of roles',
    );
  });

  test.each<object>([
    { failover_timeout: -1 },
    { capabilities: [{ type: 'NO_SUCH' }] },
    { user: '' },
    { name: '' },
    { roles: [], capabilities: multi },
  ])('%j is let through', async (info) => {
    expect((await subscribed(info)).frameworkId).not.toBe('');
  });

  test('a framework that was torn down does not come back', async () => {
    const framework = await subscribe(cluster().master, {});
    await framework.call('TEARDOWN');
    await framework.ended;
    const stream = await openStream(schedulerUrl(cluster().master), {
      type: 'SUBSCRIBE',
      framework_id: { value: framework.frameworkId },
      subscribe: { framework_info: { user: 'root', name: 'x', id: { value: framework.frameworkId } } },
    });
    expect((await stream.take('ERROR')).error.message).toBe('Framework has been removed');
  });
});

describe('a subscription [docs/scheduler-http-api.md, SUBSCRIBE; recorded: scheduler-api-session]', () => {
  test('is answered with its ids, the heartbeat and the master', async () => {
    const framework = await subscribed();
    const [first] = framework.events;
    expect(framework.headers['content-type']).toBe('application/json');
    expect(first).toMatchObject({
      type: 'SUBSCRIBED',
      subscribed: { heartbeat_interval_seconds: 15, master_info: { port: cluster().masterPort } },
    });
    expect(framework.streamId).not.toBe('');
  });

  test('has each event as a chunk of its own [recorded: protobuf-scheduler-session]', async () => {
    const body = JSON.stringify({ type: 'SUBSCRIBE', subscribe: { framework_info: { user: 'root', name: 'chunks' } } });
    const chunks: string[] = [];
    const stream = await openAnswer(schedulerUrl(cluster().master), {
      body,
      headers: { 'Content-Type': 'application/json', Accept: 'application/json' },
    });
    // Node.js hands out chunks one by one, or in parts.
    stream.on('data', (chunk: Buffer) => chunks.push(chunk.toString()));
    await eventually(() => chunks.join('').includes('"HEARTBEAT"'));
    stream.destroy();
    expect(chunks.filter((chunk) => (chunk.match(/\n\{/g) ?? []).length > 1)).toEqual([]);
  });

  test('is taken over by another with the same id, and the first is told', async () => {
    const framework = await subscribed({ failover_timeout: 60 });
    const id = { value: framework.frameworkId };
    const next = await openStream(schedulerUrl(cluster().master), {
      type: 'SUBSCRIBE',
      framework_id: id,
      subscribe: { framework_info: { user: 'root', name: 'conformance', id, failover_timeout: 60 } },
    });
    await next.take('SUBSCRIBED');
    expect((await framework.take('ERROR')).error.message).toBe('Framework failed over');
    await framework.ended;
    const streamId = String(next.headers['mesos-stream-id']);
    expect((await post({ type: 'TEARDOWN', framework_id: id }, { 'Mesos-Stream-Id': streamId })).status).toBe(202);
    next.close();
  });
});

describe('tasks [recorded: scheduler-api-session]', () => {
  const launchOne = async (id: string, fields: object) => {
    const framework = await subscribed();
    const [offer] = await framework.takeOffers();
    const agentId = offer?.agent_id.value ?? '';
    const task = commandTask(id, agentId, fields);
    expect((await framework.launch([offer?.id.value ?? ''], [task])).status).toBe(202);
    return { framework, agentId };
  };
  const next = async (framework: SchedulerClient, id: string, state: string) => {
    const status = await framework.takeUpdate(id, state);
    expect((await framework.acknowledge(status)).status).toBe(202);
    return status;
  };

  test('start, run, are killed, and each update waits for the acknowledgement of the one before', async () => {
    const { framework, agentId } = await launchOne('t1', {});
    await next(framework, 't1', 'TASK_STARTING');
    const running = await next(framework, 't1', 'TASK_RUNNING');
    expect(running).toMatchObject({
      source: 'SOURCE_EXECUTOR',
      agent_id: { value: agentId },
      executor_id: { value: 't1' },
    });
    expect((await framework.call('KILL', { kill: { task_id: { value: 't1' } } })).status).toBe(202);
    expect(await next(framework, 't1', 'TASK_KILLED')).toMatchObject({
      message: 'Command terminated with signal Terminated',
    });
  });

  test('that fail say with which status', async () => {
    const { framework } = await launchOne('t2', { command: { shell: true, value: 'exit 3' } });
    await next(framework, 't2', 'TASK_STARTING');
    await next(framework, 't2', 'TASK_RUNNING');
    expect(await next(framework, 't2', 'TASK_FAILED')).toMatchObject({ message: 'Command exited with status 3' });
  });

  test('that ask for more than is offered are errors', async () => {
    const { framework } = await launchOne('t3', { resources: [scalar('cpus', 1000), scalar('mem', 32)] });
    const { message, ...status } = await framework.takeUpdate('t3');
    expect(status).toMatchObject({ state: 'TASK_ERROR', source: 'SOURCE_MASTER', reason: 'REASON_TASK_INVALID' });
    expect(message).toMatch(/required by task and its executor is more than available/);
    expect(status.uuid).toBeUndefined();
  });

  test('with an offer that there is not are dropped', async () => {
    const framework = await subscribed({ capabilities: [{ type: 'PARTITION_AWARE' }] });
    const task = commandTask('t9', cluster().agentId);
    expect((await framework.launch(['bogus-O1'], [task])).status).toBe(202);
    expect(await framework.takeUpdate('t9')).toMatchObject({
      state: 'TASK_DROPPED',
      message: 'Task launched with invalid offers: Offer bogus-O1 is no longer valid',
      reason: 'REASON_INVALID_OFFERS',
    });
  });

  test('are told of when they are reconciled or killed, also those that there are not', async () => {
    const framework = await subscribed({ capabilities: [{ type: 'PARTITION_AWARE' }] });
    const task_id = { value: 'unknown' };
    const unknown = {
      state: 'TASK_UNKNOWN',
      message: 'Reconciliation: Task is unknown',
      source: 'SOURCE_MASTER',
      reason: 'REASON_RECONCILIATION',
    };
    expect((await framework.call('RECONCILE', { reconcile: { tasks: [{ task_id }] } })).status).toBe(202);
    expect(await framework.takeUpdate('unknown')).toMatchObject(unknown);
    expect((await framework.call('KILL', { kill: { task_id } })).status).toBe(202);
    expect(await framework.takeUpdate('unknown')).toMatchObject(unknown);
  });

  test('that run have their latest state when all are reconciled', async () => {
    const { framework } = await launchOne('t1', {});
    await next(framework, 't1', 'TASK_STARTING');
    await next(framework, 't1', 'TASK_RUNNING');
    await framework.call('RECONCILE', { reconcile: { tasks: [] } });
    expect(await framework.takeUpdate('t1')).toMatchObject({
      state: 'TASK_RUNNING',
      message: 'Reconciliation: Latest task state',
      source: 'SOURCE_MASTER',
    });
  });
});

describe('offers [recorded: framework-roles-session]', () => {
  test('to a framework without MULTI_ROLE say nothing of roles', async () => {
    const framework = await subscribed({ role: 'dev', capabilities: [] });
    const [offer] = await framework.takeOffers();
    expect(offer).not.toHaveProperty('allocation_info');
    for (const resource of offer?.resources ?? []) {
      expect(resource).not.toHaveProperty('allocation_info');
      expect(resource).toHaveProperty('role', '*');
    }
  });

  test('to a framework with MULTI_ROLE are each for one of its roles', async () => {
    const framework = await subscribed({ roles: ['a', 'b/c'], capabilities: [{ type: 'MULTI_ROLE' }] });
    const [offer] = await framework.takeOffers();
    const role: unknown = offer?.allocation_info?.role;
    expect(['a', 'b/c']).toContain(role);
    for (const resource of offer?.resources ?? []) expect(resource).toHaveProperty('allocation_info', { role });
  });

  test('name the agent, where it is, and what it has', async () => {
    const framework = await subscribed();
    let offer;
    do offer = (await framework.takeOffers()).find(({ agent_id: id }) => id.value === cluster().agentId);
    while (offer === undefined);
    const { hostname, port } = cluster().agentAddress;
    expect(offer).toMatchObject({
      framework_id: { value: framework.frameworkId },
      hostname,
      url: { scheme: 'http', address: { port }, path: '/slave(1)' },
    });
    expect(offer.resources.map(({ name }) => name)).toEqual(expect.arrayContaining(['cpus', 'mem', 'disk', 'ports']));
  });

  test('that were declined for long come again after REVIVE', async () => {
    const framework = await subscribed();
    const [offer] = await framework.takeOffers();
    const decline = { offer_ids: [offer?.id], filters: { refuse_seconds: 1000 } };
    expect((await framework.call('DECLINE', { decline })).status).toBe(202);
    expect((await framework.call('REVIVE')).status).toBe(202);
    expect((await framework.takeOffers()).length).toBeGreaterThan(0);
  });
});

describe('offer constraints [docs/scheduler-http-api.md; src/master/allocator/mesos/offer_constraints_filter.cpp]', () => {
  const named = (predicate: object) => ({ selector: { pseudoattribute_type: 'HOSTNAME' }, predicate });
  const ofRole = (...constraints: readonly object[]) => ({
    role_constraints: { '*': { groups: [{ attribute_constraints: constraints }] } },
  });

  test('are kept and shown, and an agent that meets them is offered', async () => {
    const { hostname } = cluster().agentAddress;
    const offer_constraints = ofRole(named({ text_equals: { value: hostname } }), named({ exists: {} }));
    const framework = await subscribe(cluster().master, { name: 'conformance' }, { offer_constraints });
    frameworks.push(framework);
    expect((await framework.takeOffers()).map((offer) => offer.hostname)).toContain(hostname);
    const { frameworks: shown } = await fetchJson(
      `${cluster().master}/frameworks?framework_id=${framework.frameworkId}`,
    );
    expect(shown).toMatchObject([{ offer_constraints }]);
  });

  test.each<[object, string]>([
    [ofRole(), "'OfferConstraints::RoleConstraints::groups' for role *contains an empty RoleConstraints::Group"],
    [
      { role_constraints: { '*': { groups: [] } } },
      "'OfferConstraints::role_constraints' has an empty 'RoleConstraints::groups' for role *",
    ],
  ])('%j is an ERROR', async (offer_constraints, why) => {
    const stream = await openStream(schedulerUrl(cluster().master), {
      type: 'SUBSCRIBE',
      subscribe: { framework_info: { user: 'root', name: 'conformance' }, offer_constraints },
    });
    expect((await stream.take('ERROR')).error.message).toBe(`Offer constraints are not valid: ${why}`);
    await stream.ended;
  });
});

describe('UPDATE_FRAMEWORK [recorded: framework-roles-session]', () => {
  test('changes what may be changed, and says why it does not what may not', async () => {
    const framework = await subscribed({ roles: ['a', 'b/c'], capabilities: [{ type: 'MULTI_ROLE' }] });
    const update = (fields: object, more: object = {}) =>
      framework.call('UPDATE_FRAMEWORK', {
        update_framework: {
          framework_info: {
            ...{ user: 'root', name: 'conformance', roles: ['b/c', 'd'], capabilities: [{ type: 'MULTI_ROLE' }] },
            ...{ id: { value: framework.frameworkId }, ...fields },
          },
          ...more,
        },
      });
    expect(await update({ name: 'renamed' })).toMatchObject({ status: 200, body: '' });
    const body = { type: 'GET_FRAMEWORKS' };
    const { body: text } = await fetchRaw(`${cluster().master}/api/v1`, { body });
    expect(text).toContain('"renamed"');
    const notValid = 'FrameworkInfo update is not valid: ';
    expect(await update({ user: 'nobody' })).toMatchObject({
      status: 400,
      body: `${notValid}Updating 'FrameworkInfo.user' is unsupported; attempted to update from 'root' to 'nobody'`,
    });
    expect(await update({ checkpoint: true })).toMatchObject({
      status: 400,
      body: `${notValid}Updating 'FrameworkInfo.checkpoint' is unsupported; attempted to update from 'false' to 'true'`,
    });
    expect(await update({ id: { value: 'other' } })).toMatchObject({
      status: 400,
      body: "Failed to validate scheduler::Call: 'framework_id' differs from 'update_framework.framework_info.id'",
    });
    expect(await update({}, { suppressed_roles: ['zzz'] })).toMatchObject({
      status: 400,
      body: "'UpdateFramework' call is not valid: Suppressed roles { zzz } are not contained in the set of roles",
    });
  });
});
