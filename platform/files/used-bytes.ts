import { lstat, opendir } from 'node:fs/promises';
import { join } from 'node:path';

/** How many entries are looked at together: enough to be quick, too few to keep the machine from anything else. */
const atOnce = 16;

/**
 * What a folder takes of its disk with all that is in it, as `du -k -s` counts: whole blocks, a file with several names
 * once, links by themselves. What goes away meanwhile does not count.
 * @param folder absolute; a link to one is followed
 * @throws the system's error when there is no such folder; the signal's reason
 */
export async function usedBytes(folder: string, signal: AbortSignal): Promise<number> {
  const seen = new Set<string>();
  const folders = [folder];
  // The folder itself; behind the slash is where a link leads.
  let bytes = (await lstat(`${folder}/`)).blocks * blockBytes;
  const add = async (path: string) => {
    const stats = await lstat(path).catch(() => undefined);
    if (stats === undefined) return;
    if (stats.isDirectory()) folders.push(path);
    else if (stats.nlink > 1) {
      const id = `${stats.dev}:${stats.ino}`;
      if (seen.has(id)) return;
      seen.add(id);
    }
    bytes += stats.blocks * blockBytes;
  };
  for (let path = folders.pop(); path !== undefined; path = folders.pop()) {
    for await (const paths of entriesOf(path)) {
      signal.throwIfAborted();
      await Promise.all(paths.map(add));
    }
  }
  return Math.ceil(bytes / 1024) * 1024;
}

/** Of stat(2), whatever the file system's own blocks are. */
const blockBytes = 512;

/** Paths of what is in a folder, some at a time; nothing of one that is gone, or that nobody may look into. */
async function* entriesOf(folder: string): AsyncGenerator<readonly string[]> {
  const entries = await opendir(`${folder}/`, { bufferSize: atOnce }).catch(() => undefined);
  if (entries === undefined) return;
  let paths: string[] = [];
  for await (const { name } of entries) {
    paths.push(join(folder, name));
    if (paths.length < atOnce) continue;
    yield paths;
    paths = [];
  }
  yield paths;
}
