import { setTimeout as sleep } from 'node:timers/promises';
import type { ComponentRow } from '../picture/tables.ts';
import type { PictureBoard } from './picture-board.ts';

interface WatchOptions {
  readonly lookAtComponents: (signal: AbortSignal) => Promise<ReadonlyMap<string, ComponentRow>>;
  readonly labTrouble?: () => string | undefined;
  readonly now: () => number;
  /** Waits, at most until the signal. Default: that time. */
  readonly pause?: (ms: number, signal: AbortSignal) => Promise<unknown>;
}

/** Components are looked at so often: nobody tells when one of them ends. */
const lookMs = 1000;
/** Many are looked at less often, so that looking costs no more than with ten; of agents the master tells first. */
const pauseForOneMs = 100;
const mostPauseMs = 5000;

/** Looks at components until the signal. */
export async function watchComponents(options: WatchOptions, board: PictureBoard, signal: AbortSignal): Promise<void> {
  const { pause = sleepUntil } = options;
  let waitMs = lookMs;
  while (!signal.aborted) {
    const rows = await options.lookAtComponents(signal).catch(() => undefined);
    if (isOver(signal)) return;
    if (rows !== undefined) {
      showComponents(board, rows);
      waitMs = Math.min(mostPauseMs, Math.max(lookMs, rows.size * pauseForOneMs));
    }
    showTrouble(board, options.labTrouble?.(), options.now());
    await pause(waitMs, signal).catch(() => undefined);
  }
}

/** Shows components as they are, and tells what is other than before. */
export function showComponents(board: PictureBoard, rows: ReadonlyMap<string, ComponentRow>): void {
  for (const [id, { isUp, state, agent }] of rows) {
    const before = board.get('components', id);
    if (before === undefined || before.state === state) continue;
    // Of an agent the master tells the rest.
    if (agent !== undefined) {
      if (!isUp || !before.isUp) board.tell({ kind: 'component-state', about: id, id, detail: isUp ? '' : state });
    } else if (before.isUp !== isUp) {
      board.tell({ kind: isUp ? 'component-up' : 'component-down', about: id, id, detail: state });
    }
  }
  board.replace('components', rows);
}

/** The lab as a whole is said to be lost while it does not run. */
export function showTrouble(board: PictureBoard, why: string | undefined, now: number): void {
  const before = board.get('sources', 'lab');
  if (why === before?.why) return;
  if (why === undefined) {
    board.remove('sources', 'lab');
    board.tell({ kind: 'lab-up', about: '' });
    return;
  }
  board.set('sources', 'lab', { state: 'lost', why, since: before?.since ?? now });
  board.tell({ kind: 'lab-down', about: '', detail: why });
}

const sleepUntil = (ms: number, signal: AbortSignal) => sleep(ms, undefined, { signal });
const isOver = (signal: AbortSignal) => signal.aborted;
