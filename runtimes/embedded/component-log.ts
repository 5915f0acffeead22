import type { FileSystem } from '../../platform/files/file-system.ts';
import type { LogFile, OpenLog } from '../../platform/files/log-file.ts';
import type { GrowingText } from '../../platform/follow-text.ts';
import type { RunFolder } from './run-folder.ts';

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
  const read = (file: string) => (files.kindOf(file) === 'file' ? files.readBytes(file) : new Uint8Array());
  const readFrom = (offset: number) => {
    if (files.kindOf(path) !== 'file') return undefined;
    const bytes = read(path);
    const turnedOver = offset > bytes.length;
    const older = offset === 0 ? read(`${path}.1`) : new Uint8Array();
    const text = new TextDecoder().decode(older) + new TextDecoder().decode(bytes.subarray(turnedOver ? 0 : offset));
    return { text, next: bytes.length };
  };
  return { id: componentId, readFrom: (offset) => Promise.resolve(readFrom(offset)) };
}
