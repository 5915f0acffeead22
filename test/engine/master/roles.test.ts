import { beforeEach, describe, expect, test } from 'vitest';
import type { Offer } from '../../../protocol/mesos.ts';
import {
  commandTask,
  fetchJson,
  openStream,
  scalar,
  schedulerUrl,
  subscribe,
  type Loose,
  type SchedulerClient,
} from '../scheduler-client.ts';
import { startFakeAgent, type FakeAgent } from './fake-agent.ts';
import { startLeader } from './master-for-test.ts';

/* What a real master (1.12) does with roles. */

let url: string;
beforeEach(async () => {
  ({ url } = await startLeader());
});

const multiRole = [{ type: 'MULTI_ROLE' }, { type: 'PARTITION_AWARE' }];
const multi = (roles: readonly string[], fields: object = {}) =>
  subscribe(url, { name: 'multi', roles, capabilities: multiRole }, fields);
const decline = (framework: SchedulerClient, offers: readonly Offer[], seconds: number) =>
  framework.call('DECLINE', {
    decline: { offer_ids: offers.map(({ id }) => id), filters: { refuse_seconds: seconds } },
  });
const roleOf = ({ allocation_info: allocation }: Offer) => allocation?.role;

describe('a framework without MULTI_ROLE', () => {
  test.each([
    ['with a role', { role: 'dev' }],
    ['with none', {}],
  ])('%s is told of none in its offers, and serves tasks', async (_, info) => {
    const agent = await startFakeAgent(url);
    const framework = await subscribe(url, info);
    const offer = await framework.takeOffer();
    expect(JSON.stringify(offer)).not.toContain('allocation_info');
    expect(offer.resources.map(({ role }) => role)).toEqual(['*', '*', '*', '*']);
    await framework.launch([offer.id.value], [commandTask('t', agent.agentId)]);
    const role = 'role' in info ? info.role : '*';
    const { task } = (await agent.take('RUN_TASK')).run_task;
    expect(task.resources[0].allocation_info).toEqual({ role });
    const { frameworks } = await fetchJson(`${url}/state`);
    expect(frameworks[0]).toMatchObject({ role, tasks: [{ role }] });
  });
});

describe('a framework with several roles', () => {
  test('is offered each agent for one of them, and the same for another when it declines', async () => {
    await startFakeAgent(url);
    const framework = await multi(['a', 'b/c']);
    const first = await framework.takeOffer();
    expect(first.resources[0]?.allocation_info).toEqual(first.allocation_info);
    await decline(framework, [first], 1000);
    const second = await framework.takeOffer();
    expect([roleOf(first), roleOf(second)].sort()).toEqual(['a', 'b/c']);
  });

  test('gets agents for both when there are two', async () => {
    await Promise.all([startFakeAgent(url), startFakeAgent(url)]);
    const framework = await multi(['a', 'b/c']);
    expect((await framework.takeOffers()).map(roleOf).sort()).toEqual(['a', 'b/c']);
    const { roles } = (await fetchJson(`${url}/roles`)) as { readonly roles: readonly Loose[] };
    const of = (name: string): unknown => roles.find((role) => role.name === name);
    expect(of('a')).toMatchObject({ frameworks: [framework.frameworkId], offered: { cpus: 2 } });
    expect(of('b/c')).toMatchObject({ frameworks: [framework.frameworkId], offered: { cpus: 2 } });
  });

  test('suppresses and revives each role by itself', async () => {
    await startFakeAgent(url);
    const framework = await multi(['a', 'b/c'], { suppressed_roles: ['a'] });
    const forC = await framework.takeOffer();
    expect(roleOf(forC)).toBe('b/c');
    await framework.call('SUPPRESS');
    await decline(framework, [forC], 0);
    await framework.call('REVIVE', { revive: { roles: ['a'] } });
    const forA = await framework.takeOffer();
    expect(roleOf(forA)).toBe('a');
    // One that it does not have makes the whole call void.
    await framework.call('REVIVE', { revive: { roles: ['b/c', 'zzz'] } });
    await decline(framework, [forA], 0);
    expect(roleOf(await framework.takeOffer())).toBe('a');
  });

  test('revives what it refused for one role', async () => {
    await startFakeAgent(url);
    const framework = await multi(['a', 'b/c'], { suppressed_roles: ['b/c'] });
    await decline(framework, [await framework.takeOffer()], 1000);
    await framework.call('REVIVE', { revive: { roles: ['a'] } });
    expect(roleOf(await framework.takeOffer())).toBe('a');
  });

  test('uses an offer for the role that it is for', async () => {
    const agent = await startFakeAgent(url);
    const framework = await multi(['a', 'b/c']);
    const offer = await framework.takeOffer();
    const other = roleOf(offer) === 'a' ? 'b/c' : 'a';
    const wrong = [{ ...scalar('cpus', 1), allocation_info: { role: other } }];
    await framework.launch(
      [offer.id.value],
      [commandTask('wrong', agent.agentId, { resources: wrong }), commandTask('right', agent.agentId)],
    );
    expect(await framework.takeUpdate('wrong')).toMatchObject({
      state: 'TASK_ERROR',
      message: expect.stringMatching(/^Total resources .* required by task and its executor is more than available/),
    });
    const { task } = (await agent.take('RUN_TASK')).run_task;
    expect(task).toMatchObject({
      task_id: { value: 'right' },
      resources: [{ allocation_info: offer.allocation_info }, {}],
    });
  });

  test('cannot accept offers for two roles together', async () => {
    const agents: readonly FakeAgent[] = await Promise.all([startFakeAgent(url), startFakeAgent(url)]);
    const framework = await multi(['a', 'b/c']);
    const offers = await framework.takeOffers();
    await framework.launch(
      offers.map(({ id }) => id.value),
      [commandTask('t', agents[0]?.agentId ?? '')],
    );
    expect((await framework.takeUpdate('t')).message).toBe(
      `Task launched with invalid offers: Aggregated offers must be allocated to the same role. Offer ${offers[1]?.id.value ?? ''} uses role '${roleOf(offers[1] as Offer) ?? ''} but another is using role '${roleOf(offers[0] as Offer) ?? ''}`,
    );
  });

  test('with none at all is offered nothing', async () => {
    await startFakeAgent(url);
    const framework = await multi([]);
    await subscribe(url).then((other) => other.takeOffer());
    expect(framework.events.map(({ type }) => type as string)).toEqual(['SUBSCRIBED', 'HEARTBEAT']);
  });
});

