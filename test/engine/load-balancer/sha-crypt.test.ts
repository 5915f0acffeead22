import { describe, expect, it } from 'vitest';
import { isShaCryptOf } from '../../../engine/load-balancer/access/sha-crypt.ts';

const long = 'a very much longer text to encrypt.  This one even stretches over morethan one line.';

/** By crypt(3) of glibc 2.36. */
const entries = [
  [
    'Hello world!',
    '$6$saltstring$svn8UoSVapNtMuq1ukKS4tPQd8iKwSMHWjl/O817G3uBnIFNjnQJuesI68u4OTLiBFdcbYEdFCoEOfaS35inz1',
  ],
  [
    'Hello world!',
    '$6$rounds=10000$saltstringsaltst$OW1/O6BYHV6BcXZu8QVeXbDWra3Oeqh0sbHbbMCVNSnCM/UrjmM0Dp8vOuZeHBy/YTBmSK6H9qs/y3RnOaw5v.',
  ],
  [
    long,
    '$6$rounds=1400$anotherlongsalts$POfYwTEok97VWcjxIiSOjiykti.o/pQs.wPvMxQ6Fm7I6IoYN3CmLs66x9t0oSwbtEW7o7UmJEiDwGqd8p4ur1',
  ],
  ['', '$6$x$QSmr1Bx2g4O6BzKvdkgOcyU6H91X6I/XBv5pSalMhSPkwdH6Beo3F455xZJg0v//bxVK5F4OE5k1.0xuR26MK0'],
  ['Hello world!', '$5$saltstring$5B8vYYiY.CVt1RlTTf8KbXBH3hsxY/GNooZaBBGWEc5'],
  [long, '$5$rounds=1400$anotherlongsalts$Rx.j8H.h8HjEDGomFU8bDkXm3XIUnzyxf12oP84Bnq1'],
  ['geheim', '$5$x$fdwVDAMXlk8zh6tXcbhm3zDCYL9mXaYJTLY3mzmn0W0'],
] as const;

describe('passwords by crypt(3)', () => {
  it.each(entries)('are known again: %s', (password, entry) => {
    expect(isShaCryptOf(entry, password)).toBe(true);
    expect(isShaCryptOf(entry, `${password}x`)).toBe(false);
  });

  it('of other kinds are nobody’s', () => {
    for (const entry of ['geheim', '', '$1$salt$qJH7.N4xYta3aEG/dfqo/0', '$2b$04$x', '$6$nohash']) {
      expect(isShaCryptOf(entry, 'geheim')).toBe(false);
    }
  });
});
