import type { JsonObject } from '../../../protocol/json.ts';
import { HttpError, jsonAnswer } from '../../http/http-answer.ts';
import { route, type Route } from '../../http/router.ts';
import { listFiles, readFile } from '../../files/file-calls.ts';
import { filesRoutes, type FilesApiOptions } from '../../files/files-api.ts';
import type { MasterSettings } from '../master-options.ts';

/** What a master attaches is its log (src/master/master.cpp, Master::initialize), if it has one. */
function filesOf({ logFile, log }: MasterSettings): FilesApiOptions | undefined {
  if (logFile === undefined) return undefined;
  return { sandboxes: logFile.sandboxes, attached: new Map([['/master/log', logFile.path]]), log };
}

/** `/files` of a master (src/files/files.cpp). */
export function masterFilesRoutes(settings: MasterSettings): readonly Route[] {
  const files = filesOf(settings);
  return files === undefined ? noFilesRoutes() : filesRoutes(files);
}

function noFilesRoutes(): readonly Route[] {
  const missing = ['browse', 'read', 'download'].flatMap((name) => [name, `${name}.json`]);
  return [
    ...missing.map((name) =>
      route('GET', `/files/${name}`, ({ query }) => {
        if ((query.get('path') ?? '') === '') throw new HttpError(400, "Expecting 'path=value' in query.\n");
        throw new HttpError(404, '');
      }),
    ),
    ...['debug', 'debug.json'].map((name) => route('GET', `/files/${name}`, () => jsonAnswer(200, {}))),
  ];
}

/** The calls that are about files. @throws HttpError 400, 404 */
export const fileReads: Readonly<Record<string, (settings: MasterSettings, call: JsonObject) => Promise<object>>> = {
  LIST_FILES: (settings, call) => listFiles(sureFilesOf(settings), call),
  READ_FILE: (settings, call) => readFile(sureFilesOf(settings), call),
};

function sureFilesOf(settings: MasterSettings): FilesApiOptions {
  const files = filesOf(settings);
  if (files === undefined) throw new HttpError(404, '');
  return files;
}
