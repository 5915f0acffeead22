import { Refused } from './marathon/refusal.ts';
import { words } from './words.ts';

/** Where the token of the printed URL is kept: for this tab alone. */
const tokenKey = 'page-token';

/** Takes the token out of the address, where it would be seen and copied. */
export function takeToken(): void {
  const given = /[#&]token=([\w-]+)/.exec(location.hash)?.[1];
  if (given === undefined) return;
  sessionStorage.setItem(tokenKey, given);
  history.replaceState(null, '', `${location.pathname}#/`);
}

export const hasToken = (): boolean => sessionStorage.getItem(tokenKey) !== null;

/** @throws Error in words for the reader */
export async function get(path: string): Promise<unknown> {
  const answer = await fetch(path, { headers: { Accept: 'application/json' } });
  const text = await answer.text();
  if (!answer.ok) throw new Refused(answer.status, text);
  return JSON.parse(text) as unknown;
}

/**
 * Changes something by Marathon's API.
 * @param path `/v2/apps/…`
 * @param isForced go over deployments that are in the way
 * @throws Refused if Marathon refuses; Error in words for the reader
 */
export async function change(method: string, path: string, body?: string, isForced = false): Promise<void> {
  const force = isForced ? `${path.includes('?') ? '&' : '?'}force=true` : '';
  await send(method, `/page/marathon${path}${force}`, body);
}

/**
 * Changes something, for who has the token.
 * @returns the answer, as it is
 * @throws Refused if that is refused; Error in words for the reader
 */
export async function send(method: string, path: string, body?: string): Promise<string> {
  const headers = { 'Content-Type': 'application/json', 'X-Page-Token': sessionStorage.getItem(tokenKey) ?? '' };
  const options = { method, headers, ...(body === undefined ? {} : { body }) };
  const answer = await fetch(path, options).catch(() => undefined);
  if (answer === undefined) throw new Error(words.notReached);
  const text = await answer.text();
  if (!answer.ok) throw new Refused(answer.status, text);
  return text;
}
