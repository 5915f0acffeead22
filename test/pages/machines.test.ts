import { expect, test } from 'vitest';
import { lostMs, lostNow } from '../../pages/picture/lost-agents.ts';
import { machinesOf } from '../../pages/picture/machines.ts';
import type { AgentRow, ComponentRow } from '../../pages/picture/tables.ts';

const nothing = { cpus: 0, mem: 0, disk: 0 };
const agent = (host: string, more: Partial<AgentRow> = {}): AgentRow => ({
  ...{ host, port: 5051, attributes: {}, total: nothing, used: nothing, tasks: 0, state: 'active' },
  ...more,
});

const planned = (name: string, node: string, state = ''): readonly [string, ComponentRow] => [
  name,
  { role: 'mesos-agent', node, isUp: state === '', state, agent: { host: name, port: 5051 } },
];

const master: readonly [string, ComponentRow] = [
  'master1',
  { role: 'mesos-master', node: 'one', isUp: true, state: 'leads' },
];

const none = new Map();

test('a machine has its components and its agents together, and each agent is said to be what it is', () => {
  const components = new Map([master, planned('a', 'one'), planned('b', 'two'), planned('c', 'three', 'killed')]);
  const agents = new Map([
    ['S1', agent('a')],
    ['S3', agent('c')],
  ]);
  const machines = machinesOf({ components, agents, lost: none });
  expect(machines.map(({ name, components: all }) => [name, all.map(([id]) => id)])).toEqual([
    ['one', ['master1']],
    ['two', []],
    ['three', []],
  ]);
  expect(machines.flatMap((machine) => machine.agents.map(({ id, name, state }) => [id, name, state]))).toEqual([
    ['S1', 'a', 'active'],
    [undefined, 'b', 'not registered'],
    ['S3', 'c', 'killed'],
  ]);
});

test('before a master has told anything, nothing is said of an agent', () => {
  const [machine] = machinesOf({ components: new Map([planned('a', 'one')]), agents: none, lost: none, isFirst: true });
  expect(machine?.agents.map(({ state }) => state)).toEqual(['not known yet']);
});

test('no agent changes its place when it is lost, nor when it comes back with another id', () => {
  const before = new Map([
    ['S1', agent('node10')],
    ['S2', agent('node9')],
    ['S3', agent('node2')],
  ]);
  const namesOf = (agents: ReadonlyMap<string, AgentRow>, lost = lostNow(none, before, agents, 1)) =>
    machinesOf({ components: none, agents, lost }).map(({ agents: [first] }) => [first?.name, first?.state]);
  const order = [
    ['node2', 'active'],
    ['node9', 'active'],
    ['node10', 'active'],
  ];
  expect(namesOf(before)).toEqual(order);
  const without = new Map([...before].filter(([id]) => id !== 'S2'));
  expect(namesOf(without)).toEqual([order[0], ['node9', 'lost'], order[2]]);
  expect(namesOf(new Map([...without, ['S4', agent('node9')]]))).toEqual(order);
});

test('an agent is lost for a while, and not once it is back', () => {
  const before = new Map([['S1', agent('a')]]);
  const lost = lostNow(none, before, new Map(), 1000);
  expect([...lost]).toEqual([['a:5051', { id: 'S1', row: agent('a'), at: 1000 }]]);
  expect(lostNow(lost, none, none, 1000 + lostMs)).toBe(lost);
  expect(lostNow(lost, none, none, 1001 + lostMs).size).toBe(0);
  expect(lostNow(lost, none, new Map([['S9', agent('a')]]), 1001).size).toBe(0);
  expect(lostNow(none, before, before, 1)).toBe(none);
});

test('an agent that joins is put where its name belongs, and those that are as before are the same ones', () => {
  const shown = (agents: ReadonlyMap<string, AgentRow>) =>
    machinesOf({ components: none, agents, lost: none }).flatMap((machine) => machine.agents);
  const [one, three] = [agent('joins1'), agent('joins3')];
  const before = shown(
    new Map([
      ['S3', three],
      ['S1', one],
    ]),
  );
  expect(before.map(({ name }) => name)).toEqual(['joins1', 'joins3']);
  const after = shown(
    new Map([
      ['S1', { ...one, tasks: 1 }],
      ['S3', three],
      ['S2', agent('joins2')],
    ]),
  );
  expect(after.map(({ name, row }) => [name, row?.tasks])).toEqual([
    ['joins1', 1],
    ['joins2', 0],
    ['joins3', 0],
  ]);
  expect(after.at(-1)).toBe(before.at(-1));
  expect(shown(new Map([['S1', one]])).map(({ name }) => name)).toEqual(['joins1']);
});
