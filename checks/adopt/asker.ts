import { UnreachableError, type ClusterAnswer, type ClusterClient } from '../cluster-client.ts';
import { excerpt } from '../excerpt.ts';
import { valueAt } from '../../protocol/json.ts';
import type { FoundFlags } from './found-cluster.ts';

const timeoutMs = 5000;
/** Bytes of an answer: a state of ten thousand agents has less. */
const most = { small: 1024 * 1024, large: 64 * 1024 * 1024 } as const;

/** Asks servers that nobody here started: GET alone, every answer bounded in time and size. */
export interface Asker {
  /** One GET; a reason in words when there is no answer. */
  readonly get: (url: string, options?: AskOptions) => Promise<ClusterAnswer | { readonly fault: string }>;
  /** The JSON of the first of several paths that answers 200; undefined when none does. */
  readonly json: (base: string, paths: readonly string[], options?: AskOptions) => Promise<unknown>;
  /** Notes something that could not be known. */
  readonly note: (sentence: string) => void;
  readonly notes: readonly string[];
}

export interface AskOptions {
  readonly size?: keyof typeof most;
  /** Default true. */
  readonly followRedirects?: boolean;
}

const mostNotes = 100;

export function asker(client: ClusterClient, signal: AbortSignal): Asker {
  const notes: string[] = [];
  const get: Asker['get'] = async (url, { size = 'small', followRedirects = true } = {}) => {
    try {
      return await client.ask(url, signal, { timeoutMs, maxBytes: most[size], followRedirects });
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof UnreachableError) return { fault: printable(error.message) };
      // A redirect to something that is no URL.
      if (error instanceof TypeError) return { fault: `${url}: its answer leads nowhere` };
      throw error;
    }
  };
  const json: Asker['json'] = async (base, paths, options) => {
    for (const path of paths) {
      const answer = await get(`${base}${path}`, options);
      if ('status' in answer && answer.status === 200 && answer.json !== undefined) return answer.json;
    }
    return undefined;
  };
  const note = (sentence: string) => {
    const text = printable(sentence);
    if (notes.length < mostNotes && !notes.includes(text)) notes.push(text);
  };
  return { get, json, note, notes };
}

/** Text of a server, fit for a terminal and for a comment: on one line, short, nothing that steers a terminal. */
export function printable(text: string): string {
  return excerpt(text.replaceAll(/[^\p{L}\p{N}\p{P}\p{S} ]/gu, ' '), 400);
}

/** A host name or an IPv4 address: nothing else of a server's answer becomes part of a URL. */
export const isHostName = (text: string): boolean =>
  text.length <= 253 && text.split('.').every((label) => /^[A-Za-z0-9_](?:[\w-]{0,61}[A-Za-z0-9_])?$/.test(label));

const octet = '(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])';
const ipv4 = new RegExp(`^${octet}(?:\\.${octet}){3}$`);
export const isIpv4 = (text: string): boolean => ipv4.test(text);

export const isPort = (value: unknown): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= 65_535;

/** `master@10.0.0.2:5050`, `slave(1)@10.0.0.3:5051` (libprocess): who advertises which address. */
export function parsePid(pid: string | undefined): { readonly ip: string; readonly port: number } | undefined {
  const [, ip = '', port = ''] = /^[A-Za-z0-9_()-]{1,100}@([0-9.]+):([0-9]{1,5})$/.exec(pid ?? '') ?? [];
  return isIpv4(ip) && isPort(Number(port)) ? { ip, port: Number(port) } : undefined;
}

/** Flags as text, whatever a server sends: long ones and those with strange names are left out. */
export function flagsOf(value: unknown): FoundFlags {
  if (typeof value !== 'object' || value === null) return {};
  const entries = Object.keys(value).flatMap((name): readonly (readonly [string, string])[] => {
    const found = valueAt(value, name);
    const isScalar = typeof found === 'string' || typeof found === 'number' || typeof found === 'boolean';
    const text = isScalar ? String(found) : '';
    return isScalar && /^[a-z][a-z0-9_]{0,99}$/.test(name) && text.length <= 4096 ? [[name, text]] : [];
  });
  return Object.fromEntries(entries);
}
