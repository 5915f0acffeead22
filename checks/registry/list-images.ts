import { inParallel } from '../../platform/in-parallel.ts';
import { manifestReader, type FoundManifest, type ManifestReader } from './manifest-reader.ts';
import type { Registry } from './registry.ts';
import { repositoriesOf, tagsOf } from './registry-names.ts';

/** What a tag names. */
export interface RegistryImage {
  readonly repository: string;
  readonly tag: string;
  /** Of what the tag names: several tags may have the same. */
  readonly digest: string;
  /** Configurations and layers of all its platforms, each once; undefined: it does not say. */
  readonly bytes: number | undefined;
  /** `linux/amd64`, in the order of the index where it has one; none: it is for none, or does not say. */
  readonly platforms: readonly string[];
  /** Digests of the manifests that it lists, those of lists in it, too; none: it is no index. */
  readonly children: readonly string[];
  /** Of these, how many are not in the registry. */
  readonly missing: number;
  /** ISO 8601, as it says itself; undefined: it does not, or is an index. */
  readonly created: string | undefined;
}

/** What is in a registry. */
export interface RegistryListing {
  /** By repository and tag. */
  readonly images: readonly RegistryImage[];
  /** Of all of them together: what several have counts once. */
  readonly bytes: number;
}

/** So many questions at the same time: a registry in a container of 256 MB answers others meanwhile. */
const mostAtOnce = 8;

/** Lists of lists end somewhere. */
const deepest = 4;

/**
 * What tags name, in all repositories or in some. Asks once for each tag and for each manifest that they name.
 * @throws RegistryError, UnreachableError; the signal's reason
 */
export async function listImages(registry: Registry, some?: readonly string[]): Promise<RegistryListing> {
  const repositories = some ?? (await repositoriesOf(registry));
  const tagged = await inParallel(
    repositories,
    async (repository) => (await tagsOf(registry, repository)).map((tag) => ({ repository, tag })),
    mostAtOnce,
  );
  const reader = manifestReader(registry);
  const looks = await inParallel(tagged.flat(), (name) => lookAt(reader, name), mostAtOnce);
  const found = looks.flatMap((look) => look ?? []);
  const blobs = new Map(found.flatMap((look) => [...look.blobs]));
  return {
    images: found.map(({ image }) => image).sort(byName),
    bytes: sum(blobs),
  };
}

const byName = (one: RegistryImage, other: RegistryImage) =>
  one.repository.localeCompare(other.repository, 'en') || one.tag.localeCompare(other.tag, 'en', { numeric: true });

/** `web:1` */
export const nameOf = ({ repository, tag }: Pick<RegistryImage, 'repository' | 'tag'>): string =>
  `${repository}:${tag}`;

interface Look {
  readonly image: RegistryImage;
  readonly blobs: ReadonlyMap<string, number>;
}

/** Undefined: the tag is gone, or names what is not there any more. */
async function lookAt(
  reader: ManifestReader,
  { repository, tag }: { readonly repository: string; readonly tag: string },
): Promise<Look | undefined> {
  const top = await reader.byTag(repository, tag);
  if (top === undefined) return undefined;
  const below = await childrenOf(reader, repository, top, deepest);
  const all = [top, ...below.found];
  const blobs = new Map(all.flatMap(blobsOf));
  const isIndex = top.manifest.kind === 'index';
  const { platform, created } = isIndex
    ? { platform: undefined, created: undefined }
    : await reader.about(repository, top);
  const image = {
    ...{ repository, tag, digest: top.digest, created },
    bytes: blobs.size === 0 ? undefined : sum(blobs),
    platforms: isIndex ? below.platforms : platform === undefined ? [] : [platform],
    children: below.digests,
    missing: below.digests.length - below.found.length,
  };
  return { image, blobs };
}

interface Below {
  readonly digests: readonly string[];
  readonly found: readonly FoundManifest[];
  readonly platforms: readonly string[];
}

async function childrenOf(
  reader: ManifestReader,
  repository: string,
  of: FoundManifest,
  depth: number,
): Promise<Below> {
  const none: Below = { digests: [], found: [], platforms: [] };
  if (of.manifest.kind !== 'index' || depth === 0) return none;
  const below = [none];
  for (const { digest, platform } of of.manifest.children) {
    const found = await reader.byDigest(repository, digest);
    const platforms = platform === undefined ? [] : [platform];
    below.push({ digests: [digest], found: found === undefined ? [] : [found], platforms });
    if (found !== undefined) below.push(await childrenOf(reader, repository, found, depth - 1));
  }
  return {
    digests: [...new Set(below.flatMap(({ digests }) => digests))],
    found: [...new Set(below.flatMap(({ found }) => found))],
    platforms: [...new Set(below.flatMap(({ platforms }) => platforms))],
  };
}

const blobsOf = ({ manifest }: FoundManifest): readonly (readonly [string, number])[] =>
  manifest.kind === 'image' ? (manifest.blobs ?? []).map(({ digest, bytes }) => [digest, bytes] as const) : [];

const sum = (blobs: ReadonlyMap<string, number>): number => [...blobs.values()].reduce((all, bytes) => all + bytes, 0);
