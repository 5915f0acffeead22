import leven from 'leven';
import type { Problem } from '../errors/user-error.ts';
import { nearest } from '../spec/nearest.ts';
import type { CommandLine } from './command-line.ts';
import type { Flag } from './flag.ts';
import { flags } from './flags.ts';
import { knownVerbs, verbEntry, type Verb } from './verbs.ts';

/** A flag that is not in the table. */
export function unknownFlag(written: string): Problem {
  const near = nearest(
    written.replace(/^-+/, ''),
    flags.map(({ name }) => name),
  );
  return {
    code: 'USAGE_UNKNOWN_FLAG',
    message: `there is no flag ${written}`,
    place: { kind: 'flag', flag: written },
    fix: near === undefined ? 'create-mesos-cluster --help lists the flags' : `did you mean --${near}?`,
  };
}

/** A flag with a value that its reader refused. */
export function wrongValue({ name }: Flag, found: string, allowed: string, fix?: string): Problem {
  return {
    code: 'USAGE_FLAG_VALUE',
    message: `--${name} does not take this value`,
    place: { kind: 'flag', flag: `--${name}` },
    found: found === '' ? '(nothing)' : found,
    allowed,
    ...(fix === undefined ? {} : { fix }),
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
 * `list`.
 */
export function mistypedVerb(word: string): readonly Problem[] {
  if (/[/\\]|^\.*$/.test(word)) return [];
  const most = word.length < 5 ? 1 : 2;
  const letters = (text: string) => Array.from(text).sort().join('');
  const [meant] = knownVerbs
    .map((verb) => ({ verb, edits: letters(word) === letters(verb) ? 1 : leven(word, verb) }))
    .filter(({ edits }) => edits <= most)
    .sort((a, b) => a.edits - b.edits);
  if (meant === undefined) return [];
  return [
    {
      code: 'USAGE_UNKNOWN_VERB',
      message: `there is no verb ${word}, and it looks too much like ${meant.verb} to be a folder`,
      found: word,
      fix: `create-mesos-cluster ${meant.verb}, or create-mesos-cluster ./${word} for a folder`,
    },
  ];
}

/** Too few or too many arguments for the verb, or an empty one. */
export function argumentProblems({ verb, positionals }: CommandLine): readonly Problem[] {
  const { arguments: expected = 'none', least = 0, most = 0 } = verbEntry(verb);
  const count = positionals.length;
  if (count >= least && count <= most && !positionals.includes('')) return [];
  const wrong = count < least ? 'there are too few arguments' : 'there are too many arguments';
  return [
    {
      code: 'USAGE_ARGUMENTS',
      message: positionals.includes('') ? 'an argument is empty' : wrong,
      found: count === 0 ? '(nothing)' : positionals.join(' '),
      allowed: expected,
    },
  ];
}

/** Flags that the verb does not take, and flags that contradict themselves. */
export function flagProblems({ verb, uses }: CommandLine): readonly Problem[] {
  return uses.flatMap(({ flag }, index): readonly Problem[] => {
    const place = { kind: 'flag', flag: `--${flag.name}` } as const;
    const same = uses.filter((use) => use.flag === flag);
    if (!flag.verbs.includes(verb) && same[0] === uses[index]) {
      return [
        { code: 'USAGE_UNKNOWN_FLAG', message: `${verb} does not take --${flag.name}`, place, ...otherWay(flag, verb) },
      ];
    }
    if (flag.value === undefined || flag.repeats || same.length === 1 || same[0] !== uses[index]) return [];
    const found = same.map(({ text }) => text).join(' and ');
    return [
      { code: 'USAGE_FLAG_VALUE', message: `--${flag.name} is given more than once`, place, found, fix: 'keep one' },
    ];
  });
}

function otherWay(flag: Flag, verb: Verb): Pick<Problem, 'allowed' | 'fix'> {
  if (flag.sets !== undefined && verb === 'generate') return { fix: `set ${flag.sets} in mesos-cluster.yaml` };
  return { allowed: `with ${flag.verbs.join(', ')}`, fix: `create-mesos-cluster ${verb} --help lists its flags` };
}
