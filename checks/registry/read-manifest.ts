import { integerAt, listAt, textAt, valueAt } from '../../protocol/json.ts';
import { isDigest } from './registry.ts';

/** Something that a registry keeps by its digest. */
export interface Blob {
  readonly digest: string;
  readonly bytes: number;
}

/** What a tag or a digest names. */
export type Manifest =
  /** An image, or something else in layers. */
  | {
      readonly kind: 'image';
      /** What is said of it there, such as its platform; undefined: it has no configuration of an image. */
      readonly config: string | undefined;
      /** Configuration and layers, each once; undefined: their sizes are not said (schema 1). */
      readonly blobs: readonly Blob[] | undefined;
    }
  /** A list of manifests: of one image for several platforms, or of what was said of it beside (attestations). */
  | { readonly kind: 'index'; readonly children: readonly IndexEntry[] };

export interface IndexEntry {
  readonly digest: string;
  /** `linux/arm64/v8`; undefined: it is for none, as attestations are. */
  readonly platform: string | undefined;
}

/** All kinds that there are: whoever does not name them gets another one in their place. */
export const manifestTypes = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
  'application/vnd.docker.distribution.manifest.v1+prettyjws;q=0.5',
].join(', ');

const imageConfigs: readonly unknown[] = [
  'application/vnd.oci.image.config.v1+json',
  'application/vnd.docker.container.image.v1+json',
];

/**
 * Reads a manifest, whichever kind it is.
 * @param json as the registry gave it (OCI image-spec, manifest.md and image-index.md; Docker's schema 2, lists, schema 1)
 */
export function readManifest(json: unknown): Manifest {
  if (Array.isArray(valueAt(json, 'manifests'))) {
    return { kind: 'index', children: listAt(json, 'manifests').flatMap(readEntry) };
  }
  const config = valueAt(json, 'config');
  const blobs = [config, ...listAt(json, 'layers')].flatMap(readBlob);
  return {
    kind: 'image',
    config: imageConfigs.includes(textAt(config, 'mediaType')) ? blobs[0]?.digest : undefined,
    blobs: blobs.length === 0 ? undefined : blobs,
  };
}

function readBlob(json: unknown): readonly Blob[] {
  const [digest, bytes] = [textAt(json, 'digest'), integerAt(json, 'size')];
  return isDigest(digest) && bytes !== undefined ? [{ digest, bytes }] : [];
}

function readEntry(entry: unknown): readonly IndexEntry[] {
  const digest = textAt(entry, 'digest');
  return isDigest(digest) ? [{ digest, platform: readPlatform(valueAt(entry, 'platform')) }] : [];
}

/** `linux/amd64`, of an entry of an index, or of the configuration of an image; undefined: it is for none. */
export function readPlatform(json: unknown): string | undefined {
  const [os, architecture, variant] = ['os', 'architecture', 'variant'].map((name) => textAt(json, name));
  if (os === undefined || architecture === undefined || os === 'unknown') return undefined;
  return [os, architecture, ...(variant === undefined || variant === '' ? [] : [variant])].join('/');
}
