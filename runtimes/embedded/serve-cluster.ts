import type { FileSystem } from '../../platform/files/file-system.ts';
import type { Clock } from '../../platform/clock.ts';
import type { DaemonParent } from '../../platform/processes/daemon.ts';
import type { OpenLog } from '../../platform/files/log-file.ts';
import type { ProcessIdentity } from '../../platform/processes/process-identity.ts';
import type { Thread } from '../../platform/processes/thread.ts';
import { stateFolder } from '../../lab/lab-layout.ts';
import { componentLogs } from './component-log.ts';
import { serveLabPage, type MakePage } from './lab-page.ts';
import type { EmbeddedCluster } from './embedded-cluster.ts';
import { isRunRequest, runFolder, type RunFolder, type RunRequest } from './run-folder.ts';
import {
  controlParts,
  readRequest,
  statesOf,
  writeParts,
  type ControlledPart,
  type PartsRecord,
} from './part-control.ts';
import { readRunRecord, writeRunRecord } from './run-record.ts';

/** What the components are given of the process that they share. */
export interface ClusterWorld {
  readonly folder: RunFolder;
  /** The log of a component, by its id. */
  readonly logOf: (componentId: string) => (line: string) => void;
  /** Starts a thread for parts of the cluster (parts/serve-parts.ts); missing: all of them run in this one. */
  readonly startThread?: (given: unknown) => Thread;
}

/** Components that run. */
export interface RunningCluster {
  /** Ends all of them, and their tasks. */
  readonly stop: () => Promise<void>;
  /** By the ids of the components, as they are now. */
  readonly parts: ReadonlyMap<string, ControlledPart>;
  /**
   * Starts agents that it does not have, and ends those that the other cluster does not have, for good. What fails leaves it
   * as it was.
   */
  readonly changeAgents: (to: EmbeddedCluster) => Promise<void>;
}

/** Starts the components; what fails ends those that were started before it. */
export type StartCluster = (cluster: EmbeddedCluster, world: ClusterWorld) => Promise<RunningCluster>;

/** The slice of the world that the process of a lab uses. */
export interface ServeDependencies {
  readonly files: FileSystem;
  readonly openLog: OpenLog;
  readonly parent: DaemonParent;
  readonly startCluster: StartCluster;
  /** Missing: it has no page. */
  readonly makePage?: MakePage;
  readonly clock: Clock;
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
 * (or what failed), and ends when it is asked to, when the parent goes without having let it go, or when its folder was
 * deleted or moved: nobody would find it any more.
 * @param directory of the lab, absolute
 */
export async function serveCluster(directory: string, world: ServeDependencies): Promise<void> {
  const folder = runFolder(directory);
  const request = requested(folder, world);
  const { cluster } = request;
  const startedAt = world.wallClock();
  const record = (wanted: RunRequest) => {
    const { identity, version, files } = world;
    const own = { format: 1, process: identity, directory: files.realPath(directory), version, startedAt } as const;
    writeRunRecord(files, directory, { ...own, ...wanted });
  };
  // First: whoever comes after a crash finds this process by it.
  record(request);
  const watching = new AbortController();
  const ended = Promise.race([endOf(world), lossOf(directory, world, watching.signal)]);
  world.files.makeFolders(folder.logs);
  const logs = componentLogs(folder, world.openLog);
  let running: RunningCluster | undefined;
  let reason: EndReason | undefined;
  let endPage: () => Promise<void> = () => Promise.resolve();
  try {
    running = await world.startCluster(cluster, { folder, logOf: logs.logOf });
    takeRequests(folder, running, world, record);
    endPage = await pageOf(directory, world);
    world.parent.tell({ kind: 'started' });
    reason = await ended;
    world.log(`${cluster.name} ends: ${reason}`);
  } catch (error) {
    world.parent.tell(failureMessage(error));
    world.log(describe(error));
  }
  watching.abort();
  await endPage();
  await running?.stop();
  logs.close();
  // The command that would have cleaned up is gone. Whoever sends a signal looks after the folder.
  if (reason === 'abandoned') world.files.removeTree(folder.path);
  if (reason === 'its folder is gone') removeTraces(directory, world);
}

/** @throws Error when another version has written it */
function requested({ cluster: path }: RunFolder, { files }: ServeDependencies): RunRequest {
  const request: unknown = JSON.parse(files.readText(path));
  if (!isRunRequest(request)) throw new Error(`${path} is not what this version writes`);
  return request;
}

/** A lab without its page is a lab all the same. */
async function pageOf(directory: string, { files, makePage, log }: ServeDependencies): Promise<() => Promise<void>> {
  try {
    if (makePage !== undefined) return await serveLabPage(directory, { files, makePage, log });
  } catch (error) {
    log(`no page: ${describe(error)}`);
  }
  return () => Promise.resolve();
}

/** Does what commands ask for, one after the other, and says what the parts are in after each. */
function takeRequests(
  folder: RunFolder,
  { parts, changeAgents }: RunningCluster,
  world: ServeDependencies,
  record: (request: RunRequest) => void,
): void {
  const { files, parent, log } = world;
  const say = (answered?: PartsRecord['answered']) => {
    writeParts(files, folder, { parts: statesOf(parts), ...(answered === undefined ? {} : { answered }) });
  };
  const change = async () => {
    const wanted = requested(folder, world);
    await changeAgents(wanted.cluster);
    record(wanted);
  };
  let turns = Promise.resolve();
  const take = async () => {
    const request = readRequest(files, folder);
    if (request === undefined) return;
    log(`${request.action} ${request.names.join(' ')}`);
    const { action, names } = request;
    const done = action === 'change-agents' ? change() : controlParts(parts, { action, names });
    const error = await done.then(() => undefined, describe);
    if (error !== undefined) log(error);
    say({ id: request.id, ...(error === undefined ? {} : { error }) });
  };
  // First: whoever finds what the parts are in may ask.
  parent.onAsked(() => {
    turns = turns.then(take).catch((error: unknown) => {
      log(describe(error));
    });
  });
  say();
}

type EndReason = 'signal' | 'abandoned' | 'crash' | 'its folder is gone';

const lookMs = 1000;

/** Resolves when the record of this process is not at its place any more; never when the signal aborts first. */
async function lossOf(directory: string, world: ServeDependencies, signal: AbortSignal): Promise<EndReason> {
  try {
    do await world.clock.sleep(lookMs, signal);
    while (!isLost(directory, world));
    return 'its folder is gone';
  } catch {
    return new Promise(() => undefined);
  }
}

function isLost(directory: string, { files, identity }: ServeDependencies): boolean {
  try {
    if (files.kindOf(runFolder(directory).record) === undefined) return true;
  } catch {
    // A disk that does not answer is no reason to end tasks.
    return false;
  }
  const found = readRunRecord(files, directory);
  return (
    found.kind === 'record' &&
    (found.record.process.pid !== identity.pid || found.record.process.started !== identity.started)
  );
}

/** Components that did not know yet have written to the old place, which made its folders again. */
function removeTraces(directory: string, { files }: ServeDependencies): void {
  const { path, cluster } = runFolder(directory);
  // Another run may have begun there.
  if (readRunRecord(files, directory).kind !== 'remains' || files.kindOf(cluster) !== undefined) return;
  files.removeTree(path);
  if (files.removeEmptyFolder(`${directory}/${stateFolder}`)) files.removeEmptyFolder(directory);
}

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
