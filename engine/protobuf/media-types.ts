import { HttpError } from '../http/http-answer.ts';
import type { HttpRequest } from '../http/http-request.ts';

/** How messages are written. */
export type MessageFormat = 'application/json' | 'application/x-protobuf';

export const json = 'application/json';
export const protobuf = 'application/x-protobuf';
/** A stream of messages, where a client says so (docs/operator-http-api.md). */
export const recordIo = 'application/recordio';

/**
 * A header of a request; undefined when it has none. Of several lines the last one counts (libprocess's decoder.hpp): mesos-go
 * adds a line `Accept: application/recordio` below that of what it mostly asks for.
 */
export const headerOf = ({ headersDistinct }: HttpRequest, name: string): string | undefined =>
  headersDistinct[name]?.at(-1);

/**
 * Whether a header such as Accept takes a media type: all of them do when there is no header; `q` only says no when it is 0
 * (3rdparty/libprocess/src/http.cpp, Request::_acceptsMediaType).
 */
export function accepts(header: string | undefined, mediaType: string): boolean {
  if (header === undefined) return true;
  const ranges = header
    .replaceAll(/[ \t\n]/g, '')
    .split(',')
    .map((range) => range.split(';').filter((word) => word !== ''));
  for (const candidate of [mediaType, `${mediaType.split('/', 1)[0] ?? ''}/*`, '*/*']) {
    const found = ranges.find(([type]) => type?.toLowerCase() === candidate);
    if (found !== undefined) return isWanted(found);
  }
  return false;
}

function isWanted(words: readonly string[]): boolean {
  const qualities = words.flatMap((word) => (word.startsWith('q=') ? [word.slice('q='.length)] : []));
  const [quality] = qualities;
  return quality === undefined || qualities.length > 1 || Number(quality) > 0;
}

/**
 * How the answer is written: in JSON wherever that is accepted.
 * @throws HttpError 406 when neither is
 */
export function acceptedFormat(request: HttpRequest): MessageFormat {
  const header = headerOf(request, 'accept');
  if (accepts(header, json)) return json;
  if (accepts(header, protobuf)) return protobuf;
  throw new HttpError(406, `Expecting 'Accept' to allow '${protobuf}' or '${json}'`);
}
