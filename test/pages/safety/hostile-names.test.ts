import { expect, test } from 'vitest';
import { applyMessage, emptyPicture } from '../../../pages/picture/picture.ts';
import type { Message } from '../../../pages/picture/tables.ts';
import { readFramework } from '../../../pages/server/read-mesos.ts';
import { SseDecoder } from '../../../protocol/server-sent-events.ts';
import { hostileCluster, hostileNames } from './hostile-cluster.ts';

/** Half a character is none that a URL can have. */
const inUrls = hostileNames.filter((name) => !/\p{Surrogate}/u.test(name));

/** What a page hears until it knows the agents. */
async function pictureOf(origin: string) {
  const decoder = new SseDecoder();
  let picture = emptyPicture;
  const names = new Set<string>();
  const { body } = await fetch(`${origin}/page/changes`);
  for await (const chunk of (body ?? []) as AsyncIterable<Uint8Array>) {
    for (const { name, data } of decoder.push(chunk)) {
      names.add(name);
      if (name === 'message') picture = applyMessage(picture, JSON.parse(data) as Message);
    }
    if (picture.tasks.size > 0) break;
  }
  return { picture, names };
}

test('names of all kinds come to the page as they are, as ids and as names, and change nothing else', async () => {
  const { origin } = await hostileCluster();
  const { picture, names } = await pictureOf(origin);
  const expected = [...hostileNames].sort();
  for (const table of ['agents', 'frameworks', 'tasks'] as const) {
    expect([table, ...[...picture[table].keys()].sort()]).toEqual([table, ...expected]);
  }
  expect(Array.from(picture.tasks.values(), ({ name }) => name).sort()).toEqual(expected);
  expect(Array.from(picture.tasks.values(), ({ why }) => why).sort()).toEqual(expected);
  expect(
    Array.from(picture.agents.values(), ({ attributes }) => Object.keys(attributes))
      .flat()
      .sort(),
  ).toEqual(expected);
  expect([...picture.agents.values()].map(({ tasks }) => tasks)).toEqual(expected.map(() => 1));
  expect([...names]).toEqual(['message']);
  expect(Object.keys(Object.prototype)).toEqual([]);
});

test('tasks of an agent can be asked for by any of its names', async () => {
  const { origin } = await hostileCluster();
  await pictureOf(origin);
  for (const name of inUrls) {
    const answer = await fetch(`${origin}/page/tasks?${new URLSearchParams({ agent: name }).toString()}`);
    expect(Object.entries((await answer.json()) as object)).toMatchObject([[name, { name, agent: name }]]);
  }
});

test('of a hostname that is none nothing is asked', async () => {
  const { origin } = await hostileCluster();
  await pictureOf(origin);
  for (const task of inUrls.filter((name) => !/^\w+$/.test(name))) {
    const answer = await fetch(`${origin}/page/files?${new URLSearchParams({ task }).toString()}`);
    expect([task, await answer.json()]).toEqual([task, { trouble: `the host of the agent is none: ${task}` }]);
  }
});

test.each(['javascript:alert(1)', ' javascript:alert(1)', 'data:text/html,x', 'vbscript:x', '//evil', 'http://', 'x'])(
  'a web page of a framework that is no page is no link: %s',
  (webui_url) => {
    expect(readFramework({ framework_info: { webui_url } })[1]).not.toHaveProperty('webUrl');
  },
);

test.each(['http://chronos:4400', 'HTTPS://[::1]:80/x'])('one that is a page is a link: %s', (webui_url) => {
  expect(readFramework({ framework_info: { webui_url } })[1].webUrl).toBe(webui_url);
});
