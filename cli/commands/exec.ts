import type { Command } from '../command-line/command.ts';
import { notRunning, openLab } from '../lab/open-lab.ts';
import { refuseIfNot, runtimesOf } from '../running/runtimes.ts';

/** `exec NAME [--] COMMAND…`: runs a command in a component's container; its exit code is ours. */
export const exec: Command = async (context, line) => {
  const directory = openLab(context, line);
  const [name = '', ...words] = line.positionals;
  const runtimes = runtimesOf(context);
  await refuseIfNot(await runtimes.ofFolder(directory), 'exec', directory, context);
  const there = await runtimes.find(directory);
  context.signal.throwIfAborted();
  if (there?.found.kind !== 'running' && there?.found.kind !== 'unplanned') throw notRunning();
  const { runtime } = there;
  await refuseIfNot(runtime, 'exec', directory, context);
  return runtime.exec({ directory }, name, words, context.signal);
};
