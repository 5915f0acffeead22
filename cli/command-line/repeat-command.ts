import { shellWords } from '../../platform/processes/shell-words.ts';
import { mistypedVerb } from './command-line-problems.ts';
import type { FlagUse } from './command-line.ts';

/**
 * The command that does without questions what was answered to them.
 * Built from the uses of flags that the spec itself was built from: so it cannot mean anything else.
 * @param directory as the user typed it
 */
export function repeatCommand(
  directory: string,
  uses: readonly FlagUse[],
  env: Readonly<Record<string, string | undefined>>,
): string {
  const words = uses.flatMap(({ flag, text }) => {
    if (flag.value === undefined) return [text === 'true' ? `--${flag.name}` : `--no-${flag.name}`];
    return text.startsWith('-') && text !== '-' ? [`--${flag.name}=${text}`] : [`--${flag.name}`, text];
  });
  // A folder may be called like a flag or a verb.
  const folder = directory.startsWith('-') || mistypedVerb(directory) !== undefined ? `./${directory}` : directory;
  return shellWords([...program(env), folder, ...words, '--yes']);
}

/** npm says which of its commands started us: then there is no `create-mesos-cluster` on the user's PATH. */
function program(env: Readonly<Record<string, string | undefined>>): readonly string[] {
  const throughNpm = env['npm_command'] === 'exec' || env['npm_command'] === 'init';
  return throughNpm ? ['npx', 'create-mesos-cluster'] : ['create-mesos-cluster'];
}
