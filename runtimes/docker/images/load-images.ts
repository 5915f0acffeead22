import { UserError } from '../../../errors/user-error.ts';
import type { FileSystem } from '../../../platform/files/file-system.ts';
import { failureWords, type DockerEngine } from '../docker-engine.ts';

/** Some gigabytes from a slow stick onto a slow disk. */
const loadMs = 3_600_000;

/**
 * Gives the Engine all images of a file that `images save` or `docker save` wrote, compressed or not.
 * @param file absolute
 * @returns the names of what was loaded, in their order
 * @throws UserError USAGE_ARGUMENTS when there is no such file; COMMAND_FAILED when Docker does not take it
 */
export async function loadImages(
  {
    engine,
    files,
    signal,
  }: { readonly engine: DockerEngine; readonly files: FileSystem; readonly signal: AbortSignal },
  file: string,
): Promise<readonly string[]> {
  if (files.kindOf(files.realPath(file)) !== 'file') {
    throw new UserError({
      code: 'USAGE_ARGUMENTS',
      message: 'there is no such file',
      place: { kind: 'path', path: file },
      fix: 'name a file that images save wrote',
    });
  }
  const result = await engine.run(['load', '--input', file], { signal, timeoutMs: loadMs });
  signal.throwIfAborted();
  if (result.kind !== 'ended' || result.exitCode !== 0) {
    throw new UserError({
      code: 'COMMAND_FAILED',
      message: 'Docker does not take the file; images that it had taken before are there',
      place: { kind: 'path', path: file },
      found: failureWords(result, loadMs),
      fix: 'compare its size with the original: it may be cut off; docker system df shows whether the disk is full',
    });
  }
  return [...result.stdout.matchAll(/^Loaded image(?: ID)?: (\S+)$/gm)].flatMap(([, name]) => name ?? []);
}
