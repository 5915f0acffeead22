import { createHash, timingSafeEqual } from 'node:crypto';
import type { RegistryCredentials } from '../../protocol/registry-credentials.ts';
import type { Action } from './request-kind.ts';
import type { Claims, Tokens } from './tokens.ts';

/** Who a request is from, by its Authorization. */
export type Asker =
  | { readonly kind: 'anybody' }
  /** With the password itself: may do everything. */
  | { readonly kind: 'user'; readonly user: string }
  | { readonly kind: 'token'; readonly claims: Claims }
  | { readonly kind: 'refused'; readonly why: string; readonly isToken: boolean };

const hashOf = (text: string) => createHash('sha256').update(text).digest();

/**
 * Reads who asks. Words are compared by their hashes, so that the time it takes says nothing of them.
 * @param credentials as they are now; undefined when they cannot be read: then nobody is known
 */
export function whoAsks(
  authorization: string | undefined,
  credentials: () => RegistryCredentials | undefined,
  tokens: Tokens,
): Asker {
  if (authorization === undefined) return { kind: 'anybody' };
  const [, scheme = '', value = ''] = /^(\S+)\s+(\S+)\s*$/.exec(authorization) ?? [];
  if (scheme.toLowerCase() === 'bearer') {
    const claims = tokens.read(value);
    return claims === undefined
      ? { kind: 'refused', why: 'the token is over, or not of this registry', isToken: true }
      : { kind: 'token', claims };
  }
  if (scheme.toLowerCase() !== 'basic') {
    return { kind: 'refused', why: 'Authorization is neither Basic nor Bearer', isToken: false };
  }
  const known = credentials();
  if (known === undefined)
    return { kind: 'refused', why: 'the registry has no credentials: see its log', isToken: false };
  const { user, password } = known;
  const isRight = timingSafeEqual(hashOf(Buffer.from(value, 'base64').toString('utf8')), hashOf(`${user}:${password}`));
  return isRight ? { kind: 'user', user } : { kind: 'refused', why: 'wrong user or password', isToken: false };
}

/** Who may do something with a repository, by name; undefined: not this one. */
export function userWhoMay(asker: Asker, action: Action, repository: string): string | undefined {
  if (asker.kind === 'user') return asker.user;
  return asker.kind === 'token' && asker.claims[action].includes(repository) ? asker.claims.user : undefined;
}
