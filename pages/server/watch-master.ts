import { setTimeout as sleep } from 'node:timers/promises';
import {
  followMaster,
  MasterSilence,
  MasterStatus,
  readFromMaster,
  type MasterQuestion,
} from '../../following/master-request.ts';
import { numberAt, textAt } from '../../protocol/json.ts';
import type { MasterBook } from './master-book.ts';
import type { PictureBoard } from './picture-board.ts';
import { showFollowed, showLost, whyNot } from './show-source.ts';

interface WatchOptions {
  /** Of all masters; the one that leads is found among them. */
  readonly masters: () => readonly string[];
  readonly board: PictureBoard;
  readonly book: MasterBook;
  readonly now: () => number;
  /** For an answer to what is asked each second: who stands still keeps the stream of events open, with 15 s between heartbeats. */
  readonly stillMs: number;
  readonly signal: AbortSignal;
}

const silenceMs = 10_000;
/** How often it is asked how many agents are active: no event tells. */
const countMs = 1000;
/** For one that stood still to be tried again, so that the others are not kept waiting for it. */
const againMs = 1000;
const pauseForReading = 20;
/** So many agents that are drained are asked for at a time: what is drained is not counted. */
const mostDraining = 10;
/** Between two rounds through all masters. */
const pauseMs = 250;

/** Follows whichever master leads, until the signal. */
export async function watchMaster({ masters, board, book, now, stillMs, signal }: WatchOptions): Promise<void> {
  let still: string | undefined;
  while (!signal.aborted) {
    const tried = masters();
    const whys: string[] = [];
    let isStandbyThere = false;
    for (const url of tried) {
      const ending = new AbortController();
      const question = {
        url,
        userAgent: 'create-mesos-cluster',
        signal: AbortSignal.any([signal, ending.signal]),
        silenceMs,
      };
      let why = `${url} has ended its stream of events`;
      try {
        if (url === still) await readFromMaster({ ...question, silenceMs: againMs }, metricsPath);
        await followMaster(question, (event) => {
          if (textAt(event, 'type') !== 'SUBSCRIBED') {
            book.take(event);
            return;
          }
          book.begin(event);
          void watchStates({ question, book, stillMs }, () => {
            still = url;
            why = `${url} does not answer for ${stillMs / 1000} s`;
            ending.abort();
          });
          showFollowed(board, 'master', url, now());
        });
      } catch (error) {
        isStandbyThere ||= error instanceof MasterStatus && error.status === redirected;
        if (!isOver(ending.signal)) why = whyNot(url, error);
      }
      ending.abort();
      if (isOver(signal)) return;
      if (board.get('sources', 'master')?.state === 'following') {
        showLost(board, 'master', { why, tried, now: now() });
        whys.length = 0;
        break;
      }
      whys.push(why);
    }
    if (whys.length > 0)
      showLost(board, 'master', { why: isStandbyThere ? 'no master leads' : (whys.at(-1) ?? ''), tried, now: now() });
    await sleep(pauseMs, undefined, { signal }).catch(() => undefined);
  }
}

/** By a standby master, to the one that leads: which then is among the others, or does not lead yet. */
const redirected = 307;

const metricsPath = '/metrics/snapshot';
const counted = [
  'slaves_active',
  'slaves_inactive',
  'slaves_connected',
  'slaves_disconnected',
  'recovery_slave_removals',
];

/** Asks for the states of all agents whenever their numbers are others; large ones take at most a twentieth of the time. */
async function watchStates(
  { question, book, stillMs }: Pick<WatchOptions, 'book' | 'stillMs'> & { readonly question: MasterQuestion },
  onStill: () => void,
): Promise<void> {
  const { signal } = question;
  let before = '';
  let waitMs = countMs;
  while (!signal.aborted) {
    try {
      const metrics = await readFromMaster({ ...question, silenceMs: stillMs }, metricsPath).catch((error: unknown) => {
        if (error instanceof MasterSilence && !signal.aborted) onStill();
        throw error;
      });
      const numbers = counted.map((name) => numberAt(metrics, `master/${name}`)).join(' ');
      waitMs = countMs;
      if (numbers !== before) {
        const known = book.agentIds;
        const start = performance.now();
        const slaves = await readFromMaster(question, '/slaves');
        waitMs = Math.max(countMs, pauseForReading * (performance.now() - start));
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
    await sleep(waitMs, undefined, { signal }).catch(() => undefined);
  }
}

const isOver = (signal: AbortSignal) => signal.aborted;
