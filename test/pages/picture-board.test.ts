import { expect, test } from 'vitest';
import { applyMessage, emptyPicture } from '../../pages/picture/picture.ts';
import type { Message } from '../../pages/picture/tables.ts';
import { PictureBoard } from '../../pages/server/picture-board.ts';

const source = (url: string) => ({ state: 'following', url, since: 1 }) as const;

test('whoever listens hears all there is, then what changes, and nothing twice', async () => {
  const board = new PictureBoard({ now: () => 1, gatherMs: 1 });
  board.set('sources', 'master', source('a'));
  const heard: Message[] = [];
  const end = board.listen((message) => heard.push(message));
  expect(heard).toMatchObject([{ isWhole: true, changes: { sources: { master: { url: 'a' } } } }]);
  board.set('sources', 'master', source('a'));
  board.set('sources', 'marathon', source('b'));
  board.remove('sources', 'master');
  board.remove('sources', 'nobody');
  await expect.poll(() => heard.length).toBe(2);
  expect(heard[1]).toMatchObject({ isWhole: false, changes: { sources: { master: null, marathon: { url: 'b' } } } });
  const picture = heard.reduce(applyMessage, emptyPicture);
  expect([...picture.sources]).toEqual([['marathon', source('b')]]);
  end();
  board.set('sources', 'master', source('c'));
  board.listen(() => undefined);
  expect(heard).toHaveLength(2);
});

test('a message that is whole makes what was known before void', () => {
  const before = { isWhole: true, now: 1, taskCount: 0, changes: { sources: { master: source('a') } } } as const;
  const whole = { ...before, changes: { sources: { marathon: source('b') } } };
  expect([...applyMessage(applyMessage(emptyPicture, before), whole).sources.keys()]).toEqual(['marathon']);
});

test('the same event one after another is told as one with its number, whatever comes in between', () => {
  let now = 1;
  const board = new PictureBoard({ now: () => now, gatherMs: 1000 });
  const event = (about: string) => ({ kind: 'task-state', about, detail: 'TASK_RUNNING' }) as const;
  board.tell({ ...event('web'), id: 'web.1' });
  board.tell(event('db'));
  board.tell({ ...event('web'), id: 'web.2' });
  const told = () => [...board.rows('events').values()];
  expect(told()).toEqual([
    { at: 1, ...event('web'), count: 2 },
    { at: 1, ...event('db') },
  ]);
  now += 60_000;
  board.tell(event('web'));
  expect(told()).toHaveLength(3);
});

test('of events the last 200 are kept', () => {
  const board = new PictureBoard({ now: () => 1, gatherMs: 1000 });
  for (let index = 1; index <= 250; index += 1) board.tell({ kind: 'agent-gone', about: String(index) });
  const ids = [...board.rows('events').keys()];
  expect([ids.length, ids[0], ids.at(-1)]).toEqual([200, '51', '250']);
});

test('pages that come at the same time are told the same picture, and a change makes it another one', () => {
  const board = new PictureBoard({ now: () => 1, gatherMs: 1000 });
  board.set('sources', 'master', source('a'));
  const first = board.whole();
  expect(board.whole()).toBe(first);
  board.set('sources', 'master', source('b'));
  expect(board.whole()).toMatchObject({ isWhole: true, changes: { sources: { master: { url: 'b' } } } });
});
