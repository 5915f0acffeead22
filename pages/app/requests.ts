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
  if (!answer.ok) throw new Error(words.refused(answer.status, said(text)));
  return JSON.parse(text) as unknown;
}

/**
 * Changes something by Marathon's API.
 * @param path `/v2/apps/…`
 * @throws Error in words for the reader: those of Marathon, if it refuses
 */
export async function change(method: string, path: string, body?: string): Promise<void> {
  const headers = { 'Content-Type': 'application/json', 'X-Page-Token': sessionStorage.getItem(tokenKey) ?? '' };
  const answer = await fetch(`/page/marathon${path}`, {
    method,
    headers,
    ...(body === undefined ? {} : { body }),
  }).catch(() => undefined);
  if (answer === undefined) throw new Error(words.notReached);
  if (!answer.ok) throw new Error(words.refused(answer.status, said(await answer.text())));
}

/** What Marathon means by a refusal: its message, and what it says of each field. */
function said(text: string): string {
  try {
    const { message = '', details = [] } = JSON.parse(text) as Refusal;
    const fields = details.map(({ path = '', errors = [] }) => `\n${path}: ${errors.map(textOf).join(', ')}`);
    return `${message}${fields.join('')}`;
  } catch {
    return text.slice(0, 500);
  }
}

interface Refusal {
  readonly message?: string;
  readonly details?: readonly { readonly path?: string; readonly errors?: readonly unknown[] }[];
}

const textOf = (error: unknown) => (typeof error === 'string' ? error : JSON.stringify(error));
