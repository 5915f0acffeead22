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
