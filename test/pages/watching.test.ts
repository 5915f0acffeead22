import { expect, test } from 'vitest';
import type { ComponentRow } from '../../pages/picture/tables.ts';
import { PictureBoard } from '../../pages/server/picture-board.ts';
import { showFollowed, showLost, whyNot } from '../../pages/server/show-source.ts';
import { showComponents, showTrouble, watchComponents } from '../../pages/server/watch-components.ts';

const open = () => {
  const board = new PictureBoard({ now: () => 1, gatherMs: 1000 });
  const told = () => [...board.rows('events').values()].map(({ kind, about, detail = '' }) => [kind, about, detail]);
  return { board, told };
};

test('a failover is told: who was lost and why, then who leads, and after how long', () => {
  const { board, told } = open();
  showLost(board, 'master', { why: 'nobody yet', tried: ['a', 'b'], now: 100 });
  expect(board.get('sources', 'master')).toEqual({ state: 'never', why: 'nobody yet', tried: ['a', 'b'], since: 100 });
  showFollowed(board, 'master', 'a', 1000);
  expect(told()).toEqual([]);
  showLost(board, 'master', { why: 'broke off', tried: ['a', 'b'], now: 2000 });
  showLost(board, 'master', { why: 'no master leads', tried: ['a', 'b'], now: 3000 });
  expect(board.get('sources', 'master')).toMatchObject({
    state: 'lost',
    since: 2000,
    why: 'no master leads',
    url: 'a',
  });
  showFollowed(board, 'master', 'b', 4100);
  expect(told()).toEqual([
    ['master-lost', 'a', 'broke off'],
    ['master-leads', 'b', '2.1 s'],
  ]);
});

test('why nobody answers is said in words', () => {
  const refused = Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:5050'), { code: 'ECONNREFUSED' });
  expect(whyNot('http://a:5050', refused)).toBe('http://a:5050 does not answer: nothing listens there');
  expect(whyNot('http://a:5050', new Error('http://a:5050 is silent for 10 s'))).toBe(
    'http://a:5050 is silent for 10 s',
  );
});

const component = (isUp: boolean, state: string, more: Partial<ComponentRow> = {}): ComponentRow => ({
  ...{ role: 'mesos-master', node: 'master1', isUp, state },
  ...more,
});

test('of a component is told that it ends and answers again, of an agent what somebody did to it', () => {
  const { board, told } = open();
  const agent = { agent: { host: 'a', port: 5051 } };
  const show = (master: ComponentRow, other: ComponentRow) => {
    showComponents(
      board,
      new Map([
        ['master1', master],
        ['agent1', other],
      ]),
    );
  };
  show(component(true, 'stands by'), component(true, '', agent));
  show(component(true, 'leads'), component(true, 'answers', agent));
  expect(told()).toEqual([]);
  show(component(false, 'killed'), component(false, 'paused', agent));
  show(component(true, 'stands by'), component(true, 'answers', agent));
  expect(told()).toEqual([
    ['component-down', 'master1', 'killed'],
    ['component-state', 'agent1', 'paused'],
    ['component-up', 'master1', 'stands by'],
    ['component-state', 'agent1', ''],
  ]);
});

test('a lab that does not run is lost since it was seen first, and told of when it is back', () => {
  const { board, told } = open();
  showTrouble(board, undefined, 1);
  showTrouble(board, 'it does not run', 2);
  showTrouble(board, 'it does not run', 3);
  expect(board.get('sources', 'lab')).toEqual({ state: 'lost', why: 'it does not run', since: 2 });
  showTrouble(board, undefined, 4);
  expect(board.get('sources', 'lab')).toBeUndefined();
  expect(told()).toEqual([
    ['lab-down', '', 'it does not run'],
    ['lab-up', '', ''],
  ]);
});

test.each([
  [3, 1000],
  [30, 3000],
  [200, 5000],
])('%i components are looked at again after %i ms: many cost no more than ten', async (count, ms) => {
  const { board } = open();
  const ending = new AbortController();
  const waits: number[] = [];
  const rows = new Map(Array.from({ length: count }, (_, index) => [`c${index}`, component(true, '')]));
  const pause = (wait: number) => {
    waits.push(wait);
    ending.abort();
    return Promise.resolve();
  };
  const options = { lookAtComponents: () => Promise.resolve(rows), now: () => 1, pause };
  await watchComponents(options, board, ending.signal);
  expect([waits, board.rows('components').size]).toEqual([[ms], count]);
});
