import { describe, expect, it } from 'vitest';
import { selfSigned } from '../../../engine/load-balancer/tls/self-signed.ts';
import { readCertificates } from '../../../runtimes/lite/marathon-lb-certificates.ts';

const [first, second, third] = [selfSigned(Date.now()), selfSigned(Date.now()), selfSigned(Date.now())];
const files: Readonly<Record<string, string>> = {
  '/first.pem': first,
  '/half.pem': first.replace(/-----BEGIN P.*/s, ''),
};
const read = (paths: readonly string[], environment: Readonly<Record<string, string>> = {}) =>
  readCertificates(paths, { environment, readFile: (path) => files[path] });

describe('certificates of marathon-lb', () => {
  it('are those of its files, then those of its variables, in which \\n ends a line', () => {
    const environment = {
      HAPROXY_SSL_CERT: second.replaceAll('\n', '\\n'),
      HAPROXY_SSL_CERT100: third,
      HAPROXY_SSL_CERT101: 'beyond the last',
    };
    expect(read(['/first.pem'], environment)).toEqual([first, second, third]);
    expect(read([], environment)).toEqual([second, third]);
  });

  it('are none when none is given, for which the numbered variables alone do not count', () => {
    expect(read([])).toEqual([]);
    expect(read([], { HAPROXY_SSL_CERT0: third })).toEqual([]);
  });

  it.each(['/missing.pem', '/half.pem'])('that cannot be had are said in HAProxy’s words: %s', (path) => {
    expect(() => read([path])).toThrow(`'bind *:443' : unable to load SSL certificate from PEM file '${path}'.`);
  });
});
