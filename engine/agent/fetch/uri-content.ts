import type { Sandboxes } from '../../../platform/files/sandboxes.ts';
import { localPath } from './fetch-uri.ts';
import { httpDownload, httpSize, type HttpOptions } from './http-download.ts';

/** What URIs lead to. */
export interface UriContent {
  /** @throws Error in Mesos's words; what comes later may, too */
  readonly open: (uri: string) => Promise<AsyncIterable<Uint8Array>>;
  /** @throws Error when it is not said */
  readonly sizeOf: (uri: string) => Promise<number>;
}

export interface UriContentOptions {
  readonly sandboxes: Sandboxes;
  /** Of the agent: records and sandboxes of other tasks. */
  readonly workDir: string;
  readonly http: HttpOptions;
  /** Says what a program would say on the fetcher's stderr. */
  readonly say: (text: string) => Promise<void>;
}

/** Web servers, and the files of this machine that the agent may read. */
export function uriContent(options: UriContentOptions): UriContent {
  const { http } = options;
  const remote = async <T>(uri: string, get: (uri: string) => T): Promise<Awaited<T>> => {
    if (/^https?:\/\//.test(uri)) return await get(uri);
    if (/^ftps?:\/\//.test(uri)) throw new Error('Error downloading resource: Unsupported protocol');
    throw new Error('Failed to create HDFS client: this agent has no Hadoop client');
  };
  return {
    open: async (uri) => {
      const path = localPath(uri);
      if (path === undefined) return remote(uri, (url) => httpDownload(url, http));
      return options.sandboxes.readAll(await readableFile(path, options));
    },
    sizeOf: async (uri) => {
      const path = localPath(uri);
      if (path === undefined) return remote(uri, (url) => httpSize(url, http));
      return (await options.sandboxes.readPart(await readableFile(path, options), 0, 0)).size;
    },
  };
}

/** What there shows more than files: memory, environments, devices. */
const systemFolders = ['/proc', '/sys', '/dev'];

/**
 * The real path of a file that may be copied: a regular one, and none of the agent's own. As who runs the agent, a command
 * of the task could read it as well; a Docker task could not.
 */
async function readableFile(path: string, { sandboxes, workDir, say }: UriContentOptions): Promise<string> {
  const real = await sandboxes.realPath(path);
  if (real === undefined) {
    await say(`cp: cannot stat '${path}': No such file or directory`);
    throw new Error('cp failed with status: 256');
  }
  const own = (await sandboxes.realPath(workDir)) ?? workDir;
  const closed = [own, ...systemFolders].find((folder) => real === folder || real.startsWith(`${folder}/`));
  if (closed !== undefined) throw new Error(`Refused to copy '${path}': nothing below ${closed} is fetched`);
  const kind = await sandboxes.kindOf(real);
  if (kind === 'folder') throw new Error('`source` was a directory');
  if (kind !== 'file') throw new Error(`Refused to copy '${path}': it is no regular file`);
  return real;
}
