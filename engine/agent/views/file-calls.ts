import { numberAt, textAt, type JsonObject } from '../../../protocol/json.ts';
import type { AgentView } from './agent-view.ts';
import { browsePath, fileAt, maxReadBytes, type FilesApiOptions } from './files-api.ts';

const filesOf = ({ world, table }: AgentView): FilesApiOptions => ({
  ...{ sandboxes: world.sandboxes, attached: table.attached, log: world.log },
});

/** LIST_FILES. @throws HttpError 400, 404 */
export async function listFiles(view: AgentView, call: JsonObject) {
  const entries = await browsePath(textAt(call, 'list_files', 'path') ?? '', filesOf(view));
  const infos = entries.map(({ modeBits: mode, mtime, ...entry }) => ({
    ...entry,
    mode,
    mtime: { nanoseconds: mtime * 1e9 },
  }));
  return { list_files: infos.length === 0 ? {} : { file_infos: infos } };
}

/** READ_FILE: as much as Mesos reads at a time. @throws HttpError 400, 404 */
export async function readFile({ world, ...view }: AgentView, call: JsonObject) {
  const file = await fileAt(textAt(call, 'read_file', 'path') ?? '', filesOf({ world, ...view }));
  const offset = numberAt(call, 'read_file', 'offset') ?? 0;
  const length = Math.min(numberAt(call, 'read_file', 'length') ?? maxReadBytes, maxReadBytes);
  const { size, bytes } = await world.sandboxes.readPart(file, 0, 0).then(async (whole) =>
    // Behind its end there is nothing, however far that is.
    offset < 0 || offset >= whole.size ? whole : world.sandboxes.readPart(file, offset, length),
  );
  return { read_file: { size, data: Buffer.from(bytes).toString('base64') } };
}
