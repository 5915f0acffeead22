import type { FileSystem } from '../../platform/file-system.ts';
import type { DaemonParent } from '../../platform/daemon.ts';
import type { OpenLog } from '../../platform/log-file.ts';
import type { ProcessIdentity } from '../../platform/process-identity.ts';
import type { EmbeddedCluster } from './embedded-cluster.ts';
import { isRunRequest } from './run-request.ts';
import { runFolder, type RunFolder } from './run-folder.ts';
import { writeRunRecord } from './run-record.ts';

/** What the components are given of the process that they share. */
export interface ClusterWorld {
  readonly folder: RunFolder;
  /** The log of a component, by its id. */
  readonly logOf: (componentId: string) => (line: string) => void;
}

/** Components that run. */
export interface RunningCluster {
  /** Ends all of them, and their tasks. */
  readonly stop: () => Promise<void>;
}

/** Starts the components; what fails ends those that were started before it. */
export type StartCluster = (cluster: EmbeddedCluster, world: ClusterWorld) => Promise<RunningCluster>;

/** The slice of the world that the process of a lab uses. */
export interface ServeDependencies {
  readonly files: FileSystem;
  readonly openLog: OpenLog;
  readonly parent: DaemonParent;
  readonly startCluster: StartCluster;
  readonly identity: ProcessIdentity;
  readonly version: string;
  /** Milliseconds since 1970. */
  readonly wallClock: () => number;
  /** Aborts when the process is asked to end. */
  readonly signal: AbortSignal;
  /** For what no component's log is: goes to the process's own. */
  readonly log: (line: string) => void;
}

/**
 * The process of a lab: runs what the request in its run folder says, tells its parent when everything has started
 * (or what failed), and ends when it is asked to, or when the parent goes without having let it go.
 * @param directory of the lab, absolute
 */
export async function serveCluster(directory: string, world: ServeDependencies): Promise<void> {
  const folder = runFolder(directory);
  const request: unknown = JSON.parse(world.files.readText(folder.cluster));
  if (!isRunRequest(request)) throw new Error(`${folder.cluster} is not what this version writes`);
  const { plan, cluster, asked } = request;
  const { identity, version } = world;
  // First: whoever comes after a crash finds this process by it.
  writeRunRecord(world.files, directory, {
    format: 1,
    process: identity,
    version,
    startedAt: world.wallClock(),
    plan,
    cluster,
    asked,
  });
  const ended = endOf(world);
  world.files.makeFolders(folder.logs);
  const logs = new Map<string, ReturnType<OpenLog>>();
  const logOf = (id: string) => {
    const log = logs.get(id) ?? world.openLog(folder.logOf(id));
    logs.set(id, log);
    return log.write;
  };
  let running: RunningCluster | undefined;
  let reason: EndReason | undefined;
  try {
    running = await world.startCluster(cluster, { folder, logOf });
    world.parent.tell({ kind: 'started' });
    reason = await ended;
    world.log(`${cluster.name} ends: ${reason}`);
  } catch (error) {
    world.parent.tell(failureMessage(error));
    world.log(describe(error));
  }
  await running?.stop();
  for (const log of logs.values()) log.close();
  // The command that would have cleaned up is gone. Whoever sends a signal looks after the folder.
  if (reason === 'abandoned') world.files.removeTree(folder.path);
}

type EndReason = 'signal' | 'abandoned' | 'crash';

function endOf({ signal, parent, log }: ServeDependencies): Promise<EndReason> {
  return new Promise((resolve) => {
    parent.onUncaught((error, isFatal) => {
      log(`uncaught: ${describe(error)}`);
      if (isFatal) resolve('crash');
    });
    if (signal.aborted) resolve('signal');
    signal.addEventListener('abort', () => {
      resolve('signal');
    });
    parent.onAbandoned(() => {
      resolve('abandoned');
    });
  });
}

const describe = (error: unknown) => (error instanceof Error ? (error.stack ?? error.message) : String(error));

/** What went wrong, for the parent to put into words. */
function failureMessage(error: unknown) {
  const { code, port, address } = error instanceof Error ? (error as NodeJS.ErrnoException & ListenError) : {};
  if (port !== undefined) return { kind: 'cannot-listen', code: code ?? '', port, host: address ?? '' };
  return { kind: 'failed', message: error instanceof Error ? error.message : String(error) };
}

/** What node:net adds to an error of listen. */
interface ListenError {
  readonly port?: number;
  readonly address?: string;
}
