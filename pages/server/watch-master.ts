import { setTimeout as sleep } from 'node:timers/promises';
import { followMaster } from '../../following/master-request.ts';
import { textAt } from '../../protocol/json.ts';
import type { MasterBook } from './master-book.ts';
import type { PictureBoard } from './picture-board.ts';

interface WatchOptions {
  /** Of all masters; the one that leads is found among them. */
  readonly masters: () => readonly string[];
  readonly board: PictureBoard;
  readonly book: MasterBook;
  readonly now: () => number;
  readonly signal: AbortSignal;
}

const silenceMs = 10_000;
/** Between two rounds through all masters. */
const pauseMs = 250;

/** Follows whichever master leads, until the signal. */
export async function watchMaster({ masters, board, book, now, signal }: WatchOptions): Promise<void> {
  const lost = (why: string) => {
    const before = board.get('sources', 'master');
    if (before?.state === 'following') board.tell({ kind: 'master-lost', about: before.url ?? '', detail: why });
    const state = before === undefined || before.state === 'never' ? 'never' : 'lost';
    const since = before?.state === state ? before.since : now();
    board.set('sources', 'master', { ...before, state, why, since });
  };
  while (!signal.aborted) {
    let why = '';
    for (const url of masters()) {
      try {
        await followMaster({ url, userAgent: 'create-mesos-cluster', signal, silenceMs }, (event) => {
          if (textAt(event, 'type') !== 'SUBSCRIBED') {
            book.take(event);
            return;
          }
          book.begin(event);
          const before = board.get('sources', 'master');
          board.set('sources', 'master', { state: 'following', url, since: now() });
          if (before !== undefined && before.state !== 'never') board.tell({ kind: 'master-leads', about: url });
        });
        why = `${url} has ended its stream of events`;
      } catch (error) {
        // A standby master redirects: another of them leads.
        why = error instanceof Error ? error.message : String(error);
      }
      if (isOver(signal)) return;
      if (board.get('sources', 'master')?.state === 'following') break;
    }
    lost(why);
    await sleep(pauseMs, undefined, { signal }).catch(() => undefined);
  }
}

const isOver = (signal: AbortSignal) => signal.aborted;
