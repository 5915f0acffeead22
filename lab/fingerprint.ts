import { createHash } from 'node:crypto';

/** SHA-256 in hexadecimal: what was written once is known again by it. */
export function fingerprint(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** The fingerprint of a text's UTF-8 bytes. */
export function textFingerprint(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}
