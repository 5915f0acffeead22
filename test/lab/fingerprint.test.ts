import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fingerprint, textFingerprint } from '../../lab/fingerprint.ts';

describe('a fingerprint', () => {
  it('is the same on every machine and in every version: manifests on disk rely on it', () => {
    expect(textFingerprint('')).toBe('0000000000000001');
    expect(textFingerprint('name: lab\n')).toBe('96d55d0cc057ccfa');
    expect(fingerprint(Uint8Array.from({ length: 1000 }, (_, index) => index % 251))).toBe('49fbea952c798630');
  });

  it('has sixteen hexadecimal digits', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(fingerprint(bytes)).toMatch(/^[0-9a-f]{16}$/);
      }),
    );
  });

  it('depends on the bytes alone, not on where they lie in memory', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), fc.integer({ min: 0, max: 9 }), (bytes, offset) => {
        const elsewhere = new Uint8Array(bytes.length + offset);
        elsewhere.set(bytes, offset);
        expect(fingerprint(elsewhere.subarray(offset))).toBe(fingerprint(bytes));
      }),
    );
  });

  it('differs for every change of one byte, wherever it is, and for every shorter or longer text', () => {
    const text = Buffer.from('services:\n  zookeeper:\n    image: zookeeper:3.9\n');
    const seen = new Set([fingerprint(text)]);
    for (let index = 0; index < text.length; index += 1) {
      for (let value = 1; value < 256; value += 1) {
        const changed = Buffer.from(text);
        changed[index] = (changed[index] ?? 0) ^ value;
        seen.add(fingerprint(changed));
      }
      seen.add(fingerprint(text.subarray(0, index)));
    }
    expect(seen.size).toBe(1 + text.length * 256);
  });

  it('shows two changes in a row: one never cancels the other out', () => {
    const text = Buffer.from('image: zookeeper:3.9\nports: [2181, 2888]\n');
    const original = fingerprint(text);
    const changed = Buffer.from(text);
    for (const distance of [1, 4, 8, 16]) {
      for (let one = 1; one < 256; one += 1) {
        for (let other = 1; other < 256; other += 2) {
          changed.set(text);
          changed[7] = (changed[7] ?? 0) ^ one;
          changed[7 + distance] = (changed[7 + distance] ?? 0) ^ other;
          if (fingerprint(changed) === original) expect.fail(`${one} and ${other}, ${distance} bytes apart`);
        }
      }
    }
  });

  it('counts zeros at either end, and takes contents of many megabytes', () => {
    const sizes = [0, 1, 2, 1 << 20, (1 << 20) + 1, 5 << 20];
    expect(new Set(sizes.map((size) => fingerprint(new Uint8Array(size)))).size).toBe(sizes.length);
    const large = new Uint8Array(5 << 20);
    large[3 << 20] = 1;
    expect(fingerprint(large)).not.toBe(fingerprint(new Uint8Array(5 << 20)));
  });

  it('shows lines that swapped places', () => {
    const lines = Array.from({ length: 60 }, (_, index) => `    KEY_${index}: value\n`);
    const seen = new Set<string>();
    for (let a = 0; a < lines.length; a += 1) {
      for (let b = a; b < lines.length; b += 1) {
        const swapped = [...lines];
        [swapped[a], swapped[b]] = [swapped[b] ?? '', swapped[a] ?? ''];
        seen.add(textFingerprint(swapped.join('')));
      }
    }
    expect(seen.size).toBe(1 + (60 * 59) / 2);
  });
});
