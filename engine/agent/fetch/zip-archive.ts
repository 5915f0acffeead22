import type { Readable } from 'node:stream';
import type { Entry, ZipFile } from 'yauzl';
import type { ArchiveTarget } from './archive-target.ts';

/** Of a Unix file's mode, as zip keeps it in the upper half of the external attributes. */
const typeMask = 0o170_000;
const linkType = 0o120_000;
const fileType = 0o100_000;
const folderType = 0o040_000;

/** PATH_MAX of Linux. */
const maxTargetBytes = 4096;

/**
 * Unpacks a zip archive. Names that are absolute or have `..` in them are refused before anything is unpacked of them.
 * @throws Error when it is none, is damaged, or must not be unpacked
 */
export async function unpackZip(path: string, target: ArchiveTarget): Promise<void> {
  const { open } = await import('yauzl');
  const zip = await new Promise<ZipFile>((resolve, reject) => {
    open(path, { lazyEntries: true, autoClose: false }, (error, opened) => {
      if (error === null) resolve(opened);
      else reject(error);
    });
  });
  try {
    for (;;) {
      const entry = await nextEntry(zip);
      if (entry === undefined) return;
      await unpackEntry(entry, zip, target);
    }
  } finally {
    zip.close();
  }
}

function nextEntry(zip: ZipFile): Promise<Entry | undefined> {
  return new Promise((resolve, reject) => {
    zip.removeAllListeners();
    zip.once('error', reject);
    zip.once('end', () => {
      resolve(undefined);
    });
    zip.once('entry', resolve);
    zip.readEntry();
  });
}

async function unpackEntry(entry: Entry, zip: ZipFile, target: ArchiveTarget): Promise<void> {
  const { fileName } = entry;
  const mode = entry.externalFileAttributes >>> 16;
  const type = mode & typeMask;
  if (fileName.endsWith('/') || type === folderType) return target.folder(fileName);
  if (type === linkType) return target.link(fileName, await readTarget(entry, zip));
  if (type !== 0 && type !== fileType) throw new Error(`'${fileName}' is a device or a fifo, which is not unpacked`);
  const content = await contentOf(entry, zip);
  try {
    await target.file(fileName, (mode & 0o777) === 0 ? 0o644 : mode, content);
  } finally {
    // What is refused is not read, and would hold the file open.
    content.destroy();
  }
}

function contentOf(entry: Entry, zip: ZipFile): Promise<Readable> {
  if (entry.isEncrypted()) throw new Error(`'${entry.fileName}' is encrypted`);
  return new Promise((resolve, reject) => {
    zip.openReadStream(entry, (error, stream) => {
      if (error === null) resolve(stream);
      else reject(error);
    });
  });
}

async function readTarget(entry: Entry, zip: ZipFile): Promise<string> {
  if (entry.uncompressedSize > maxTargetBytes) throw new Error(`The link '${entry.fileName}' is too long`);
  const parts: Uint8Array[] = [];
  for await (const part of await contentOf(entry, zip)) parts.push(part as Uint8Array);
  return Buffer.concat(parts).toString('utf8');
}
