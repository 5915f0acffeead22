import fc from 'fast-check';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { AgentEvent } from '../../../protocol/agent-api.ts';
import { terminalStates, type TaskInfo, type TaskState } from '../../../protocol/mesos.ts';
import { disconnectAgent, subscribeAgent } from '../../../engine/master/agents/agents.ts';
import { removeAgent } from '../../../engine/master/agents/lose-agent.ts';
import { takeStatusUpdate } from '../../../engine/master/agents/status-updates.ts';
import { toSettings } from '../../../engine/master/master-options.ts';
import type { AgentRecord, EventStream, FrameworkRecord } from '../../../engine/master/records.ts';
import { contains, minus, noResources, plus, scalarOf } from '../../../engine/master/resources.ts';
import { acceptOffers, declineOffers } from '../../../engine/master/scheduler/accept.ts';
import {
  disconnectFramework,
  removeFramework,
  subscribeFramework,
} from '../../../engine/master/scheduler/frameworks.ts';
import type { SchedulerEvent } from '../../../engine/master/scheduler/scheduler-event.ts';
import { acknowledge } from '../../../engine/master/scheduler/task-calls.ts';
import { startTerm, type Term } from '../../../engine/master/term.ts';
import { toMetrics } from '../../../engine/master/views/metrics.ts';
import { commandTask, ports, scalar } from '../scheduler-client.ts';
import { agentRegistration } from './fake-agent.ts';
import { testOptions } from './master-for-test.ts';
import { trials } from '../../support/trials.ts';

/*
 * Random lives of a cluster, played on the master's own functions. After each step the indexes agree with what a look
 * at everything finds, and when all batches have run nothing lies idle that somebody would take.
 */

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

type Step = readonly [what: string, which: number, how: number];

const step: fc.Arbitrary<Step> = fc.tuple(
  fc.constantFrom(
    ...['agent', 'agent', 'framework', 'reconnect', 'cut', 'remove', 'cutFramework', 'teardown', 'suppress', 'revive'],
    ...['launch', 'launch', 'launch', 'decline', 'status', 'status', 'status', 'acknowledge', 'acknowledge', 'wait'],
  ),
  fc.nat(1000),
  fc.nat(1000),
);

const streamOf = <Event>(): EventStream<Event> => ({
  id: 's',
  send: () => undefined,
  close: () => undefined,
  unreadBytes: 0,
  drained: () => Promise.resolve(),
});

const pick = <Item>(items: Iterable<Item>, which: number): Item | undefined => {
  const list = [...items];
  return list[which % list.length];
};

/** Those of a framework; most have one. */
const rolesOfTest: readonly (readonly string[])[] = [['*'], ['a'], ['a', 'b/c']];

const states: readonly TaskState[] = ['TASK_STARTING', 'TASK_RUNNING', 'TASK_FINISHED', 'TASK_FAILED'];

class Play {
  readonly term: Term;
  #tasks = 0;

  constructor() {
    const settings = toSettings({ ...testOptions(), maxCompletedTasks: 3 }, 'M', () => undefined);
    this.term = startTerm(settings, { onRecovered: () => undefined, onFailed: () => undefined });
    this.term.registrar.masters = 1;
  }

