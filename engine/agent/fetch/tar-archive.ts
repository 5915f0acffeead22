import { once } from 'node:events';
import type { ReadEntry } from 'tar';
import type { ArchiveTarget } from './archive-target.ts';

/**
 * Unpacks a tar archive. Absolute names are taken below the target, as Mesos does; devices and fifos are refused.
 * @throws Error when it is none, is damaged, or must not be unpacked
 */
export async function unpackTar(bytes: AsyncIterable<Uint8Array>, target: ArchiveTarget): Promise<void> {
  const { Parser } = await import('tar/parse');
  const parser = new Parser();
  const failed = new AbortController();
  const fail = (error: unknown) => {
    failed.abort(error);
  };
  // Entries are read one after the other.
  let work = Promise.resolve();
  parser.on('entry', (entry: ReadEntry) => {
    work = work.then(async () => {
      try {
        failed.signal.throwIfAborted();
        await unpackEntry(entry, target);
      } catch (error) {
        fail(error);
        entry.resume();
      }
    });
  });
  parser.on('ignoredEntry', (entry: ReadEntry) => {
    fail(new Error(`'${entry.path}' is of a type that is not unpacked (${entry.type})`));
  });
  parser.on('warn', (code: string, message: string | Error) => {
    if (code !== 'TAR_ENTRY_INFO') fail(new Error(message instanceof Error ? message.message : message));
  });
  parser.on('error', fail);
  const seen = { end: false, bytes: 0 };
  parser.on('eof', () => {
    seen.end = true;
  });
  try {
    const ended = once(parser, 'end', { signal: failed.signal });
    ended.catch(() => undefined);
    for await (const chunk of bytes) {
      failed.signal.throwIfAborted();
      seen.bytes += chunk.length;
      if (!parser.write(Buffer.from(chunk))) await once(parser, 'drain', { signal: failed.signal });
    }
    parser.end();
    await ended;
    await work;
    // Some archives have no end, but all have whole blocks.
    if (!seen.end && seen.bytes % 512 !== 0) throw new Error('Truncated tar archive');
  } catch (error) {
    // Of an event that no longer comes, the signal has the reason.
    failed.signal.throwIfAborted();
    throw error;
  }
  failed.signal.throwIfAborted();
}

async function unpackEntry(entry: ReadEntry, target: ArchiveTarget): Promise<void> {
  const { path, linkpath = '', mode = 0o644 } = entry;
  switch (entry.type) {
    case 'File':
    case 'OldFile':
    case 'ContiguousFile':
      // An old archive has folders that are files with a slash.
      if (!path.endsWith('/')) return target.file(path, mode, entry);
      break;
    case 'SymbolicLink':
      await target.link(path, linkpath);
      break;
    case 'Link':
      await target.hardLink(path, linkpath);
      break;
    case 'Directory':
    case 'GNUDumpDir':
      await target.folder(path);
      break;
    default:
      throw new Error(`'${path}' is a device or a fifo, which is not unpacked (${entry.type})`);
  }
  if (entry.type === 'File' || entry.type === 'OldFile') await target.folder(path);
  entry.resume();
}
