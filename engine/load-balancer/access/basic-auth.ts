import { createHash } from 'node:crypto';
import { authPattern } from '../../../protocol/marathon/load-balancer-labels.ts';
import { isShaCryptOf } from './sha-crypt.ts';

/** Who may ask a virtual host, by a label HAPROXY_{n}_AUTH. */
export interface BasicAuth {
  readonly label: string;
  readonly realm: string;
  /** @param authorization of the request */
  readonly lets: (authorization: string | undefined) => boolean;
}

const hashOf = (text: string) => createHash('sha256').update(text).digest('hex');

/** A label that is not understood lets nobody in: whoever wrote it wanted the app to be closed. */
export function basicAuth(label: string): BasicAuth {
  const { realm = '', user, password = '' } = authPattern.exec(label)?.groups ?? {};
  // What was right once is right again, without thousands of rounds.
  let known: string | undefined;
  const lets = (authorization = '') => {
    const [, encoded] = /^Basic\s+(\S+)\s*$/i.exec(authorization) ?? [];
    if (encoded === undefined || user === undefined) return false;
    if (hashOf(encoded) === known) return true;
    const [, name, secret] = /^([^:]*):(.*)$/s.exec(Buffer.from(encoded, 'base64').toString('utf8')) ?? [];
    if (name !== user || secret === undefined || !isShaCryptOf(password, secret)) return false;
    known = hashOf(encoded);
    return true;
  };
  // No more than Node takes in a header.
  return { label, realm: realm.replaceAll(/[^\x20-\x7E\xA0-\xFF]|["\\]/g, ''), lets };
}
