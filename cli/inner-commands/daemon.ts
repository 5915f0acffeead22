import { exitCodes } from '../../errors/exit-codes.ts';
import { systemClock } from '../../platform/clock.ts';
import { daemonParent } from '../../platform/processes/daemon.ts';
import { openLogFile } from '../../platform/files/log-file.ts';
import { ownIdentity } from '../../platform/processes/process-identity.ts';
import { runFolder } from '../../runtimes/embedded/run-folder.ts';
import type { Command } from '../command-line/command.ts';
import { labDirectory } from '../lab/plan-source.ts';

/** `__daemon`: the process that `up` leaves behind. Not for people. */
export const daemon: Command = async (context, line) => {
  const { files, version, signal } = context;
  const directory = labDirectory(context, line);
  const [{ serveCluster }, { startCluster }] = await Promise.all([
    import('../../runtimes/embedded/serve-cluster.ts'),
    import('../../runtimes/embedded/start-cluster.ts'),
  ]);
  await serveCluster(directory, {
    files,
    openLog: openLogFile,
    parent: daemonParent(),
    startCluster,
    clock: systemClock,
    identity: ownIdentity(),
    version,
    wallClock: Date.now,
    signal,
    log: openLogFile(runFolder(directory).processLog).write,
  });
  return exitCodes.ok;
};
