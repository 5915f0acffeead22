import { describe, expect, it } from 'vitest';
import { fingerprint, textFingerprint } from '../../lab/fingerprint.ts';

describe('a fingerprint', () => {
  // The examples of FIPS 180-2, appendix B.
  it.each([
    ['', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
    ['abc', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
    [
      'abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq',
      '248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1',
    ],
  ])('is SHA-256, which manifests on disk rely on: of %j', (text, expected) => {
    expect(textFingerprint(text)).toBe(expected);
    expect(fingerprint(Buffer.from(text))).toBe(expected);
  });

  it('depends on the bytes alone, not on where they lie in memory', () => {
    const elsewhere = Uint8Array.from([9, 9, 97, 98, 99, 9]);
    expect(fingerprint(elsewhere.subarray(2, 5))).toBe(textFingerprint('abc'));
  });

  it('is of the UTF-8 bytes of a text', () => {
    expect(textFingerprint('Zürich 🚀')).toBe(fingerprint(new TextEncoder().encode('Zürich 🚀')));
  });
});