describe('roles are served in turn', () => {
  test('one with two frameworks gets no more than one with one', async () => {
    for (const role of ['a', 'a', 'b']) await multi([role]);
    for (let index = 0; index < 4; index += 1) await startFakeAgent(url);
    await expect
      .poll(async () => {
        const { roles } = (await fetchJson(`${url}/roles`)) as { readonly roles: readonly Loose[] };
        return roles.map(({ name, offered }): unknown => [name, offered.cpus]);
      })
      .toEqual([
        ['a', 4],
        ['b', 4],
      ]);
  });
});

describe('a subscription is refused with an ERROR', () => {
  const invalid = (text: string) => `'FrameworkInfo.roles' contains invalid role: ${text}`;
  test.each<[object, string]>([
    [{ roles: ['a'] }, "'FrameworkInfo.roles' must not be set when the framework is not MULTI_ROLE capable"],
    [
      { role: 'a', capabilities: multiRole },
      "'FrameworkInfo.role' must not be set when the framework is MULTI_ROLE capable",
    ],
    [{ roles: ['a', 'a'] }, "'FrameworkInfo.roles' contains duplicate items: { a }"],
    [
      { roles: ['bad role'] },
      invalid("Role component 'bad role' is invalid because it contains backspace or whitespace"),
    ],
    [{ roles: ['/a'] }, invalid("Role '/a' cannot start with a slash")],
    [{ roles: ['a/'] }, invalid("Role 'a/' cannot end with a slash")],
    [{ roles: ['a//b'] }, invalid("Role 'a//b' cannot contain two adjacent slashes")],
    [{ roles: ['.'] }, invalid("Role '.' cannot include '.' as a component")],
    [{ roles: ['a/..'] }, invalid("Role 'a/..' cannot include '..' as a component")],
    [{ roles: ['-x'] }, invalid("Role component '-x' is invalid because it starts with a dash")],
    [{ roles: ['*/a'] }, invalid("Role '*/a' cannot include '*' as a component")],
    [{ roles: [''] }, invalid('Role names cannot be the empty string')],
    [{ role: 'a/*' }, "'FrameworkInfo.role' is not a valid role: Role 'a/*' cannot include '*' as a component"],
    [{ failover_timeout: 1e300 }, 'The framework failover_timeout (1e+300) is invalid'],
  ])('%j', async (info, message) => {
    const isMulti = 'roles' in info && !message.includes('not MULTI_ROLE capable');
    const capabilities = isMulti ? { capabilities: multiRole } : {};
    expect(await refusal({ user: 'root', name: 'x', ...capabilities, ...info })).toBe(message);
  });

  test('suppressed roles that it does not have', async () => {
    const message = 'Suppressed roles { zzz } are not contained in the set of roles';
    expect(await refusal({ user: 'root', name: 'x' }, { suppressed_roles: ['zzz'] })).toBe(message);
  });

  test('what this master does not honour', async () => {
    expect(await refusal({ user: 'root', name: 'x', offer_filters: { '*': {} } })).toBe(
      "This master does not honour 'FrameworkInfo.offer_filters'",
    );
  });

  async function refusal(info: object, fields: object = {}): Promise<unknown> {
    const subscription = { type: 'SUBSCRIBE', subscribe: { framework_info: info, ...fields } };
    const stream = await openStream(schedulerUrl(url), subscription);
    const { error } = await stream.take('ERROR');
    await stream.ended;
    expect(stream.events).toHaveLength(1);
    return error.message;
  }
});

