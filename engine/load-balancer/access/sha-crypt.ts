import { createHash } from 'node:crypto';

/*
 * crypt(3) with SHA-256 and SHA-512, as `mkpasswd -m sha-512` writes it and HAProxy's userlists read it (Ulrich Drepper,
 * "Unix crypt using SHA-256 and SHA-512", 0.6); names of steps are its own.
 */

const kinds = {
  5: { name: 'sha256', triples: 10, first: [0, 10, 20], next: ([a, b, c]: Triple): Triple => [c + 1, a + 1, b + 1] },
  6: { name: 'sha512', triples: 21, first: [0, 21, 42], next: ([a, b, c]: Triple): Triple => [b + 1, c + 1, a + 1] },
} as const;

type Kind = keyof typeof kinds;
type Triple = readonly [number, number, number];

const alphabet = './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const defaultRounds = 5000;
const fewestRounds = 1000;

/**
 * Whether a password is the one of an entry like `$6$rounds=5000$salt$hash`; an entry of another kind is nobody's.
 * It takes as long as its rounds say.
 */
export function isShaCryptOf(entry: string, password: string): boolean {
  const [, kind, rounds, salt, hash] = /^\$([56])\$(?:rounds=(\d+)\$)?([^$]{0,16})\$([./\dA-Za-z]+)$/.exec(entry) ?? [];
  if (kind === undefined || salt === undefined) return false;
  const times = rounds === undefined ? defaultRounds : Math.max(fewestRounds, Number(rounds));
  return shaCrypt(Number(kind) as Kind, Buffer.from(password), Buffer.from(salt), times) === hash;
}

function shaCrypt(kind: Kind, password: Buffer, salt: Buffer, rounds: number): string {
  const digest = (...parts: readonly Buffer[]) => {
    const hash = createHash(kinds[kind].name);
    for (const part of parts) hash.update(part);
    return hash.digest();
  };
  const b = digest(password, salt, password);
  const bits: Buffer[] = [];
  for (let length = password.length; length > 0; length >>= 1) bits.push((length & 1) === 1 ? b : password);
  let a = digest(password, salt, repeated(b, password.length), ...bits);
  const p = repeated(digest(...times(password, password.length)), password.length);
  const s = repeated(digest(...times(salt, 16 + (a[0] ?? 0))), salt.length);
  for (let round = 0; round < rounds; round++) {
    const isOdd = (round & 1) === 1;
    const middle = [...(round % 3 === 0 ? [] : [s]), ...(round % 7 === 0 ? [] : [p])];
    a = digest(isOdd ? p : a, ...middle, isOdd ? a : p);
  }
  return encoded(kind, a);
}

const times = (part: Buffer, count: number): readonly Buffer[] => Array.from({ length: count }, () => part);

/** The first `length` bytes of a digest that is written again and again. */
const repeated = (digest: Buffer, length: number): Buffer => Buffer.alloc(length, digest);

/** Three bytes are four characters, the lowest six bits first; the bytes are taken in an order of their own. */
function encoded(kind: Kind, digest: Buffer): string {
  const byte = (index: number) => digest[index] ?? 0;
  const characters = (bits: number, count: number) =>
    Array.from({ length: count }, (_, index) => alphabet[(bits >> (6 * index)) & 63]).join('');
  let text = '';
  let triple: Triple = kinds[kind].first;
  for (let index = 0; index < kinds[kind].triples; index++) {
    const [first, second, third] = triple;
    text += characters((byte(first) << 16) | (byte(second) << 8) | byte(third), 4);
    triple = kinds[kind].next(triple);
  }
  return text + (kind === 6 ? characters(byte(63), 2) : characters((byte(31) << 8) | byte(30), 3));
}
