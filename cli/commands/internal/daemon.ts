import { exitCodes } from '../../../errors/exit-codes.ts';
import type { Command } from '../../command-line/command.ts';
import { labDirectory } from '../../lab/plan-source.ts';

/** `__daemon`: the process that `up` leaves behind. Not for people. */
export const daemon: Command = async (context, line) => {
  const { runDaemon } = await import('../../../runtimes/embedded/run-daemon.ts');
  await runDaemon(labDirectory(context, line), context, async ({ token, find }) => {
    const { pageOfProcess } = await import('../../page/serve-pages.ts');
    return pageOfProcess(token, () => {
      const found = find();
      return 'lab' in found ? found.lab : undefined;
    });
  });
  return exitCodes.ok;
};
