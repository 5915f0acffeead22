import type { FileSystem } from '../../platform/files/file-system.ts';
import type { LogFile, OpenLog } from '../../platform/files/log-file.ts';
import type { Clock } from '../../platform/clock.ts';
import { followTexts, type GrowingText } from '../../platform/follow-text.ts';
import { isoTimeOf } from '../../protocol/log-time.ts';
import type { Lab, LogRequest, OnLogLine } from '../cluster-runtime.ts';
import { runFolder, type RunFolder } from './run-folder.ts';

const lineEnd = 0x0a;

/** The logs that components write, each opened once it is asked for. */
export function componentLogs(folder: RunFolder, openLog: OpenLog) {
  const logs = new Map<string, LogFile>();
  return {
    logOf: (componentId: string): LogFile['write'] => {
      const log = logs.get(componentId) ?? openLog(folder.logOf(componentId));
      logs.set(componentId, log);
      return log.write;
    },
    close: () => {
      for (const log of logs.values()) log.close();
    },
  };
}

/** The log of a component, with the part before its last turn-over; undefined when there is none. */
export function componentLog(files: FileSystem, folder: RunFolder, componentId: string): GrowingText | undefined {
  const path = folder.logOf(componentId);
  // The id comes from the command line; it must not lead out of the folder.
  if (!/^[\w.-]+$/.test(componentId) || files.kindOf(path) !== 'file') return undefined;
  const linesFrom = (file: string, offset: number) => {
    const bytes = files.kindOf(file) === 'file' ? files.readBytesFrom(file, offset) : new Uint8Array();
    // A line that is being written comes with the next look, whole.
    const end = bytes.lastIndexOf(lineEnd) + 1;
    return { text: new TextDecoder().decode(bytes.subarray(0, end)), next: offset + end };
  };
  let isFirst = true;
  const readFrom = (offset: number) => {
    if (files.kindOf(path) !== 'file') return undefined;
    const turnedOver = offset > files.sizeOf(path);
    if (!isFirst && !turnedOver) return linesFrom(path, offset);
    isFirst = false;
    // What was added before it was turned over stands at the end of the older part.
    const { text, next } = linesFrom(path, 0);
    return { text: linesFrom(`${path}.1`, offset).text + text, next };
  };
  return { id: componentId, readFrom: (offset) => Promise.resolve(readFrom(offset)) };
}

/** As ClusterRuntime.logs. */
export async function embeddedLogs(
  { files, clock }: { readonly files: FileSystem; readonly clock: Clock },
  { directory }: Lab,
  { ids, ...request }: LogRequest,
  onLine: OnLogLine,
): Promise<boolean> {
  const texts = ids.flatMap((id) => componentLog(files, runFolder(directory), id) ?? []);
  if (texts.length < ids.length) return false;
  await followTexts(texts, { ...request, clock }, (id, line) => {
    onLine(id, line, isoTimeOf(line));
  });
  return true;
}
