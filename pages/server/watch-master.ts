import { setTimeout as sleep } from 'node:timers/promises';
import { followMaster, readFromMaster, type MasterQuestion } from '../../following/master-request.ts';
import { numberAt, textAt } from '../../protocol/json.ts';
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
/** How often it is asked how many agents are active: no event tells. */
const countMs = 1000;
/** So many agents that are drained are asked for at a time: what is drained is not counted. */
const mostDraining = 10;
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
      const ending = new AbortController();
      const question = {
        url,
        userAgent: 'create-mesos-cluster',
        signal: AbortSignal.any([signal, ending.signal]),
        silenceMs,
      };
      try {
        await followMaster(question, (event) => {
          if (textAt(event, 'type') !== 'SUBSCRIBED') {
            book.take(event);
            return;
          }
          book.begin(event);
          void watchStates(question, book);
          const before = board.get('sources', 'master');
          board.set('sources', 'master', { state: 'following', url, since: now() });
          if (before !== undefined && before.state !== 'never') board.tell({ kind: 'master-leads', about: url });
        });
        why = `${url} has ended its stream of events`;
      } catch (error) {
        // A standby master redirects: another of them leads.
        why = error instanceof Error ? error.message : String(error);
      }
      ending.abort();
      if (isOver(signal)) return;
      if (board.get('sources', 'master')?.state === 'following') break;
    }
    lost(why);
    await sleep(pauseMs, undefined, { signal }).catch(() => undefined);
  }
}

const counted = [
  'slaves_active',
  'slaves_inactive',
  'slaves_connected',
  'slaves_disconnected',
  'recovery_slave_removals',
];

/** Asks for the states of all agents whenever their numbers are others. */
async function watchStates(question: MasterQuestion, book: MasterBook): Promise<void> {
  const { signal } = question;
  let before = '';
  while (!signal.aborted) {
    try {
      const metrics = await readFromMaster(question, '/metrics/snapshot');
      const numbers = counted.map((name) => numberAt(metrics, `master/${name}`)).join(' ');
      if (numbers !== before) {
        const known = book.agentIds;
        const slaves = await readFromMaster(question, '/slaves');
        book.takeStates(slaves);
        book.forgetAbsent(known, slaves);
      }
      before = numbers;
      for (const id of [...book.draining()].slice(0, mostDraining)) {
        book.takeStates(await readFromMaster(question, `/slaves?slave_id=${encodeURIComponent(id)}`));
      }
    } catch {
      // The stream of events tells why, if it is more than a moment's.
    }
    await sleep(countMs, undefined, { signal }).catch(() => undefined);
  }
}

const isOver = (signal: AbortSignal) => signal.aborted;
