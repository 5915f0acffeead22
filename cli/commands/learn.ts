import type { Command } from '../command-line/command.ts';

/** `learn`: a course on a cluster. Loaded late: no other verb needs its lessons. */
export const learn: Command = async (context, line) => {
  const { learnVerb } = await import('../learn/learn-verbs.ts');
  return learnVerb(line)(context, line);
};
