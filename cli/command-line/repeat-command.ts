import { relative } from 'node:path';
import type { Context } from '../../platform/context.ts';
import { shellWords } from '../../platform/processes/shell-words.ts';
import { mistypedVerb } from './command-line-problems.ts';
import type { FlagUse } from './command-line.ts';

/** How this program was started. */
export type Started = Pick<Context, 'env' | 'cwd' | 'script'>;

/**
 * The command that does without questions what was answered to them.
 * Built from the uses of flags that the spec itself was built from: so it cannot mean anything else.
 * @param directory as the user typed it
 * @param started repeated as it was: the command works where the first one did
 */
export function repeatCommand(directory: string, uses: readonly FlagUse[], started: Started): string {
  const words = uses.flatMap(({ flag, text }) => {
    if (flag.value === undefined) return [text === 'true' ? `--${flag.name}` : `--no-${flag.name}`];
    return text.startsWith('-') && text !== '-' ? [`--${flag.name}=${text}`] : [`--${flag.name}`, text];
  });
  // A folder may be called like a flag or a verb.
  const folder = directory.startsWith('-') || mistypedVerb(directory) !== undefined ? `./${directory}` : directory;
  return shellWords([...program(started), folder, ...words, '--yes']);
}

/** npm says which of its commands started us; without it and without a link on PATH, Node was given the script. */
function program({ env, cwd, script }: Started): readonly string[] {
  if (env['npm_command'] === 'exec' || env['npm_command'] === 'init') return ['npx', 'create-mesos-cluster'];
  return script.endsWith('.cjs') ? ['node', relative(cwd, script)] : ['create-mesos-cluster'];
}