  do([what, which, how]: Step): void {
    const { cluster } = this.term;
    const agent = pick(cluster.agents.values(), which);
    const framework = pick(cluster.frameworks.values(), which);
    const offer = pick(cluster.offers.values(), which);
    const task = pick(
      [...cluster.frameworks.values()].flatMap(({ tasks }) => [...tasks.values()]),
      which,
    );
    if (what === 'agent') this.#subscribe({ port: 1 + (which % 6) });
    if (what === 'framework') this.#subscribeFramework(undefined, rolesOfTest[which % rolesOfTest.length] ?? []);
    if (what === 'wait') vi.advanceTimersByTime(how % 2 === 0 ? how : how * 10);
    if (what === 'launch' && offer !== undefined) {
      const resources = [scalar('cpus', 0.5), scalar('mem', 128), ports([31_000 + how, 31_000 + how])];
      const info = commandTask(`t${this.#tasks++}`, offer.agent.id, { resources }) as TaskInfo;
      acceptOffers(this.term, offer.framework, {
        offer_ids: [{ value: offer.id }],
        operations: [{ type: 'LAUNCH', launch: { task_infos: [info] } }],
        filters: { refuse_seconds: how % 7 },
      });
    }
    if (what === 'decline' && offer !== undefined) {
      const filters = { refuse_seconds: how % 7 };
      declineOffers(this.term, offer.framework, { offer_ids: [{ value: offer.id }], filters });
    }
    if (agent !== undefined) this.#onAgent(what, agent, how);
    if (framework !== undefined) this.#onFramework(what, framework, how);
    if (task === undefined) return;
    const owner = cluster.agents.get(task.agentId);
    const { task_id } = task.info;
    if (what === 'status' && owner !== undefined) {
      const status = { task_id, state: states[how % states.length] ?? 'TASK_RUNNING', timestamp: 1, uuid: `u${how}` };
      takeStatusUpdate(this.term, owner, { framework_id: { value: task.framework.id }, status });
    }
    if (what === 'acknowledge') {
      const call = { agent_id: { value: task.agentId }, task_id, uuid: task.statusUpdateUuid ?? '' };
      acknowledge(this.term, task.framework, call);
    }
  }

  #onAgent(what: string, agent: AgentRecord, how: number): void {
    const { stream } = agent;
    if (what === 'cut' && stream !== undefined) disconnectAgent(this.term, agent, stream);
    if (what === 'remove') removeAgent(this.term, agent, 'of the test', 'unregistered');
    if (what !== 'reconnect') return;
    const tasks = [...agent.tasks].slice(how % 3).map((task) => ({
      framework_id: { value: task.framework.id },
      task: task.info,
      status: { task_id: task.info.task_id, state: states[how % states.length] ?? 'TASK_RUNNING' },
    }));
    const resources = [scalar('cpus', 1 + (how % 4)), scalar('mem', 1024), ports([31_000, 32_000])];
    this.#subscribe({ agent_id: { value: agent.id }, port: 1 + (how % 6), tasks, resources });
  }

  #onFramework(what: string, framework: FrameworkRecord, how: number): void {
    const { stream } = framework;
    if (what === 'cutFramework' && stream !== undefined) disconnectFramework(this.term, framework, stream);
    if (what === 'teardown') removeFramework(this.term, framework);
    if (what === 'suppress')
      framework.suppressedRoles = new Set([...framework.suppressedRoles, ...framework.roles.slice(how % 2)]);
    if (what !== 'revive') return;
    if (stream === undefined) this.#subscribeFramework(framework.id, framework.roles);
    this.term.allocator.revive(framework, framework.roles);
  }

  #subscribe(fields: object): void {
    const registration = agentRegistration(fields);
    subscribeAgent(this.term, registration as Parameters<typeof subscribeAgent>[1], streamOf<AgentEvent>());
  }

  #subscribeFramework(id: string | undefined, roles: readonly string[]): void {
    const capabilities = [{ type: 'MULTI_ROLE' }];
    const named = { user: 'root', name: 'test', failover_timeout: 60, roles, capabilities };
    const info = { ...named, ...(id !== undefined && { id: { value: id } }) };
    subscribeFramework(this.term, { framework_info: info }, streamOf<SchedulerEvent>());
  }
}

const tally = <Key>(keys: Iterable<Key>): ReadonlyMap<Key, number> => {
  const counts = new Map<Key, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
};

const idsOf = (records: Iterable<{ readonly id: string }>) => [...records].map(({ id }) => id).sort();

