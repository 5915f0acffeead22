import type { Handler } from '../../engine/http/http-server.ts';
import { listenWithToken } from '../../engine/http/listen-with-token.ts';
import type { FileSystem } from '../../platform/files/file-system.ts';
import type { FoundLab } from '../cluster-runtime.ts';
import { findEmbedded } from './find-embedded.ts';
import { writePageUrl } from './page-url.ts';

/** What a page needs of the process that serves it. */
export interface PageGiven {
  /** What changes need. */
  readonly token: string;
  /** The lab as it is now. */
  readonly find: () => FoundLab;
}

/** Makes the page of a lab, of code that only this loads: no process of a lab that nobody looks at has it. */
export type MakePage = (given: PageGiven) => Promise<{ readonly handler: Handler; readonly stop: () => void }>;

interface PageWorld {
  readonly files: FileSystem;
  readonly makePage: MakePage;
  readonly log: (line: string) => void;
}

/**
 * Serves the page of a lab from its own process, on a port of loopback that is free, and leaves its URL in the run
 * folder. Until somebody opens it there is no more of it than the port.
 * @returns what ends it
 */
export async function serveLabPage(
  directory: string,
  { files, makePage, log }: PageWorld,
): Promise<() => Promise<void>> {
  let made: ReturnType<MakePage> | undefined;
  const make = (token: string) =>
    makePage({ token, find: () => findEmbedded(files, directory) }).catch((error: unknown) => {
      made = undefined;
      throw error;
    });
  const handlerFor =
    (token: string): Handler =>
    async (request) =>
      (await (made ??= make(token))).handler(request);
  const { url, close } = await listenWithToken({ port: 0, log, handlerFor });
  writePageUrl(files, directory, url);
  return async () => {
    (await made?.catch(() => undefined))?.stop();
    await close();
  };
}
