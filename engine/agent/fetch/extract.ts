import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { Sandboxes } from '../../../platform/files/sandboxes.ts';
import type { Processes } from '../../../platform/processes/processes.ts';
import type { ArchiveTarget } from './archive-target.ts';

/** What is unpacked, and by what it is recognized is its name (extract in src/launcher/fetcher.cpp). */
const archive = /\.(?:tar|tgz|tar\.gz|tbz2|tar\.bz2|txz|tar\.xz|zip)$/;

export interface Extraction {
  /** Absolute path of the archive. */
  readonly file: string;
  /** What the file is called by which it is recognized. */
  readonly name: string;
  /** Absolute path of the sandbox, for messages. */
  readonly folder: string;
  readonly target: ArchiveTarget;
  readonly sandboxes: Sandboxes;
  readonly processes: Processes;
  readonly signal: AbortSignal;
}

/**
 * Unpacks a file if its name says that it can be. The content decides how, as with libarchive.
 * @returns what it was: `none` is no archive
 * @throws Error in Mesos's words
 */
export async function extract(extraction: Extraction): Promise<'archive' | 'gz' | 'none'> {
  const { file, name, folder, signal } = extraction;
  const isArchive = archive.test(name);
  if (!isArchive && !name.endsWith('.gz')) return 'none';
  try {
    if (isArchive) await unpack(extraction);
    else await gunzip(extraction);
  } catch (error) {
    signal.throwIfAborted();
    const reason = error instanceof Error ? error.message : String(error);
    throw isArchive
      ? new Error(`Failed to extract archive '${file}' to '${folder}': ${reason}`)
      : new Error(`Failed to extract '${file}': 'gunzip -d -c' failed: ${reason}`);
  }
  return isArchive ? 'archive' : 'gz';
}

/** A single file, which is no archive. */
async function gunzip(extraction: Extraction): Promise<void> {
  const base = extraction.name.slice(extraction.name.lastIndexOf('/') + 1);
  await extraction.target.file(base.slice(0, -'.gz'.length), 0o666, gunzipped(extraction));
}

/** By the first bytes of a file. */
const formats: readonly (readonly [magic: string, format: 'gzip' | 'bzip2' | 'xz' | 'zip'])[] = [
  ['1f8b', 'gzip'],
  ['425a68', 'bzip2'],
  ['fd377a585a00', 'xz'],
  ['504b0304', 'zip'],
  ['504b0506', 'zip'],
];

async function unpack(extraction: Extraction): Promise<void> {
  const { file, target, sandboxes, processes, signal } = extraction;
  const { unpackTar } = await import('./tar-archive.ts');
  const { bytes } = await sandboxes.readPart(file, 0, 6);
  const head = Buffer.from(bytes).toString('hex');
  const format = formats.find(([magic]) => head.startsWith(magic))?.[1];
  switch (format) {
    case 'zip': {
      const { unpackZip } = await import('./zip-archive.ts');
      return unpackZip(file, target);
    }
    case 'gzip':
      return unpackTar(gunzipped(extraction), target);
    // Node.js has no decoder of these; the programs get no name of the archive's, and write nothing but their output.
    case 'bzip2':
    case 'xz':
      return unpackTar(processes.decompress(format, ['-d', '-c'], file, signal), target);
    case undefined:
      return unpackTar(sandboxes.readAll(file), target);
  }
}

async function* gunzipped({ file, sandboxes }: Extraction): AsyncIterable<Uint8Array> {
  const gunzip = createGunzip();
  const source = Readable.from(sandboxes.readAll(file));
  source.on('error', (error) => gunzip.destroy(error)).pipe(gunzip);
  try {
    for await (const bytes of gunzip) yield bytes as Uint8Array;
  } finally {
    source.destroy();
    gunzip.destroy();
  }
}