function checkIndexes({ cluster, settings }: Term, term: Term): void {
  const agents = [...cluster.agents.values()];
  expect(idsOf(cluster.connectedAgents)).toEqual(idsOf(agents.filter(({ stream }) => stream !== undefined)));
  for (let port = 0; port <= 7; port += 1) {
    const there = agents.filter(({ registration }) => registration.port === port);
    expect(idsOf(cluster.agentsAt({ ip: '127.0.0.1', port }))).toEqual(idsOf(there));
  }
  for (const kind of ['total', 'used', 'offered'] as const) {
    const sum = agents.reduce((all, agent) => plus(all, agent[kind]), noResources);
    for (const name of ['cpus', 'mem']) expect(cluster.sums.of(kind, name), kind).toBe(scalarOf(sum, name));
  }
  for (const agent of agents) {
    const held = [...agent.tasks].filter(({ state }) => !terminalStates.has(state));
    expect(agent.used.scalars).toEqual(held.reduce((all, { resources }) => plus(all, resources), noResources).scalars);
  }
  const metrics = toMetrics(settings, term);
  for (const framework of cluster.frameworks.values()) {
    const tasks = [...framework.tasks.values()];
    for (const [role, { used, offered }] of framework.allocations) {
      const held = tasks.filter((task) => task.role === role && !terminalStates.has(task.state));
      expect(used.scalars).toEqual(held.reduce((all, { resources }) => plus(all, resources), noResources).scalars);
      const open = [...framework.offers.values()].filter((offer) => offer.role === role);
      expect(offered.scalars).toEqual(open.reduce((all, { resources }) => plus(all, resources), noResources).scalars);
    }
    expect(framework.taskStates).toEqual(tally(tasks.map(({ state }) => state)));
    expect(framework.tasksByAgent).toEqual(tally(tasks.map(({ agentId }) => agentId)));
    expect(tasks.every((task) => cluster.agents.get(task.agentId)?.tasks.has(task) === true)).toBe(true);
  }
  const running = [...cluster.frameworks.values()].flatMap(({ tasks }) => [...tasks.values()]);
  expect(metrics['master/tasks_running']).toBe(running.filter(({ state }) => state === 'TASK_RUNNING').length);
  expect(metrics['master/slaves_active']).toBe(cluster.connectedAgents.size);
}

/** What the allocator may have overlooked. */
function idle({ cluster }: Term): readonly string[] {
  const willing = [...cluster.frameworks.values()].flatMap((framework) => {
    const { stream, roles, suppressedRoles } = framework;
    return stream ? roles.filter((role) => !suppressedRoles.has(role)).map((role) => ({ framework, role })) : [];
  });
  return [...cluster.agents.values()].flatMap((agent) => {
    const free = minus(agent.total, plus(agent.used, agent.offered));
    const isTooLittle = scalarOf(free, 'cpus') < 0.01 && scalarOf(free, 'mem') < 32;
    if (agent.stream === undefined || isTooLittle) return [];
    return willing
      .filter(({ framework }) => [...agent.offers.values()].every((offer) => offer.framework !== framework))
      .filter(({ framework, role }) => {
        const current = (framework.filters.get(agent.id) ?? []).filter(({ until }) => until > Date.now());
        return !current.some((filter) => filter.role === role && contains(filter.resources, free));
      })
      .map(({ framework, role }) => `${agent.id} could be offered to ${framework.id} for ${role}`);
  });
}

test('the indexes of a cluster agree with a look at everything, and nothing lies idle, whatever happens', () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 20, maxLength: 120 }), (steps) => {
      const play = new Play();
      for (const each of steps) {
        play.do(each);
        checkIndexes(play.term, play.term);
        if (each[2] % 3 === 0) continue;
        // Longer than batches are apart: what is due has come.
        vi.advanceTimersByTime(25);
        expect(idle(play.term)).toEqual([]);
      }
      vi.advanceTimersByTime(100);
      expect(idle(play.term)).toEqual([]);
      play.term.end();
    }),
    { numRuns: trials('PROPERTY_RUNS', { usual: 40, thorough: 100 }) },
  );
}, 90_000);

test('a framework gets a dominant share as small as can be', () => {
  const play = new Play();
  for (let index = 0; index < 3; index += 1) play.do(['framework', 0, 0]);
  for (let port = 0; port < 6; port += 1) play.do(['agent', port, 0]);
  vi.advanceTimersByTime(50);
  const shares = [...play.term.cluster.frameworks.values()].map(({ offers }) => offers.size);
  expect(shares).toEqual([2, 2, 2]);
  play.term.end();
});
