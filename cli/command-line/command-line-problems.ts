import leven from 'leven';
import type { Problem } from '../../errors/user-error.ts';
import { nearest } from '../../planning/shape/nearest.ts';
import type { CommandLine, FlagUse } from './command-line.ts';
import type { Flag } from './flag.ts';
import { flags } from './flags.ts';
import { foreignVerb } from './foreign-verbs.ts';
import { knownVerbs, verbEntry, type Verb } from './verbs.ts';

/** The flag that a mistyped one most likely means. */
export function nearestFlag(written: string): Flag | undefined {
  const near = nearest(
    written.replace(/^-+/, ''),
    flags.map(({ name }) => name),
  );
  return flags.find(({ name }) => name === near);
}

/** A flag that is not in the table. */
export function unknownFlag(written: string, near: Flag | undefined): Problem {
  return {
    code: 'USAGE_UNKNOWN_FLAG',
    message: `There is no flag ${written}`,
    place: { kind: 'flag', flag: written },
    fix: near === undefined ? 'create-mesos-cluster --help lists the flags' : `Did you mean --${near.name}?`,
  };
}

/** A flag with a value that its reader refused. */
export function wrongValue({ name }: Flag, found: string, allowed: string, fix: string): Problem {
  return {
    code: 'USAGE_FLAG_VALUE',
    message: `--${name} does not take this value`,
    place: { kind: 'flag', flag: `--${name}` },
    found: found === '' ? '(nothing)' : found,
    allowed,
    fix,
  };
}

/** A flag at the end of the line, or before another one. */
export function missingValue({ name, value = '' }: Flag, next: string | undefined): Problem {
  return {
    code: 'USAGE_FLAG_VALUE',
    message: `--${name} needs a value`,
    place: { kind: 'flag', flag: `--${name}` },
    found: next ?? 'the end of the command line',
    fix: next === undefined ? `--${name} ${value}` : `--${name}=${value}, also when the value starts with a dash`,
  };
}

/**
 * A mistyped verb must not become a folder: a word within two edits of one has to be written as a path. One edit, or
 * letters in another order, in words of up to four letters, which are near to everything: `test` is two edits from
 * `list`. The same for verbs of other tools: `destroy` is no folder.
 */
export function mistypedVerb(word: string): Problem | undefined {
  if (/[/\\]|^\.*$/.test(word)) return undefined;
  const foreign = foreignVerb(word);
  const meant = foreign ? foreign.meant : nearestVerb(word);
  if (!foreign && meant === undefined) return undefined;
  const folder = `create-mesos-cluster ./${word} for a folder`;
  return {
    code: 'USAGE_UNKNOWN_VERB',
    message: foreign
      ? `There is no verb ${word}, and it sounds too much like one to be a folder`
      : `There is no verb ${word}, and it looks too much like ${String(meant)} to be a folder`,
    found: word,
    allowed: knownVerbs.join(', '),
    fix: `create-mesos-cluster ${meant === 'create' ? 'my-lab' : (meant ?? '--help')}, or ${folder}`,
  };
}

function nearestVerb(word: string): Verb | undefined {
  const most = word.length < 5 ? 1 : 2;
  const letters = (text: string) => Array.from(text).sort().join('');
  const [nearby] = knownVerbs
    .map((verb) => ({ verb, edits: letters(word) === letters(verb) ? 1 : leven(word, verb) }))
    .filter(({ edits }) => edits <= most)
    .sort((a, b) => a.edits - b.edits);
  return nearby?.verb;
}

/** Too few or too many arguments for the verb, or an empty one. */
export function argumentProblems({ verb, positionals }: CommandLine): readonly Problem[] {
  const { arguments: expected = 'none', least = 0, most = 0 } = verbEntry(verb);
  const count = positionals.length;
  const isEmpty = positionals.includes('');
  if (count >= least && count <= most && !isEmpty) return [];
  const tooFew = count < least;
  const wrong = tooFew ? 'There are too few arguments' : 'There are too many arguments';
  const mend = tooFew ? `create-mesos-cluster ${verb} ${expected}` : tooMany(positionals.slice(most));
  return [
    {
      code: 'USAGE_ARGUMENTS',
      message: isEmpty ? 'An argument is empty' : wrong,
      found: count === 0 ? '(nothing)' : positionals.map((word) => (word === '' ? "''" : word)).join(' '),
      allowed: expected,
      fix: isEmpty ? 'Remove it' : mend,
    },
  ];
}

const tooMany = (words: readonly string[]) =>
  `Remove ${words.join(' ')}, or quote what belongs together; a value of a flag stands right behind it`;

/** Flags that the verb does not take, and flags that contradict themselves. */
export function flagProblems(verb: Verb, uses: readonly FlagUse[]): readonly Problem[] {
  return uses.flatMap(({ flag }, index): readonly Problem[] => {
    const place = { kind: 'flag', flag: `--${flag.name}` } as const;
    const same = uses.filter((use) => use.flag === flag);
    if (!flag.verbs.includes(verb) && same[0] === uses[index]) {
      return [
        {
          code: 'USAGE_UNKNOWN_FLAG',
          message: `The verb ${verb} does not take --${flag.name}`,
          place,
          ...otherWay(flag, verb),
        },
      ];
    }
    if (flag.value === undefined || flag.repeats || same.length === 1 || same[0] !== uses[index]) return [];
    const found = same.map(({ text }) => text).join(' and ');
    return [
      { code: 'USAGE_FLAG_VALUE', message: `--${flag.name} is given more than once`, place, found, fix: 'Keep one' },
    ];
  });
}

function otherWay(flag: Flag, verb: Verb): Pick<Problem, 'allowed' | 'fix'> {
  if (flag.sets !== undefined && verb === 'generate') return { fix: `Set ${flag.sets} in mesos-cluster.yaml` };
  return { allowed: `with ${flag.verbs.join(', ')}`, fix: `create-mesos-cluster ${verb} --help lists its flags` };
}
