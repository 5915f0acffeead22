import type { Verb } from './verbs.ts';

/** Verbs of tools like this one, and ours that does the same. */
const meanings: readonly (readonly [verb: Verb | undefined, words: string])[] = [
  ['create', 'create init new make scaffold'],
  ['generate', 'build regenerate rebuild update upgrade'],
  ['up', 'run launch boot restart resume apply'],
  ['down', 'destroy halt delete remove rm teardown clean purge'],
  ['status', 'ps ls list'],
  ['logs', 'log tail'],
  ['plan', 'show preview describe inspect config'],
  ['doctor', 'check validate lint diagnose'],
  ['adopt', 'import discover join'],
  [undefined, 'install uninstall attach pull push login port'],
];

/** Whether a word sounds like a verb, and so not like a folder; and which of ours is meant, if one is. */
export function foreignVerb(word: string): { readonly meant: Verb | undefined } | undefined {
  const found = meanings.find(([, words]) => words.split(' ').includes(word.toLowerCase()));
  return found && { meant: found[0] };
}
