import type { Problem } from '../errors/user-error.ts';
import {
  argumentProblems,
  flagProblems,
  missingValue,
  mistypedVerb,
  unknownFlag,
  wrongValue,
} from './command-line-problems.ts';
import type { CommandLine, FlagUse } from './command-line.ts';
import { isValueProblem } from './flag-values.ts';
import type { Flag } from './flag.ts';
import { flags } from './flags.ts';
import { verbWords, type Verb } from './verbs.ts';

/*
 * Not node:util's parseArgs: it stops at the first mistake, knows no "did you mean", and takes more of the start than
 * these lines do.
 */

interface Word {
  readonly word: string;
  /** `plain`; behind `--`; or behind a flag that does not exist, and so perhaps its value. */
  readonly kind: 'plain' | 'escaped' | 'doubtful';
}

interface Tokens {
  readonly uses: FlagUse[];
  readonly words: Word[];
  /** What a value may be depends on the verb, which is known in the end. */
  readonly problems: ((verb: Verb) => readonly Problem[])[];
}

/** A parsed command line with everything that is wrong with it. */
export interface ParsedCommandLine {
  readonly line: CommandLine;
  readonly problems: readonly Problem[];
}

/** Parses what the user typed. Never throws: all problems are returned together. */
export function parseCommandLine(argv: readonly string[]): ParsedCommandLine {
  const tokens = readTokens(argv);
  const [first] = tokens.words;
  const verb: Verb = (first?.kind !== 'escaped' && verbWords.find((word) => word === first?.word)) || 'create';
  const words = tokens.words.slice(verb === 'create' ? 0 : 1).filter(({ kind }) => kind !== 'doubtful');
  const line = { verb, positionals: words.map(({ word }) => word), uses: tokens.uses };
  return {
    line,
    problems: [
      ...(verb === 'create' && words[0]?.kind === 'plain' ? mistypedVerb(words[0].word) : []),
      ...tokens.problems.flatMap((problemsFor) => problemsFor(verb)),
      ...argumentProblems(line),
      ...flagProblems(line),
    ],
  };
}

function readTokens(argv: readonly string[]): Tokens {
  const tokens: Tokens = { uses: [], words: [], problems: [] };
  for (let index = 0; index < argv.length; index++) {
    const token = argv[index] ?? '';
    if (token === '--') {
      tokens.words.push(...argv.slice(index + 1).map((word) => ({ word, kind: 'escaped' as const })));
      break;
    }
    if (!isFlag(token)) tokens.words.push({ word: token, kind: 'plain' });
    else if (readFlag(token, argv[index + 1], tokens) === 'took the next') index++;
  }
  return tokens;
}

/** `-` alone is standard input, and `-1` a number. */
function isFlag(token: string): boolean {
  return /^-[^\d]/.test(token);
}

function readFlag(token: string, next: string | undefined, tokens: Tokens): 'took the next' | undefined {
  const equals = token.indexOf('=');
  const written = equals < 0 ? token : token.slice(0, equals);
  const given = equals < 0 ? undefined : token.slice(equals + 1);
  const found = findFlag(written);
  if (found === undefined) {
    if (tokens.words[0]?.word === 'explain') {
      // Flags of the programs that a lab runs: `explain --group`.
      tokens.words.push({ word: token, kind: 'escaped' });
      return undefined;
    }
    tokens.problems.push(() => [unknownFlag(written)]);
    if (given !== undefined || next === undefined || isFlag(next)) return undefined;
    tokens.words.push({ word: next, kind: 'doubtful' });
    return 'took the next';
  }
  const { flag, negated } = found;
  if (flag.value === undefined) {
    if (given !== undefined) tokens.problems.push(() => [wrongValue(flag, given, 'no value')]);
    else tokens.uses.push({ flag, text: String(!negated) });
    return undefined;
  }
  const takesNext = given === undefined && next !== undefined && !isFlag(next);
  const text = given ?? (takesNext ? next : undefined);
  if (text === undefined) {
    tokens.problems.push(() => [missingValue(flag, next)]);
    return undefined;
  }
  tokens.problems.push((verb) => valueProblems(flag, text, verb));
  tokens.uses.push({ flag, text });
  return takesNext ? 'took the next' : undefined;
}

function valueProblems(flag: Flag, text: string, verb: Verb): readonly Problem[] {
  const read = flag.steers?.[verb]?.(text) ?? (flag.steers?.[verb] === undefined ? flag.read?.(text) : undefined);
  if (read !== undefined && isValueProblem(read)) {
    return [wrongValue(flag, read.found ?? text, read.allowed, read.fix)];
  }
  return text === '' ? [wrongValue(flag, text, 'a value')] : [];
}

function findFlag(written: string): { readonly flag: Flag; readonly negated: boolean } | undefined {
  const byName = (name: string) => flags.find((flag) => flag.name === name);
  if (!written.startsWith('--')) {
    const flag = flags.find(({ alias }) => alias === written.slice(1));
    return flag && { flag, negated: false };
  }
  const name = written.slice(2);
  const flag = byName(name);
  if (flag) return { flag, negated: false };
  const negated = name.startsWith('no-') ? byName(name.slice(3)) : undefined;
  return negated?.value === undefined && negated ? { flag: negated, negated: true } : undefined;
}
