import { isRepositoryName, isTagName } from '../../protocol/image-names.ts';

export interface ImageReference {
  /** Registry, with its port: `localhost:5000`. Absent for Docker Hub. */
  readonly domain?: string;
  readonly path: string;
  readonly tag?: string;
  readonly digest?: string;
}

/** Either the parts of a reference, or a clause about what is wrong. */
export type ParsedImageReference = ImageReference | { readonly fault: string; readonly fix: string };

const label = '[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?';
const domainForm = new RegExp(`^(?:${label}(?:\\.${label})*|\\[[0-9A-Fa-f:]+\\])(?::[0-9]{1,5})?$`);
const digestForm = /^[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9A-Fa-f]{32,}$/;
const longestName = 255;

/** Parses an image reference by the grammar of distribution/reference, which `docker pull` and Compose use. */
export function parseImageReference(text: string): ParsedImageReference {
  const bad = (fault: string, fix: string) => ({ fault, fix });
  if (text === '') return bad('it is empty', 'Write name:tag');
  const at = text.indexOf('@');
  const digest = at === -1 ? undefined : text.slice(at + 1);
  const named = at === -1 ? text : text.slice(0, at);
  const colon = named.lastIndexOf(':');
  const hasTag = colon > named.lastIndexOf('/');
  const tag = hasTag ? named.slice(colon + 1) : undefined;
  const name = hasTag ? named.slice(0, colon) : named;

  if (tag !== undefined && !isTagName(tag)) {
    return bad('its tag does not parse', 'Write a tag of letters, digits, _ . and -, at most 128 long');
  }
  if (digest !== undefined && !isDigest(digest))
    return bad('its digest does not parse', 'Write @sha256: and 64 hexadecimal digits');
  if (name.length > longestName) return bad(`its name is longer than ${longestName} characters`, 'Use a shorter name');

  const slash = name.indexOf('/');
  const start = slash === -1 ? '' : name.slice(0, slash);
  const hasDomain = slash !== -1 && (/[.:[\]A-Z]/.test(start) || start === 'localhost');
  if (hasDomain && !domainForm.test(start))
    return bad('its registry does not parse', 'Write host:port/name:tag, without https://');
  const path = hasDomain ? name.slice(slash + 1) : name;
  if (!isRepositoryName(path)) {
    const lower = (/[.:]/.test(start) ? path : name).toLowerCase();
    const fix =
      lower !== name && isRepositoryName(lower)
        ? `Write it in lower case: ${lower}`
        : 'Write lower-case letters and digits, separated by single . _ - or /';
    return bad('its name does not parse', fix);
  }
  if (!hasDomain && digest === undefined && tag === undefined && /^[0-9a-f]{64}$/.test(path)) {
    return bad('it is the id of an image, not a name', 'Write name:tag');
  }
  return {
    ...(hasDomain && { domain: start }),
    path,
    ...(tag !== undefined && { tag }),
    ...(digest !== undefined && { digest }),
  };
}

function isDigest(digest: string): boolean {
  return digestForm.test(digest) && (!digest.startsWith('sha256:') || /^sha256:[0-9a-f]{64}$/.test(digest));
}

/** What images are published for; Docker takes both names of 64-bit ARM. */
export const platforms: readonly string[] = [
  'linux/amd64',
  'linux/arm64',
  'linux/arm64/v8',
  'linux/arm/v7',
  'linux/arm/v6',
  'linux/386',
  'linux/ppc64le',
  'linux/s390x',
  'linux/riscv64',
];
