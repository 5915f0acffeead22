import { HttpError, jsonAnswer } from '../../http/http-answer.ts';
import { route, type Route } from '../../http/router.ts';

/** `/files` of a master (src/files/files.cpp): what it attaches is its log file, and this one has none. */
export function noFilesRoutes(): readonly Route[] {
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
