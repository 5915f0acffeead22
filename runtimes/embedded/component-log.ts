import type { FileSystem } from '../../platform/files/file-system.ts';
import type { GrowingText } from '../../platform/follow-text.ts';
import type { RunFolder } from './run-folder.ts';

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
