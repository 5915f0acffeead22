import { UserError } from '../../errors/user-error.ts';
import type { Command } from '../command-line/command.ts';
import { notRunning, openLab } from '../lab/open-lab.ts';
import { findOnRuntimes } from '../running/runtimes.ts';

/** `exec NAME [--] COMMAND…`: runs a command in a component's container; its exit code is ours. */
export const exec: Command = async (context, line) => {
  const directory = openLab(context, line);
  const [name = '', ...words] = line.positionals;
  const there = await findOnRuntimes(context, directory);
  context.signal.throwIfAborted();
  if (there?.found.kind !== 'running' && there?.found.kind !== 'unplanned') throw notRunning();
  const { runtime } = there;
  if (runtime.exec === undefined) {
    throw new UserError({
      code: 'USAGE_ARGUMENTS',
      message: `the runtime ${runtime.name} has no containers to run a command in`,
      fix: 'create-mesos-cluster logs and status show what its components do',
    });
  }
  return runtime.exec({ directory }, name, words, context.signal);
};
