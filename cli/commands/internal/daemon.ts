import { exitCodes } from '../../../errors/exit-codes.ts';
import type { Command } from '../../command-line/command.ts';
import { labDirectory } from '../../lab/plan-source.ts';

/** `__daemon`: the process that `up` leaves behind. Not for people. */
export const daemon: Command = async (context, line) => {
  const { runDaemon } = await import('../../../runtimes/embedded/run-daemon.ts');
  const directory = labDirectory(context, line);
  await runDaemon(directory, context, async ({ token, find }) => {
    const { pageOfProcess } = await import('../../page/serve-pages.ts');
    const running = () => {
      const found = find();
      return 'lab' in found ? found.lab : undefined;
    };
    return pageOfProcess(token, { context, directory, find: running });
  });
  return exitCodes.ok;
};
