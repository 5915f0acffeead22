import { numberAt, textAt, type JsonObject } from '../../protocol/json.ts';
import { browsePath, fileAt, maxReadBytes, type FilesApiOptions } from './files-api.ts';

/** LIST_FILES. @throws HttpError 400, 404 */
export async function listFiles(files: FilesApiOptions, call: JsonObject) {
  const entries = await browsePath(textAt(call, 'list_files', 'path') ?? '', files);
  const infos = entries.map(({ modeBits: mode, mtime, ...entry }) => ({
    ...entry,
    mode,
    mtime: { nanoseconds: mtime * 1e9 },
  }));
  return { list_files: infos.length === 0 ? {} : { file_infos: infos } };
}

/** READ_FILE: as much as Mesos reads at a time. @throws HttpError 400, 404 */
export async function readFile(files: FilesApiOptions, call: JsonObject) {
  const { sandboxes } = files;
  const file = await fileAt(textAt(call, 'read_file', 'path') ?? '', files);
  const offset = numberAt(call, 'read_file', 'offset') ?? 0;
  const length = Math.min(numberAt(call, 'read_file', 'length') ?? maxReadBytes, maxReadBytes);
  const { size, bytes } = await sandboxes.readPart(file, 0, 0).then(async (whole) =>
    // Behind its end there is nothing, however far that is.
    offset < 0 || offset >= whole.size ? whole : sandboxes.readPart(file, offset, length),
  );
  return { read_file: { size, data: Buffer.from(bytes).toString('base64') } };
}
