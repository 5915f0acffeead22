import type { Command } from './command.ts';
import type { Verb } from './verbs.ts';

/**
 * Loads what a verb does. Only `create` has a time to keep, so the others share one chunk of the bundle: each chunk
 * costs a third of a millisecond, and a file in every lab.
 */
export async function loadCommand(verb: Verb): Promise<Command> {
  if (verb === 'create') return (await import('../commands/create.ts')).create;
  return (await import('./other-commands.ts')).otherCommands[verb];
}
