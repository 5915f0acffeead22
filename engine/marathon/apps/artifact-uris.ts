import type { App } from '../../../protocol/marathon.ts';
import type { BrokenRule } from '../marathon-error.ts';

/** supportedFileTypes of Marathon's FetchUri.scala. */
const archive = /\.(?:tar|tar\.gz|tar\.bz2|tar\.xz|gz|tgz|tbz2|txz|zip)$/;

/** What java.net.URI takes: RFC 2396 with brackets, and letters beyond ASCII. */
const characters = /^(?:[\w\-.!~*'();/?:@&=+$,#[\]]|%[\da-f]{2}|[^\0-\u007f\s])*$/i;

/** A scheme begins with a letter and has something behind it; there is one fragment at most. */
const isUri = (text: string): boolean =>
  characters.test(text) &&
  text.split('#').length <= 2 &&
  (!/^[^/?#]*:/.test(text) || /^[a-z][a-z\d+.-]*:[^#]/i.test(text));

/** Whether an entry of the older `uris` is unpacked: by the path in it, without its query (FetchUri.isExtract). */
export function isExtracted(uri: string): boolean {
  const [path = ''] = uri.split(/[?#]/, 1);
  return isUri(uri) && archive.test(path);
}

/** In Marathon's words (uriIsValid in Validation.scala). */
export const artifactErrors = ({ fetch = [] }: Pick<App, 'fetch'>): readonly BrokenRule[] =>
  fetch.flatMap(({ uri }, index) =>
    isUri(uri) ? [] : [{ path: `/fetch(${index})/uri`, error: 'URI has invalid syntax.' }],
  );
