import { exitCodes } from '../../../errors/exit-codes.ts';
import type { Command } from '../../command-line/command.ts';
import { labDirectory } from '../../lab/plan-source.ts';

/** `__daemon`: the process that `up` leaves behind. Not for people. */
export const daemon: Command = async (context, line) => {
  const { runDaemon } = await import('../../../runtimes/embedded/run-daemon.ts');
  await runDaemon(labDirectory(context, line), context);
  return exitCodes.ok;
};
