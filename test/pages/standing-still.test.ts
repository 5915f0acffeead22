import { expect, onTestFinished, test, vi } from 'vitest';
import { jsonAnswer, type HttpAnswer } from '../../engine/http/http-answer.ts';
import { listen } from '../../engine/http/http-server.ts';
import { route, router } from '../../engine/http/router.ts';
import { MasterBook } from '../../pages/server/master-book.ts';
import { PictureBoard } from '../../pages/server/picture-board.ts';
import { watchMaster } from '../../pages/server/watch-master.ts';
import { encodeRecord } from '../../protocol/record-io.ts';

const never = new Promise<HttpAnswer>(() => undefined);

/** A master that leads: its stream of events begins, and says nothing more. */
async function master(metrics: () => HttpAnswer | Promise<HttpAnswer>): Promise<string> {
  const subscribed = encodeRecord(JSON.stringify({ type: 'SUBSCRIBED', subscribed: { get_state: {} } }));
  const handler = router([
    route('POST', '/api/v1', () => ({
      status: 200,
      headers: { 'Content-Type': 'application/json' },
      body: '',
      stream: (connection) => {
        connection.write(subscribed);
      },
    })),
    route('GET', '/metrics/snapshot', () => metrics()),
    route('GET', '/slaves', () => jsonAnswer(200, { slaves: [] })),
  ]);
  const server = await listen({ host: '127.0.0.1', port: 0, handler, log: () => undefined });
  onTestFinished(() => server.close());
  return server.url;
}

test('a leading master that stands still is given up for another, with its connection open', async () => {
  const still = await master(() => never);
  const other = await master(() => jsonAnswer(200, {}));
  const board = new PictureBoard({ now: () => 1, gatherMs: 1000 });
  const ending = new AbortController();
  const { signal } = ending;
  const watching = { masters: () => [still, other], board, book: new MasterBook(board), now: () => 1, stillMs: 100 };
  const watched = watchMaster({ ...watching, signal });
  onTestFinished(async () => {
    ending.abort();
    await watched;
  });
  await vi.waitFor(
    () => {
      expect(board.get('sources', 'master')).toMatchObject({ state: 'following', url: other });
    },
    { timeout: 20_000 },
  );
  expect([...board.rows('events').values()].map(({ kind, about, detail }) => [kind, about, detail])).toEqual([
    ['master-lost', still, `${still} does not answer for 0.1 s`],
    ['master-leads', other, '0.0 s'],
  ]);
});
