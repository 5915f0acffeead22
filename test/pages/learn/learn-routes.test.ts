import { expect, onTestFinished, test } from 'vitest';
import { servePage } from '../../../pages/server/serve-page.ts';
import { fakeLearn, lesson, list } from './fake-learn.ts';

async function served(isLab = true) {
  const learn = fakeLearn({ list: list('01-one'), text: lesson });
  const page = await servePage({
    ...{ name: 'lab', masters: () => [], marathons: () => [], agentUrl: () => '', now: () => 1000 },
    ...(isLab ? { learn: learn.run } : {}),
    ...{ port: 0, log: () => undefined },
  });
  onTestFinished(() => page.close());
  const { origin, hash } = new URL(page.url);
  const json = { 'Content-Type': 'application/json' };
  const headers = { ...json, 'X-Page-Token': hash.slice('#token='.length) };
  const post = (body: string, own: Readonly<Record<string, string>> = headers) =>
    fetch(`${origin}/page/learn`, { method: 'POST', headers: own, body });
  return { ...learn, origin, headers, json, post };
}

test('whoever may look sees the lessons, and what is done', async () => {
  const { origin } = await served();
  expect(await (await fetch(`${origin}/page/learn`)).json()).toEqual({ ...list('01-one'), lesson, problems: [] });
  expect(await (await fetch(`${origin}/page/learn/doing`)).json()).toEqual({});
});

test('something is done for who has the token alone, and asks as JSON', async () => {
  const { post, asked, headers, json } = await served();
  const check = '{"do":"check"}';
  expect((await post(check, json)).status).toBe(403);
  expect((await post(check, { ...json, 'X-Page-Token': 'x'.repeat(32) })).status).toBe(403);
  expect((await post(check, { ...headers, Origin: 'http://evil.example' })).status).toBe(403);
  expect((await post(check, { ...headers, 'Content-Type': 'text/plain' })).status).toBe(415);
  expect(asked).toEqual([]);
  const answer = post(check);
  await expect.poll(() => asked.map(({ words }) => words)).toEqual([['check']]);
  expect((await post(check)).status).toBe(409);
  asked[0]?.end(lesson);
  expect(await (await answer).json()).toEqual({ ...list('01-one'), lesson, problems: [] });
});

test.each([
  '',
  '[]',
  '{"do":"lint"}',
  '{"do":"schema"}',
  '{"do":["check"]}',
  '{"do":"__proto__"}',
  '{"do":"start"}',
  '{"do":"start","lesson":7}',
  '{"do":"start","lesson":" "}',
  '{"do":"start","lesson":"a\\nb"}',
  '{"do":"answer","answer":"\\u0000"}',
  `{"do":"answer","answer":"${'x'.repeat(301)}"}`,
])('nothing else is done: %s', async (body) => {
  const { post, asked } = await served();
  expect((await post(body)).status).toBe(400);
  expect(asked).toEqual([]);
});

test('words of a reader stand alone, whatever they look like', async () => {
  const { post, asked } = await served();
  for (const [body, words] of [
    [{ do: 'start', lesson: '--lessons=/etc' }, ['start', '--lessons=/etc']],
    [{ do: 'answer', answer: '$(id) "x" -y' }, ['answer', '$(id) "x" -y']],
  ] as const) {
    const answer = post(JSON.stringify(body));
    await expect.poll(() => asked.at(-1)?.words).toEqual(words);
    asked.at(-1)?.end(lesson);
    expect((await answer).status).toBe(200);
  }
});

test('where there is no lab nothing is learned', async () => {
  const { origin, post } = await served(false);
  expect((await fetch(`${origin}/page/learn`)).status).toBe(404);
  expect((await fetch(`${origin}/page/learn/doing`)).status).toBe(404);
  expect((await post('{"do":"check"}')).status).toBe(404);
});
