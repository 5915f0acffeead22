import fc from 'fast-check';
import { ownedFlags } from '../../planning/flag-tables/owned-flags.ts';
import { flagsOf, type FlagProgram } from '../../planning/flag-tables/available-flags.ts';
import type { FlagDefinition } from '../../planning/flag-tables/flag-table.ts';
import type { ImageSetName } from '../../planning/catalogue/roles.ts';
import { text } from './valid-values.ts';

type FlagValue = string | number | boolean;

/** A value that a flag takes. */
function valueOf({ type, values }: FlagDefinition): fc.Arbitrary<FlagValue> {
  if (values) return fc.constantFrom(...values);
  switch (type) {
    case 'boolean':
      return fc.boolean();
    case 'integer':
      return fc.nat();
    case 'number':
      return fc.constantFrom(0.5, 3, '1.25');
    case 'duration':
      return fc
        .tuple(fc.nat({ max: 100_000 }), fc.constantFrom('ms', 'secs', 'mins', 'days'))
        .map(([n, unit]) => `${String(n)}${unit}`);
    case 'bytes':
      return fc.tuple(fc.nat(), fc.constantFrom('B', 'MB', 'GB')).map(([n, unit]) => `${String(n)}${unit}`);
    case 'json':
      return fc.constantFrom('{"a": "$b"}', '/etc/mesos/a.json');
    case 'path':
      return fc.constantFrom('/etc/a', '/var/lib/b c');
    case 'string':
      return text;
  }
}

/** Some of the real flags of a program, under their own names, with values that fit. */
export function allFlags(program: FlagProgram, imageSet: ImageSetName): fc.Arbitrary<Record<string, FlagValue>> {
  const flags = flagsOf(program, imageSet)
    .filter(({ name }) => !Object.hasOwn(ownedFlags[program], name))
    // A secret itself is refused.
    .filter(({ type, secret }) => type === 'path' || secret !== true);
  const one = fc.constantFrom(...flags).chain((flag) => valueOf(flag).map((value) => [flag.name, value] as const));
  return fc.array(one, { maxLength: 4 }).map((entries) => Object.fromEntries(entries));
}
