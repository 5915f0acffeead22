import type { Sandboxes } from '../../platform/files/sandboxes.ts';
import { HttpError, jsonAnswer, type HttpAnswer, type Sink } from '../http/http-answer.ts';
import type { HttpRequest } from '../http/http-request.ts';
import { route, type Route } from '../http/router.ts';

export interface FilesApiOptions {
  readonly sandboxes: Pick<Sandboxes, 'browse' | 'realPath' | 'kindOf' | 'readPart' | 'readAll'>;
  /** Virtual paths, and the folders and files they mean. */
  readonly attached: ReadonlyMap<string, string>;
  readonly log: (line: string) => void;
}

/** Mesos reads at most 16 pages at a time. */
export const maxReadBytes = 16 * 4096;

/** The endpoints below /files (src/files/files.cpp of Mesos). */
export function filesRoutes(options: FilesApiOptions): readonly Route[] {
  const serve = (names: readonly string[], handler: (request: HttpRequest) => Promise<HttpAnswer>) =>
    names.map((name) => route('GET', `/files/${name}`, handler));
  return [
    ...serve(['browse', 'browse.json'], (request) => browse(request, options)),
    ...serve(['read', 'read.json'], (request) => read(request, options)),
    ...serve(['download', 'download.json'], (request) => download(request, options)),
    ...serve(['debug', 'debug.json'], () =>
      Promise.resolve(jsonAnswer(200, Object.fromEntries([...options.attached].sort()))),
    ),
  ];
}

async function browse(request: HttpRequest, options: FilesApiOptions): Promise<HttpAnswer> {
  const entries = await browsePath(pathOf(request), options);
  return jsonAnswer(
    200,
    entries.map(({ modeBits: _, ...entry }) => entry),
  );
}

async function read(request: HttpRequest, options: FilesApiOptions): Promise<HttpAnswer> {
  const offset = readNumber(request, 'offset');
  const length = readNumber(request, 'length');
  const realPath = await fileAt(pathOf(request), options);
  // Without an offset: how long the file is.
  const wanted = offset === -1 ? 0 : Math.min(length === -1 ? maxReadBytes : length, maxReadBytes);
  const { size, bytes } = await options.sandboxes.readPart(realPath, Math.max(offset, 0), wanted);
  return jsonAnswer(200, {
    data: wholeCharacters(bytes).toString('utf8'),
    offset: offset === -1 ? size : offset,
  });
}

async function download(request: HttpRequest, options: FilesApiOptions): Promise<HttpAnswer> {
  const { realPath, kind } = await resolve(pathOf(request), options);
  if (kind === 'folder') throw new HttpError(400, 'Cannot download a directory.\n');
  if (kind !== 'file') throw notFound();
  const name = realPath.slice(realPath.lastIndexOf('/') + 1).replaceAll(/[^\w.-]/g, '_');
  return {
    status: 200,
    headers: {
      'Content-Type': 'application/octet-stream',
      'Content-Disposition': `attachment; filename=${name}`,
      // A task's file must not become a page of this server.
      'X-Content-Type-Options': 'nosniff',
    },
    stream: (sink) => {
      send(options.sandboxes.readAll(realPath), sink).catch((error: unknown) => {
        options.log(`Download of ${realPath}: ${error instanceof Error ? error.message : String(error)}`);
        sink.end();
      });
    },
  };
}

async function send(bytes: AsyncIterable<Uint8Array>, sink: Sink): Promise<void> {
  for await (const chunk of bytes) {
    if (!sink.write(chunk)) return;
    await sink.drained();
  }
  sink.end();
}

function pathOf(request: HttpRequest): string {
  const path = request.query.get('path') ?? '';
  if (path === '') throw new HttpError(400, "Expecting 'path=value' in query.\n");
  return path;
}

/** What is in a folder, by virtual paths; in a file there is nothing. @throws HttpError as resolve */
export async function browsePath(path: string, options: FilesApiOptions) {
  const { realPath, kind } = await resolve(path, options);
  if (kind !== 'folder' && kind !== 'file') throw notFound();
  const entries = kind === 'file' ? [] : await options.sandboxes.browse(realPath);
  const prefix = path.replace(/\/+$/, '');
  return entries.map(({ name, ...entry }) => ({ ...entry, path: `${prefix}/${name}` }));
}

/** Where a file is. @throws HttpError as resolve, and 400 for a folder */
export async function fileAt(path: string, options: FilesApiOptions): Promise<string> {
  const { realPath, kind } = await resolve(path, options);
  if (kind === 'folder') throw new HttpError(400, 'Cannot read a directory.\n');
  if (kind !== 'file') throw notFound();
  return realPath;
}

/** Where a virtual path leads. @throws HttpError 404 for what is not there, 400 for what is outside of the sandbox */
async function resolve(path: string, { attached, sandboxes }: FilesApiOptions) {
  if (path.includes('\0')) throw notFound();
  const segments = path.split('/').filter((segment) => segment !== '');
  for (let length = segments.length; length > 0; length -= 1) {
    const folder = attached.get(`/${segments.slice(0, length).join('/')}`);
    if (folder === undefined) continue;
    const root = await sandboxes.realPath(folder);
    const inside = [folder, ...segments.slice(length)].join('/');
    const realPath = await sandboxes.realPath(inside);
    if (root === undefined || realPath === undefined) throw notFound();
    if (realPath !== root && !realPath.startsWith(`${root}/`)) {
      throw new HttpError(400, `'${inside}' is inaccessible.\n`);
    }
    return { realPath, kind: await sandboxes.kindOf(realPath) };
  }
  throw notFound();
}

const notFound = () => new HttpError(404, '');

/** -1 when it is not given. */
function readNumber(request: HttpRequest, name: 'offset' | 'length'): number {
  const text = request.query.get(name);
  if (text === null) return -1;
  const value = Number(text);
  if (text.trim() === '' || !Number.isSafeInteger(value)) {
    throw new HttpError(400, `Failed to parse ${name}: Failed to convert '${text}' to number.\n`);
  }
  if (value < -1) throw new HttpError(400, `Negative ${name} provided: ${text}.\n`);
  return value;
}

/** Without a character that was cut at the end: the next part begins with it. */
function wholeCharacters(bytes: Uint8Array): Buffer {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let back = 1; back <= Math.min(3, buffer.length - 1); back += 1) {
    const byte = buffer[buffer.length - back] ?? 0;
    if ((byte & 0xc0) === 0x80) continue;
    // Beyond F4 nothing of a character begins: it is no text.
    const needed = byte > 0xf4 ? 1 : byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return needed > back ? buffer.subarray(0, buffer.length - back) : buffer;
  }
  return buffer;
}
