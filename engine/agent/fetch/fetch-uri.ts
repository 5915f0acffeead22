import type { CommandUri } from '../../../protocol/mesos.ts';

/**
 * What a URI's file is called, as Mesos finds it: what stands behind the last slash, also where that is a query
 * (Fetcher::basename in src/slave/containerizer/fetcher.cpp).
 * @throws Error in its words
 */
export function baseName(uri: string): string {
  if (/[\\'\0]/.test(uri)) throw new Error('Illegal characters in URI');
  const scheme = uri.indexOf('://');
  if (scheme > 1) {
    const path = uri.slice(scheme + 3);
    const slash = path.indexOf('/');
    if (slash < 0 || slash === path.length - 1) throw new Error(`Malformed URI (missing path): ${uri}`);
    return path.slice(path.lastIndexOf('/') + 1);
  }
  return uri.replace(/\/+$/, '').split('/').at(-1) ?? '';
}

/** @throws Error in Mesos's words (validateUris in the same file) */
export function validateUris(uris: readonly CommandUri[]): void {
  for (const { value, output_file: outputFile } of uris) {
    baseName(value);
    if (outputFile === undefined) continue;
    if (outputFile === '') throw new Error('URI output file path is empty');
    if (outputFile.startsWith('/')) throw new Error('URI output file must be within the sandbox directory');
  }
}

/** Path in the sandbox that the file gets. */
export const outputPath = ({ value, output_file: outputFile }: CommandUri) => outputFile ?? baseName(value);

/**
 * The path on this machine that a URI means; undefined for one of another scheme (Fetcher::uriToLocalPath). There is no
 * frameworks_home here.
 * @throws Error in Mesos's words
 */
export function localPath(uri: string): string | undefined {
  const isFile = uri.startsWith('file://');
  if (!isFile && uri.includes('://')) return undefined;
  const path = (isFile ? uri.slice('file://'.length) : uri).replace(/^localhost/, '');
  if (path.startsWith('/')) return path;
  if (isFile) throw new Error('File URI only supports absolute paths');
  throw new Error(
    'A relative path was passed for the resource but the Mesos framework home was not specified. ' +
      'Please either provide this config option or avoid using a relative path',
  );
}
