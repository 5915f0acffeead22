import type { Problem } from '../../errors/user-error.ts';
import {
  argumentProblems,
  flagProblems,
  missingValue,
  mistypedVerb,
  nearestFlag,
  unknownFlag,
  wrongValue,
} from './command-line-problems.ts';
import type { CommandLine, FlagUse } from './command-line.ts';
import type { SpecPath } from '../../planning/shape/spec-problem.ts';
import { isValueProblem } from './flag-values.ts';
import type { Flag } from './flag.ts';
import { flags } from './flags.ts';
import { verbWords, type Verb } from './verbs.ts';

/*
 * Not node:util's parseArgs: it stops at the first problem, knows no "did you mean", and takes more of the start than
 * these lines do.
 */

interface Word {
  readonly word: string;
  /** `plain`; behind `--`; or behind a flag that does not exist, and so perhaps its value. */
  readonly kind: 'plain' | 'escaped' | 'doubtful';
}

interface Tokens {
  readonly uses: FlagUse[];
  /** Of these, the ones with values that were refused. */
  readonly refused: FlagUse[];
  /** What flags would have set that were not understood. */
  readonly lost: (Flag | undefined)[];
  readonly words: Word[];
  readonly problems: Problem[];
}

/** A parsed command line with everything that is wrong with it. */
export interface ParsedCommandLine {
  /** Without what was refused. */
  readonly line: CommandLine;
  readonly problems: readonly Problem[];
  /** Paths of the spec that flags were meant to set which were refused. */
  readonly unread: readonly SpecPath[];
}

/** Parses what the user typed. Never throws: all problems are returned together. */
export function parseCommandLine(argv: readonly string[]): ParsedCommandLine {
  const tokens = readTokens(argv);
  const [first] = tokens.words;
  const verb: Verb = (first?.kind !== 'escaped' && verbWords.find((word) => word === first?.word)) || 'create';
  const words = tokens.words.slice(verb === 'create' ? 0 : 1).filter(({ kind }) => kind !== 'doubtful');
  for (const use of tokens.uses.filter(({ flag }) => flag.value !== undefined)) {
    const problem = valueProblem(use, verb);
    if (!problem) continue;
    tokens.refused.push(use);
    tokens.problems.push(problem);
  }
  const line = {
    verb,
    positionals: words.map(({ word }) => word),
    uses: tokens.refused.length === 0 ? tokens.uses : tokens.uses.filter((use) => !tokens.refused.includes(use)),
  };
  const mistyped = verb === 'create' && words[0]?.kind === 'plain' ? mistypedVerb(words[0].word) : undefined;
  // Which arguments and flags a verb takes that does not exist, nobody knows.
  const problems = mistyped ? [mistyped] : [...argumentProblems(line), ...flagProblems(verb, tokens.uses)];
  return { line, problems: [...tokens.problems, ...problems], unread: pathsOf(tokens) };
}

const pathsOf = ({ lost, refused }: Tokens): readonly SpecPath[] =>
  [...lost, ...refused.map(({ flag }) => flag)].flatMap((flag) => (flag?.sets ? [flag.sets.split('.')] : []));

function readTokens(argv: readonly string[]): Tokens {
  const tokens: Tokens = { uses: [], refused: [], lost: [], words: [], problems: [] };
  for (let index = 0; index < argv.length; index++) {
    const token = argv[index] ?? '';
    // The command is another program's, flags and all; it does not begin with a flag, so one right behind the name is ours.
    const isOthers = ['exec', 'ssh'].includes(tokens.words[0]?.word ?? '') && tokens.words.length === 2;
    if (isOthers && !isFlag(token)) {
      tokens.words.push(...argv.slice(index).map((word) => ({ word, kind: 'escaped' as const })));
      break;
    }
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
    const near = nearestFlag(written);
    tokens.lost.push(near);
    tokens.problems.push(unknownFlag(written, near));
    if (given !== undefined || next === undefined || isFlag(next)) return undefined;
    tokens.words.push({ word: next, kind: 'doubtful' });
    return 'took the next';
  }
  const { flag, negated } = found;
  if (flag.value === undefined) {
    if (given !== undefined) tokens.problems.push(wrongValue(flag, given, 'no value', `Write ${written} alone`));
    else tokens.uses.push({ flag, text: String(!negated) });
    return undefined;
  }
  const takesNext = given === undefined && next !== undefined && !isFlag(next);
  const text = given ?? (takesNext ? next : undefined);
  if (text === undefined) {
    tokens.lost.push(flag);
    tokens.problems.push(missingValue(flag, next));
    return undefined;
  }
  tokens.uses.push({ flag, text });
  return takesNext ? 'took the next' : undefined;
}

/** What a value may be depends on the verb: with some a flag steers the command, with others it sets a key of the spec. */
function valueProblem({ flag, text }: FlagUse, verb: Verb): Problem | undefined {
  const steers = flag.steers?.[verb];
  const read = steers ? steers(text) : flag.read?.(text);
  if (read !== undefined && isValueProblem(read)) return wrongValue(flag, read.found ?? text, read.allowed, read.fix);
  return text === '' ? wrongValue(flag, text, 'a value', `Write --${flag.name}=${flag.value ?? ''}`) : undefined;
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
