import { hidePassword } from '../../protocol/zk-url.ts';
import { flagsOf, isCalled } from '../../planning/flag-tables/available-flags.ts';
import { hideSecrets } from '../../planning/flag-tables/check-flag-value.ts';
import type { FlagDefinition, FlagTable } from '../../planning/flag-tables/flag-table.ts';
import { GivenFlags } from './given-flags.ts';
import { ProgramError } from './program.ts';
import { parseDuration, readValue } from './stout-values.ts';

type MesosProgram = 'mesos-master' | 'mesos-agent';

/** What a Mesos program was given. */
export class MesosFlags extends GivenFlags {
  /** @throws Error as sure */
  durationMs(name: string): number {
    return parseDuration(this.sure(name));
  }

  /** Everything that has a value, as `/flags` answers; passwords of ZooKeeper and credentials of registries are hidden. */
  reported(): Readonly<Record<string, string>> {
    return Object.fromEntries(
      this.table.flatMap(({ name, type }) => {
        const text = this.text(name);
        return text === undefined ? [] : [[name, type === 'json' ? hideSecrets(text) : hidePassword(text)]];
      }),
    );
  }
}

export interface FlagSources {
  /** What stands behind the program's name. */
  readonly arguments: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Content of a file; undefined when it cannot be read. */
  readonly readFile: (path: string) => string | undefined;
}

const prefix = 'MESOS_';

/** A flag as it was written, and its value: undefined when there was no `=`. */
type Use = readonly [name: string, value: string | undefined];

/** Variables with the prefix; those that are no flag are ignored without a word (stout, FlagsBase::extract). */
function fromEnvironment(table: FlagTable, environment: FlagSources['environment']): readonly Use[] {
  return Object.entries(environment).flatMap(([variable, value]): Use[] => {
    if (!variable.startsWith(prefix) || value === undefined) return [];
    const name = variable.slice(prefix.length).toLowerCase();
    return table.some((flag) => isCalled(flag, name.replace(/^no-/, ''))) ? [[name, value]] : [];
  });
}

/** Words that do not begin with `--` are skipped, and all behind `--` (FlagsBase::load). */
function fromArguments(words: readonly string[]): readonly Use[] {
  const uses: Use[] = [];
  for (const word of words.map((each) => each.trim())) {
    if (word === '--') break;
    if (!word.startsWith('--')) continue;
    const equals = word.indexOf('=');
    const name = word.slice(2, equals < 0 ? undefined : equals).toLowerCase();
    uses.push([name, equals < 0 ? undefined : word.slice(equals + 1)]);
  }
  return uses;
}

/**
 * Loads the flags of a Mesos program from its command line and environment; the command line wins.
 * @param required names that must be given
 * @throws ProgramError in the words of stout (3rdparty/stout/include/stout/flags/flags.hpp)
 */
export function loadMesosFlags(
  program: MesosProgram,
  sources: FlagSources,
  required: readonly string[] = [],
): MesosFlags {
  const table = flagsOf(program, 'lite');
  const written = fromArguments(sources.arguments);
  const names = new Set(written.map(([name]) => name));
  const inherited = fromEnvironment(table, sources.environment).filter(([name]) => !names.has(name));
  const uses = [...written, ...inherited].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  const given = new Map<string, string>();
  const loadedAs = new Map<string, string>();
  for (const [name, value] of uses) {
    const flagName = name.replace(/^no-/, '');
    const flag = table.find((each) => isCalled(each, flagName));
    const via = flagName === name ? '' : ` via '${name}'`;
    if (flag === undefined) throw new ProgramError(`Failed to load unknown flag '${flagName}'${via}`);
    const before = loadedAs.get(flag.name);
    if (before !== undefined) {
      throw new ProgramError(`Flag '${flagName}' is already loaded via name '${before}'`);
    }
    given.set(flag.name, loadOne(flag, [name, value], sources.readFile));
    loadedAs.set(flag.name, flagName);
  }
  const missing = required.find((name) => !given.has(name));
  if (missing !== undefined) throw new ProgramError(`Flag '${missing}' is required, but it was not provided`);
  return new MesosFlags(table, given);
}

function loadOne(flag: FlagDefinition, [name, value]: Use, readFile: FlagSources['readFile']): string {
  const flagName = name.replace(/^no-/, '');
  const isNegated = flagName !== name;
  let text = value;
  if (flag.type === 'boolean') {
    if (isNegated && value !== undefined && value !== '') {
      throw new ProgramError(`Failed to load boolean flag '${flagName}' via '${name}' with value '${value}'`);
    }
    if (value === undefined || value === '') text = isNegated ? 'false' : 'true';
  } else if (isNegated) {
    throw new ProgramError(`Failed to load non-boolean flag '${flagName}' via '${name}'`);
  }
  if (text === undefined) throw new ProgramError(`Failed to load non-boolean flag '${flagName}': Missing value`);
  try {
    return readValue(flag, fetchValue(flag, text, readFile));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ProgramError(`Failed to load flag '${flagName}': Failed to load value '${text}': ${reason}`);
  }
}

/** A value `file:///path` is read from the file, and one of JSON that is a path, too (stout, flags/fetch.hpp). */
function fetchValue(flag: FlagDefinition, text: string, readFile: FlagSources['readFile']): string {
  const isFile = text.startsWith('file://');
  if (!isFile && !(flag.type === 'json' && text.startsWith('/'))) return text;
  const path = isFile ? text.slice('file://'.length) : text;
  const content = readFile(path);
  if (content === undefined) throw new Error(`Error reading file '${path}': No such file or directory`);
  return content.trim();
}
