import type { PictureBoard } from './picture-board.ts';

type Source = 'master' | 'marathon';

/** Somebody leads and is followed: tells so, and after how long, unless it is the first one. */
export function showFollowed(board: PictureBoard, source: Source, url: string, now: number): void {
  const before = board.get('sources', source);
  board.set('sources', source, { state: 'following', url, since: now });
  if (before === undefined || before.state === 'never') return;
  const after = before.state === 'lost' ? { detail: seconds(now - before.since) } : {};
  board.tell({ kind: `${source}-leads`, about: url, ...after });
}

/** Nobody is followed (any more). Since when, stays as it was said first. */
export function showLost(
  board: PictureBoard,
  source: Source,
  { why, tried, now }: { readonly why: string; readonly tried: readonly string[]; readonly now: number },
): void {
  const before = board.get('sources', source);
  if (before?.state === 'following') board.tell({ kind: `${source}-lost`, about: before.url ?? '', detail: why });
  const state = before === undefined || before.state === 'never' ? 'never' : 'lost';
  const since = before?.state === state ? before.since : now;
  const url = before?.url;
  board.set('sources', source, { state, why, tried, since, ...(url === undefined ? {} : { url }) });
}

const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;

const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ECONNRESET: 'the connection broke off',
  EHOSTUNREACH: 'there is no way to its machine',
  ENOTFOUND: 'nobody knows its name',
};

/** Why something is not followed, in words. */
export function whyNot(url: string, error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const reason = 'code' in error ? reasons[String(error.code)] : undefined;
  return reason === undefined ? error.message : `${url} does not answer: ${reason}`;
}
