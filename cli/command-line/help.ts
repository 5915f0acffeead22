import { exitCodes } from '../../errors/exit-codes.ts';
import { flagGroups, type Flag } from './flag.ts';
import { flags } from './flags.ts';
import { knownVerbs, verbEntry, verbs, type Verb } from './verbs.ts';

const command = 'create-mesos-cluster';

/** The help of a verb; of `create`, the help of the whole command. */
export function helpFor(verb: Verb): string {
  return verb === 'create' ? wholeHelp() : verbHelp(verb);
}

/** Flags whose descriptions may stand in one column of this width. */
const columnWidth = 30;

function wholeHelp(): string {
  return `Writes a lab: an Apache Mesos cluster with Marathon, as Docker Compose files or for Vagrant.

Usage:
  ${command} [DIRECTORY] [FLAGS]         ${verbs.create.summary}
  ${command} VERB [--lab DIRECTORY]      work on a lab

Verbs:
${knownVerbs.map((verb) => row(usageOf(verb), verbEntry(verb).summary)).join('')}
${flagSections(flags.filter((flag) => flag.group !== 'Other' && flag.verbs.includes('create')))}
${flagSections(flags.filter((flag) => flag.group === 'Other'))}
Exit codes:
${exitCodeRows()}
Examples:
  ${command} my-lab --yes
  ${command} my-lab --preset ha --addon chronos,registry
  ${command} generate --lab my-lab --diff
  ${command} up --lab my-lab --runtime embedded
  ${command} explain MESOS_QUORUM --lab my-lab
`;
}

function verbHelp(verb: Verb): string {
  const own = flags.filter((flag) => flag.verbs.includes(verb));
  const { summary, details = [] } = verbEntry(verb);
  const lines = [summary, ...details].map((each) => `  ${each}\n`).join('');
  return `Usage: ${command} ${usageOf(verb)} [FLAGS]\n${lines}\n${flagSections(own)}`;
}

function usageOf(verb: Verb): string {
  return [verb, verbEntry(verb).arguments].filter((part) => part !== undefined).join(' ');
}

function flagSections(shown: readonly Flag[]): string {
  return flagGroups
    .map((group) => ({ group, members: shown.filter((flag) => flag.group === group) }))
    .filter(({ members }) => members.length > 0)
    .map(({ group, members }) => `${group}:\n${members.map((flag) => row(flagUsage(flag), describe(flag))).join('')}`)
    .join('\n');
}

/** A flag as it is typed: `-y, --yes`, `--masters N`. */
export function flagUsage({ name, alias, value }: Flag): string {
  return `${alias === undefined ? '' : `-${alias}, `}--${name}${value === undefined ? '' : ` ${value}`}`;
}

function describe({ description, repeats }: Flag): string {
  return repeats ? `${description} (may repeat)` : description;
}

function row(left: string, right: string): string {
  return left.length < columnWidth - 2
    ? `  ${left.padEnd(columnWidth - 2)}${right}\n`
    : `  ${left}\n${' '.repeat(columnWidth)}${right}\n`;
}

/** In the order of the numbers; a new exit code has to be given its words here. */
const exitMeanings = {
  ok: 'done',
  bug: 'a bug of ours: please report it',
  usage: 'the flags or the spec are wrong; nothing was written',
  machine: 'something is missing on this machine',
  command: 'a command that was started for you failed',
  notReady: 'not ready in time',
  verification: 'verification failed',
  interrupted: 'interrupted; nothing is half-written',
} as const satisfies Record<keyof typeof exitCodes, string>;

function exitCodeRows(): string {
  const codes = Object.entries(exitCodes) as [keyof typeof exitCodes, number][];
  return codes.map(([name, code]) => `  ${String(code).padEnd(5)}${exitMeanings[name]}\n`).join('');
}
