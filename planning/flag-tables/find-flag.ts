import { disallowedValue, holdsSecret, type FlagValue } from './check-flag-value.ts';
import { flagPrograms, flagsOf, isCalled, tables, type FlagProgram } from './available-flags.ts';
import type { FlagDefinition, Release } from './flag-table.ts';
import { nearest } from '../shape/nearest.ts';
import type { ImageSetName } from '../catalogue/roles.ts';

/*
 * What is known of the flags that a spec passes through. Loads every table: import it only when a flag is passed.
 * It matters because Mesos ignores a variable it does not know, and Marathon does not start with one.
 */

export { flagPrograms, type FlagProgram };

/** What is wrong with a flag: the program does not have it, its value is a secret, or does not fit. */
export type FlagProblem =
  | {
      readonly kind: 'unknown';
      /** A flag of this program that may be meant; only when nothing below explains the problem. */
      readonly nearest?: string;
      /** A program of the same image set that has it. */
      readonly otherProgram?: FlagProgram;
      /** The program has it from this release on. */
      readonly since?: Release;
      /** The program had it up to this release. */
      readonly until?: Release;
    }
  | {
      readonly kind: 'secret';
      /** A flag that takes the path of a file with it: its own, or another one; none when there is no such flag. */
      readonly fileFlag?: string;
    }
  | { readonly kind: 'value'; readonly allowed: string };

/**
 * Finds a flag of a program by its name or an alias, written exactly as the program writes it:
 * underscores, lower case, without `no-` or `disable_` in front (a value of false says that).
 */
export function findFlag(program: FlagProgram, imageSet: ImageSetName, name: string): FlagDefinition | undefined {
  return flagsOf(program, imageSet).find((flag) => isCalled(flag, name));
}

/** A name without what people put in front of it: dashes, the prefix of a variable, a negation. */
const bareName = (name: string) =>
  name
    .replace(/^-+|^(?:MESOS|MARATHON)_/, '')
    .toLowerCase()
    .replaceAll('-', '_')
    .replace(/^(?:no|disable)_/, '');

const nearestFlag = (program: FlagProgram, imageSet: ImageSetName, name: string): string | undefined =>
  nearest(
    bareName(name),
    flagsOf(program, imageSet).flatMap((flag) => [flag.name, ...(flag.aliases ?? [])]),
  );

function explainUnknown(program: FlagProgram, imageSet: ImageSetName, name: string): FlagProblem {
  const elsewhen = tables[program].find((flag) => isCalled(flag, name));
  const otherProgram = flagPrograms.find((other) => other !== program && findFlag(other, imageSet, name) !== undefined);
  const near = elsewhen === undefined && otherProgram === undefined ? nearestFlag(program, imageSet, name) : undefined;
  return {
    kind: 'unknown',
    ...(near === undefined ? {} : { nearest: near }),
    ...(otherProgram === undefined ? {} : { otherProgram }),
    ...(elsewhen?.since === undefined ? {} : { since: elsewhen.since }),
    ...(elsewhen?.until === undefined ? {} : { until: elsewhen.until }),
  };
}

/**
 * Checks one flag of a spec against the version of its program in an image set.
 * Returns the problem, or undefined when name and value are right. Marathon takes no empty values (they read as switches).
 */
export function checkFlag(
  program: FlagProgram,
  imageSet: ImageSetName,
  name: string,
  value: FlagValue,
): FlagProblem | undefined {
  const flag = findFlag(program, imageSet, name);
  if (flag === undefined) return explainUnknown(program, imageSet, name);
  if (holdsSecret(flag, value)) {
    const fileFlag = flag.type === 'string' ? findFlag(program, imageSet, `${flag.name}_file`) : flag;
    return { kind: 'secret', ...(fileFlag === undefined ? {} : { fileFlag: fileFlag.name }) };
  }
  const allowed = program === 'marathon' && value === '' ? 'a value that is not empty' : disallowedValue(flag, value);
  return allowed === undefined ? undefined : { kind: 'value', allowed };
}

/** Name of the environment variable of a flag: `MESOS_QUORUM`, `MARATHON_TASK_LAUNCH_TIMEOUT`. */
export function environmentName(program: FlagProgram, flagName: string): string {
  return `${program === 'marathon' ? 'MARATHON' : 'MESOS'}_${flagName.toUpperCase()}`;
}

/**
 * The environment variable that gives a flag its value, or undefined where leaving it out says so.
 * A switch of Marathon is an empty variable, `MARATHON_HA=` or `MARATHON_DISABLE_HA=` (Main.envToArgs): with
 * `MARATHON_HA=true` it does not start.
 */
export function environmentSetting(
  program: FlagProgram,
  flagName: string,
  value: FlagValue,
): { readonly name: string; readonly value: string } | undefined {
  const flag = tables[program].find((candidate) => isCalled(candidate, flagName));
  if (program !== 'marathon' || flag?.type !== 'boolean') {
    return { name: environmentName(program, flagName), value: String(value) };
  }
  if (String(value) === 'true') return { name: environmentName(program, flagName), value: '' };
  return flag.presenceOnly === true ? undefined : { name: environmentName(program, `disable_${flagName}`), value: '' };
}

/** Pairs of names, in the order given, that are two names of one flag: Mesos does not start with both. */
export function conflictingFlags(
  program: FlagProgram,
  names: readonly string[],
): readonly (readonly [string, string])[] {
  return tables[program].flatMap((flag) => {
    const [first, ...others] = [...new Set(names)].filter((name) => isCalled(flag, name));
    return first === undefined ? [] : others.map((other) => [first, other] as const);
  });
}

/** How many flags of a program are known in an image set's version; aliases do not count. */
export function flagCount(program: FlagProgram, imageSet: ImageSetName): number {
  return flagsOf(program, imageSet).length;
}
