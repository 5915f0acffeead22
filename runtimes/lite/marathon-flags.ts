import { flagsOf } from '../../planning/flag-tables/available-flags.ts';
import type { FlagDefinition, FlagTable } from '../../planning/flag-tables/flag-table.ts';
import { GivenFlags } from './given-flags.ts';
import { ProgramError } from './program.ts';

const prefix = 'MARATHON_';

/**
 * Every variable with the prefix becomes a flag, an empty one a switch; only what Marathon itself gives to its tasks is
 * left out (Main.envToArgs).
 */
function fromEnvironment(environment: Readonly<Record<string, string | undefined>>): readonly string[] {
  return Object.entries(environment).flatMap(([variable, value]) => {
    if (!variable.startsWith(prefix) || variable.startsWith(`${prefix}APP_`) || value === undefined) return [];
    const flag = `--${variable.slice(prefix.length).toLowerCase()}`;
    return value === '' ? [flag] : [flag, value];
  });
}

/** As Scallop, the parser of command lines of Marathon and Chronos, says it. */
const scallop = (message: string) => new ProgramError(`[scallop] Error: ${message}`);

const disabling = 'disable_';

/** A switch by its name, or by the name that turns it off. */
function findFlag(table: FlagTable, name: string): { readonly flag: FlagDefinition; readonly isOff: boolean } {
  const flag = table.find((each) => each.name === name);
  if (flag !== undefined) return { flag, isOff: false };
  const base = name.startsWith(disabling) ? name.slice(disabling.length) : undefined;
  const negated = table.find((each) => each.name === base && each.type === 'boolean' && each.presenceOnly !== true);
  if (negated === undefined) throw scallop(`Unknown option '${name}'`);
  return { flag: negated, isOff: true };
}

/**
 * Loads the flags of Marathon from its environment and its command line.
 * @throws ProgramError for the first mistake, with exit code 1
 */
export function loadMarathonFlags(
  words: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): GivenFlags {
  return loadScallopFlags(flagsOf('marathon', 'lite'), [...fromEnvironment(environment), ...words]);
}

/**
 * Loads flags as Scallop does, of Marathon and of Chronos.
 * @throws ProgramError for the first mistake, with exit code 1
 */
export function loadScallopFlags(table: FlagTable, all: readonly string[]): GivenFlags {
  const given = new Map<string, string>();
  for (let index = 0; index < all.length; index++) {
    const word = all[index] ?? '';
    if (!word.startsWith('--')) throw scallop(`Excess arguments provided: '${word}'`);
    const equals = word.indexOf('=');
    const name = word.slice(2, equals < 0 ? undefined : equals);
    const { flag, isOff } = findFlag(table, name);
    if (flag.type === 'boolean') {
      if (equals >= 0) throw scallop(`Excess arguments provided: '${word.slice(equals + 1)}'`);
      given.set(flag.name, String(!isOff));
      continue;
    }
    const next = all[index + 1];
    const value = equals >= 0 ? word.slice(equals + 1) : next?.startsWith('--') === false ? next : undefined;
    if (value === undefined) throw badValue(flag, '', 'you should provide exactly one argument for this option');
    if (equals < 0) index++;
    const before = given.get(flag.name);
    if (before !== undefined) {
      throw badValue(flag, `${before} ${value}`, 'you should provide exactly one argument for this option');
    }
    given.set(flag.name, checked(flag, value));
  }
  return new GivenFlags(table, given);
}

const badValue = ({ name }: FlagDefinition, value: string, reason: string) =>
  scallop(`Bad arguments for option '${name}': '${value}' - ${reason}`);

function checked(flag: FlagDefinition, value: string): string {
  if (flag.type === 'number' && !/^-?\d+(?:\.\d+)?$/.test(value)) throw badValue(flag, value, 'wrong arguments format');
  if (flag.type === 'integer' && !/^-?\d+$/.test(value)) throw badValue(flag, value, 'wrong arguments format');
  if (flag.values !== undefined && !flag.values.includes(value)) {
    throw badValue(flag, value, `one of: ${flag.values.join(', ')}`);
  }
  return value;
}