describe('UPDATE_FRAMEWORK', () => {
  let framework: SchedulerClient;
  const update = (info: object, fields: object = {}) => {
    const id = { value: framework.frameworkId };
    const whole = { user: 'root', name: 'multi', roles: ['a', 'b'], capabilities: multiRole, id, ...info };
    return framework.call('UPDATE_FRAMEWORK', { update_framework: { framework_info: whole, ...fields } });
  };
  beforeEach(async () => {
    framework = await multi(['a', 'b']);
  });

  test('changes name, labels and roles, and takes back what was offered for a role that is gone', async () => {
    await startFakeAgent(url);
    const offer = await framework.takeOffer();
    const kept = roleOf(offer) === 'a' ? 'b' : 'a';
    const labels = { labels: [{ key: 'x' }] };
    expect(await update({ name: 'renamed', roles: [kept, 'd'], labels })).toMatchObject({ status: 200, body: '' });
    expect((await framework.take('RESCIND')).rescind.offer_id).toEqual(offer.id);
    expect([kept, 'd']).toContain(roleOf(await framework.takeOffer()));
    const { get_frameworks: answer } = await fetchJson(`${url}/api/v1`, { body: { type: 'GET_FRAMEWORKS' } });
    expect(answer.frameworks[0].framework_info).toMatchObject({ name: 'renamed', roles: [kept, 'd'], labels });
  });

  test('suppresses roles, and revives them', async () => {
    expect((await update({}, { suppressed_roles: ['a', 'b'] })).status).toBe(200);
    await startFakeAgent(url);
    const other = await subscribe(url);
    await decline(other, [await other.takeOffer()], 1000);
    expect((await update({})).status).toBe(200);
    await framework.takeOffer();
  });

  const notValid = (text: string) => `Supplied FrameworkInfo is not valid: ${text}`;
  const notPossible = (text: string) => `FrameworkInfo update is not valid: ${text}`;
  const changed = (text: string) => notPossible(`Updating 'FrameworkInfo.${text}`);
  test.each<[object, string, object?]>([
    [{ user: 'nobody' }, changed("user' is unsupported; attempted to update from 'root' to 'nobody'")],
    [{ checkpoint: true }, changed("checkpoint' is unsupported; attempted to update from 'false' to 'true'")],
    [{ principal: 'x' }, notPossible("Changing framework's principal is not allowed.")],
    [{ role: 'x' }, notValid("'FrameworkInfo.role' must not be set when the framework is MULTI_ROLE capable")],
    [
      { capabilities: [] },
      notValid("'FrameworkInfo.roles' must not be set when the framework is not MULTI_ROLE capable"),
    ],
    [
      {},
      "'UpdateFramework' call is not valid: Suppressed roles { zzz } are not contained in the set of roles",
      { suppressed_roles: ['zzz'] },
    ],
    [
      { id: { value: 'other' } },
      "Failed to validate scheduler::Call: 'framework_id' differs from 'update_framework.framework_info.id'",
    ],
  ])('%j is refused', async (info, body, fields) => {
    expect(await update(info, fields)).toMatchObject({ status: 400, body });
  });
});
