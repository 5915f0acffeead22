import { describe, expect, test } from 'vitest';
import { LessonDesk } from '../../../pages/server/learn/lesson-desk.ts';
import { fakeLearn, lesson, list, notRunning } from './fake-learn.ts';

const now = () => 1000;

function deskWith(looks = { list: list('01-one') as unknown, text: lesson as unknown }) {
  const learn = fakeLearn(looks);
  return { ...learn, looks, desk: new LessonDesk({ run: learn.run, now }) };
}

describe('what is known of lessons', () => {
  test('is the list, and the lesson that was started last', async () => {
    expect(await deskWith().desk.look()).toEqual({ ...list('01-one'), lesson, problems: [] });
  });

  test('is the list alone when none was started: that there is no text is no trouble then', async () => {
    const { desk } = deskWith({ list: list(null), text: notRunning });
    expect(await desk.look()).toEqual({ ...list(null), problems: [] });
  });

  test('is the list, and why there is no text, when the lab does not run', async () => {
    const { desk } = deskWith({ list: list('01-one'), text: notRunning });
    expect(await desk.look()).toEqual({ ...list('01-one'), problems: notRunning.error.problems });
  });

  test('is what is wrong when there is no list', async () => {
    const { desk } = deskWith({ list: { error: { bug: 'Error: x is none\n  at y' } }, text: lesson });
    const found = await desk.look();
    expect(found).toMatchObject({ current: null, lessons: [], problems: [{ message: 'Error: x is none' }] });
    expect(found).not.toHaveProperty('lesson');
  });

  test('is looked at once for all who ask at the same time', async () => {
    const { desk, looked } = deskWith();
    await Promise.all([desk.look(), desk.look(), desk.look()]);
    expect(looked).toEqual(['list', 'text']);
    await desk.look();
    expect(looked).toHaveLength(4);
  });
});

describe('what is done with lessons', () => {
  test('is done one after the other, and says meanwhile how it goes', async () => {
    const { desk, asked } = deskWith();
    const solving = desk.act({ do: 'solve' });
    expect(desk.doing).toEqual({ action: 'solve', since: 1000, said: '' });
    asked[0]?.say(' • /learn/x is deployed ');
    asked[0]?.say(' ');
    expect(await desk.look()).toMatchObject({ doing: { said: '• /learn/x is deployed' } });
    await expect(desk.act({ do: 'check' })).rejects.toMatchObject({ status: 409 });
    expect(asked).toHaveLength(1);
    asked[0]?.end(lesson);
    expect(await solving).toEqual({ ...list('01-one'), lesson, problems: [] });
    expect(desk.doing).toBeUndefined();
    void desk.act({ do: 'check' });
    expect(asked.map(({ words }) => words)).toEqual([['solve'], ['check']]);
    desk.stop();
  });

  test('is followed by another look: what was seen before it is not told as what came of it', async () => {
    const { desk, asked, looks } = deskWith();
    const acting = desk.act({ do: 'next' });
    const before = desk.look();
    looks.list = list('02-two');
    asked[0]?.end(lesson);
    expect(await before).toMatchObject({ current: '01-one' });
    expect(await acting).toMatchObject({ current: '02-two' });
  });

  test('may fail: why, and what to do, is said once', async () => {
    const { desk, asked } = deskWith({ list: list('01-one'), text: notRunning });
    const checking = desk.act({ do: 'check' });
    asked[0]?.end(notRunning);
    expect((await checking).problems).toEqual(notRunning.error.problems);
  });

  test('is ended with the page', async () => {
    const { desk, asked } = deskWith();
    const starting = desk.act({ do: 'start', lesson: '--help' });
    expect(asked[0]?.words).toEqual(['start', '--help']);
    desk.stop();
    expect(asked[0]?.signal.aborted).toBe(true);
    expect((await starting).problems).toMatchObject([{ message: 'learn was ended before it had an answer' }]);
  });
});
