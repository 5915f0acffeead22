import { systemClock } from '../../platform/clock.ts';
import type { Context } from '../../platform/context.ts';
import { openLogFile } from '../../platform/files/log-file.ts';
import { daemonParent } from '../../platform/processes/daemon.ts';
import { ownIdentity } from '../../platform/processes/process-identity.ts';
import { runFolder } from './run-folder.ts';
import { serveCluster } from './serve-cluster.ts';
import { startCluster } from './start-cluster.ts';

/** The process of a lab, in the real world: as serveCluster. */
export async function runDaemon(
  directory: string,
  { files, version, signal }: Pick<Context, 'files' | 'version' | 'signal'>,
): Promise<void> {
  await serveCluster(directory, {
    ...{ files, version, signal, startCluster },
    openLog: openLogFile,
    parent: daemonParent(),
    clock: systemClock,
    identity: ownIdentity(),
    wallClock: Date.now,
    log: openLogFile(runFolder(directory).processLog).write,
  });
}
