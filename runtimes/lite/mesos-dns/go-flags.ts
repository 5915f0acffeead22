import { ProgramError } from '../program.ts';

/** What `mesos-dns` was given. */
export interface MesosDnsFlags {
  readonly config: string;
  /** 0: what happens; 1 and more: the configuration, too. */
  readonly verbosity: number;
  /** Flags that were given and mean nothing here. */
  readonly withoutEffect: readonly string[];
}

/** Its own (main.go), and those of glog, which it writes its log with. */
const flags: Readonly<Record<string, 'text' | 'boolean' | 'integer'>> = {
  config: 'text',
  v: 'integer',
  logtostderr: 'boolean',
  alsologtostderr: 'boolean',
  stderrthreshold: 'text',
  log_dir: 'text',
  log_backtrace_at: 'text',
  vmodule: 'text',
};

/** All of it goes to standard error. */
const silent: ReadonlySet<string> = new Set(['logtostderr', 'alsologtostderr', 'stderrthreshold']);

const truths: ReadonlySet<string> = new Set(['1', 't', 'T', 'TRUE', 'true', 'True']);
const falsehoods: ReadonlySet<string> = new Set(['0', 'f', 'F', 'FALSE', 'false', 'False']);

/** As Go's package flag says it, which exits with 2. */
const usageError = (message: string) => new ProgramError(message, 2);

/**
 * Loads `-config=FILE -v=1`: one hyphen or two, the value behind `=` or in the next word; what stands behind the first
 * word that is no flag is nobody's.
 * @throws ProgramError in Go's words
 */
export function loadGoFlags(words: readonly string[]): MesosDnsFlags {
  const given = new Map<string, string>();
  for (let index = 0; index < words.length; index++) {
    const word = words[index] ?? '';
    const [, name, equals, inline = ''] = /^--?([^=]*)(=)?(.*)$/s.exec(word) ?? [];
    if (name === undefined || word === '-' || word === '--') break;
    if (name === '' || name.startsWith('-')) throw usageError(`bad flag syntax: ${word}`);
    const type = Object.hasOwn(flags, name) ? flags[name] : undefined;
    if (type === undefined) throw usageError(`flag provided but not defined: -${name}`);
    const isInline = equals !== undefined;
    const value = isInline ? inline : type === 'boolean' ? 'true' : words[++index];
    if (value === undefined) throw usageError(`flag needs an argument: -${name}`);
    const isBad =
      (type === 'integer' && !/^[+-]?\d+$/.test(value)) ||
      (type === 'boolean' && !truths.has(value) && !falsehoods.has(value));
    if (isBad) throw usageError(`invalid value "${value}" for flag -${name}: parse error`);
    given.set(name, value);
  }
  return {
    config: given.get('config') ?? 'config.json',
    verbosity: Number(given.get('v') ?? 0),
    withoutEffect: [...given.keys()].filter((name) => name !== 'config' && name !== 'v' && !silent.has(name)),
  };
}
