import { createHmac, timingSafeEqual } from 'node:crypto';
import { isJsonObject, parseJson } from '../../protocol/json.ts';
import type { Action } from './request-kind.ts';

/** What a token lets its bearer do; to read nobody needs one. */
export interface Claims {
  /** Undefined: anybody. */
  readonly user?: string;
  readonly push: readonly string[];
  readonly delete: readonly string[];
}

/** For as long as the token specification says at least (Distribution, docs/spec/auth/token.md). */
export const tokenSeconds = 300;

/** Scopes that a request may name; a client asks for one, or for two where it mounts a blob. */
const mostScopes = 32;

/** Gives tokens and knows its own again. */
export interface Tokens {
  readonly give: (claims: Claims) => string;
  /** Undefined for one of somebody else, and for one that is over. */
  readonly read: (token: string) => Claims | undefined;
}

/**
 * @param key random, of this process
 * @param now ms since 1970
 */
export function hmacTokens(key: Uint8Array, now: () => number): Tokens {
  const signed = (text: string) => createHmac('sha256', key).update(text).digest();
  return {
    give: (claims) => {
      const text = Buffer.from(JSON.stringify({ ...claims, until: now() + tokenSeconds * 1000 })).toString('base64url');
      return `${text}.${signed(text).toString('base64url')}`;
    },
    read: (token) => {
      const [text = '', mark = '', ...more] = token.split('.');
      const [has, wanted] = [Buffer.from(mark, 'base64url'), signed(text)];
      if (more.length > 0 || has.length !== wanted.length || !timingSafeEqual(has, wanted)) return undefined;
      const claims = parseJson(Buffer.from(text, 'base64url').toString('utf8'));
      if (!isJsonObject(claims) || typeof claims['until'] !== 'number' || claims['until'] <= now()) return undefined;
      return claims as unknown as Claims;
    },
  };
}

/**
 * What of the asked scopes a token gets: `repository:NAME:pull,push`, several of them, with spaces between or each by
 * itself. Whoever is not known gets none but to pull, and is told so when pushing.
 */
export function claimsFor(scopes: readonly string[], user: string | undefined): Claims {
  if (user === undefined) return { push: [], delete: [] };
  const asked = scopes.flatMap((scope) => scope.split(' ')).slice(0, mostScopes);
  const withAction = (action: Action) =>
    asked.flatMap((scope) => {
      const [, name, actions = ''] = /^repository(?:\([^)]*\))?:(.+):([^:]*)$/.exec(scope) ?? [];
      const has = actions.split(',').some((each) => each === action || each === '*');
      return name !== undefined && has ? [name] : [];
    });
  return { user, push: withAction('push'), delete: withAction('delete') };
}
