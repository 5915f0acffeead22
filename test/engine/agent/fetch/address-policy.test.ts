import { expect, test } from 'vitest';
import { afterRedirectBy, checkAddress, policyOf, scopeOf } from '../../../../engine/agent/fetch/address-policy.ts';
import { httpDownload } from '../../../../engine/agent/fetch/http-download.ts';
import { redirectTo, startFileServer } from './file-server.ts';

test.each([
  ['8.8.8.8', 'public'],
  ['2001:4860:4860::8888', 'public'],
  ['10.1.2.3', 'private'],
  ['172.31.255.255', 'private'],
  ['192.168.0.1', 'private'],
  ['fd00::1', 'private'],
  ['127.9.9.9', 'loopback'],
  ['::1', 'loopback'],
  ['::ffff:127.0.0.1', 'loopback'],
  ['::ffff:169.254.169.254', 'refused'],
  ['169.254.169.254', 'refused'],
  ['fe80::1', 'refused'],
  ['0.0.0.0', 'refused'],
  ['::', 'refused'],
  ['239.1.1.1', 'refused'],
  ['255.255.255.255', 'refused'],
  ['64:ff9b::7f00:1', 'refused'],
  ['localhost', 'refused'],
])('%s is %s', (address, scope) => {
  expect(scopeOf(address)).toBe(scope);
});

test('only an agent that listens on loopback alone fetches from there', () => {
  expect(['127.0.0.1', 'localhost', '::1'].map((host) => policyOf(host).narrowest)).toEqual(
    Array.from({ length: 3 }, () => 'loopback'),
  );
  expect(['0.0.0.0', '172.20.0.5', '::'].map((host) => policyOf(host).narrowest)).toEqual(
    Array.from({ length: 3 }, () => 'private'),
  );
});

test('a redirect leads to no narrower network than that of the server', () => {
  const lab = policyOf('127.0.0.1');
  const byPublic = afterRedirectBy('8.8.8.8', lab);
  expect(() => {
    checkAddress('192.168.0.1', 'h', byPublic);
  }).toThrow('is private');
  expect(() => {
    checkAddress('127.0.0.1', 'h', afterRedirectBy('192.168.0.1', lab));
  }).toThrow('is loopback');
  expect(() => {
    checkAddress('127.0.0.1', 'h', afterRedirectBy('127.0.0.1', lab));
    checkAddress('8.8.4.4', 'h', byPublic);
  }).not.toThrow();
  // What was lost on the way does not come back.
  expect(afterRedirectBy('127.0.0.1', byPublic)).toEqual(byPublic);
});

const read = async (url: string, host: string) => {
  const options = { policy: policyOf(host), stallTimeoutMs: 10_000, signal: new AbortController().signal };
  const parts: Uint8Array[] = [];
  for await (const part of httpDownload(url, options)) parts.push(part);
  return Buffer.concat(parts).toString();
};

test('an address is refused before anything is sent to it, whether it has a name or is written in another way', async () => {
  const server = await startFileServer({ '/x': 'content', '/to-name': redirectTo('http://[::ffff:a9fe:a9fe]/') });
  const { port } = new URL(server.url);
  for (const host of ['127.0.0.1', 'localhost', '2130706433', '0x7f.1', '[::ffff:127.0.0.1]']) {
    await expect(read(`http://${host}:${port}/x`, '172.20.0.5')).rejects.toThrow(
      'is loopback, where this agent does not',
    );
  }
  expect(server.requests).toEqual([]);
  expect(await read(`http://localhost:${port}/x`, '127.0.0.1')).toBe('content');
  await expect(read(`${server.url}/to-name`, '127.0.0.1')).rejects.toThrow('is link-local or reserved');
});
