import { createHash } from 'node:crypto';

/** `cookie mesosphere_server_id insert indirect nocache` in the haproxy.cfg of marathon-lb. */
const name = 'mesosphere_server_id';

/** What the cookie says of a server (config in marathon_lb.py). */
export const cookieOf = (server: string): string => createHash('sha1').update(server).digest('hex').slice(0, 10);

const isOurs = (pair: string) => pair.trim().startsWith(`${name}=`);

/** What a request says of its server. */
export function askedCookie(header: string | undefined): string | undefined {
  return header
    ?.split(';')
    .find(isOurs)
    ?.trim()
    .slice(name.length + 1);
}

/** The cookie is between the client and us (`indirect`). @returns undefined: nothing is left */
export function withoutOurCookie(header: string): string | undefined {
  const rest = header.split(';').filter((pair) => !isOurs(pair));
  return rest.length === 0 ? undefined : rest.join(';').trim();
}

/**
 * What an answer says to a client of which another server takes care from now on. No cache may keep it (`nocache`), which
 * some answers say themselves.
 */
export const settingCookie = (value: string, cacheControl = ''): readonly string[] => [
  ...['Set-Cookie', `${name}=${value}; path=/`],
  ...(/no-store|no-cache|private/i.test(cacheControl) ? [] : ['Cache-Control', 'private']),
];
