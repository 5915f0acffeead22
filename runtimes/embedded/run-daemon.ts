import { systemClock } from '../../platform/clock.ts';
import type { Context } from '../../platform/context.ts';
import { openLogFile } from '../../platform/files/log-file.ts';
import { daemonParent } from '../../platform/processes/daemon.ts';
import { ownIdentity } from '../../platform/processes/process-identity.ts';
import { onUnhandledRejection } from '../../platform/processes/own-process.ts';
import { startThread, serveThread } from '../../platform/processes/thread.ts';
import type { MakePage } from './lab-page.ts';
import { serveParts, type PartsGiven } from './parts/serve-parts.ts';
import { runFolder } from './run-folder.ts';
import { serveCluster } from './serve-cluster.ts';
import { startCluster } from './start-cluster.ts';

/** The process of a lab, in the real world: as serveCluster. */
export async function runDaemon(
  directory: string,
  { files, version, signal, script }: Pick<Context, 'files' | 'version' | 'signal' | 'script'>,
  makePage: MakePage,
): Promise<void> {
  const { processLog } = runFolder(directory);
  const isThread = serveThread((given) => {
    // As in the process: of a promise, after which the others can go on.
    const log = openLogFile(processLog);
    onUnhandledRejection((reason) => {
      log.write(`uncaught: ${String(reason)}`);
    });
    return serveParts(directory, given as PartsGiven, openLogFile);
  });
  if (isThread) return;
  await serveCluster(directory, {
    ...{ files, version, signal, makePage },
    startCluster: (cluster, given) =>
      startCluster(cluster, {
        ...given,
        startThread: (parts) => startThread(script, ['__daemon', '--lab', directory], parts),
      }),
    openLog: openLogFile,
    parent: daemonParent(),
    clock: systemClock,
    identity: ownIdentity(),
    wallClock: Date.now,
    log: openLogFile(processLog).write,
  });
}
