import { listImages, nameOf, type RegistryImage } from './list-images.ts';
import { askRegistry, RegistryError, type Registry } from './registry.ts';

/** What somebody means: `web:1`. */
export type ImageName = Pick<RegistryImage, 'repository' | 'tag'>;

/** A manifest that goes, and with it all tags that name it. */
export interface Removal {
  readonly repository: string;
  readonly digest: string;
  readonly tags: readonly string[];
}

/** What it means to remove images. */
export interface RemovalPlan {
  /** Each manifest once, in the order asked for. */
  readonly removals: readonly Removal[];
  /** Named, and not there: `web:3`. */
  readonly missing: readonly string[];
  /** Not named, and they go as well, as they name the same: `web:latest`. */
  readonly alsoGone: readonly string[];
  /** Not named, and an image that goes is one of their platforms. */
  readonly broken: readonly { readonly index: string; readonly child: string }[];
}

/**
 * Looks at the repositories that are named, and says what would go.
 * @throws as listImages
 */
export async function lookBeforeRemoval(
  registry: Registry,
  names: readonly ImageName[],
): Promise<RemovalPlan & { readonly images: readonly RegistryImage[] }> {
  const repositories = [...new Set(names.map(({ repository }) => repository))];
  const { images } = await listImages(registry, repositories);
  return { images, ...planRemoval(images, names) };
}

/**
 * What goes, and what goes with it: Distribution removes a manifest by its digest, and with it every tag
 * that names it (docs/spec/api.md, "Deleting an Image"; registry/handlers/manifests.go).
 * @param images what the repositories have that are named
 */
export function planRemoval(images: readonly RegistryImage[], names: readonly ImageName[]): RemovalPlan {
  const wanted = new Set(names.map(nameOf));
  const found = images.filter((image) => wanted.has(nameOf(image)));
  const going = new Map<string, RegistryImage[]>(found.map((image) => [keyOf(image), []]));
  for (const image of images) going.get(keyOf(image))?.push(image);
  const gone = [...going.values()].flat();
  const left = images.filter((image) => !going.has(keyOf(image)));
  return {
    removals: [...going.values()].flatMap((same) => removalOf(same) ?? []),
    missing: [...wanted].filter((name) => !found.some((image) => nameOf(image) === name)),
    alsoGone: gone.map(nameOf).filter((name) => !wanted.has(name)),
    broken: left.flatMap((image) =>
      gone
        .filter(({ repository, digest }) => repository === image.repository && image.children.includes(digest))
        .map((child) => ({ index: nameOf(image), child: nameOf(child) })),
    ),
  };
}

const keyOf = ({ repository, digest }: RegistryImage) => `${repository}@${digest}`;

function removalOf(same: readonly RegistryImage[]): Removal | undefined {
  const [first] = same;
  if (first === undefined) return undefined;
  return { repository: first.repository, digest: first.digest, tags: same.map(({ tag }) => tag) };
}

/** What a removal takes away, by name. */
export const namesIn = ({ repository, tags }: Removal): readonly string[] =>
  tags.map((tag) => nameOf({ repository, tag }));

/** Why it stopped, and what was removed before it. */
export interface RemovalEnd {
  readonly removed: readonly Removal[];
  /** As `askRegistry` throws, or RegistryError; undefined: all are gone. */
  readonly failure: unknown;
}

/** Removes manifests, one after the other, until one is refused. What is gone already counts as removed. */
export async function removeImages(registry: Registry, removals: readonly Removal[]): Promise<RemovalEnd> {
  const { authorization } = registry;
  const removed: Removal[] = [];
  try {
    for (const removal of removals) {
      const answer = await askRegistry(registry, `/v2/${removal.repository}/manifests/${removal.digest}`, {
        method: 'DELETE',
        headers: authorization === undefined ? {} : { Authorization: authorization },
      });
      if (answer.status !== 202 && answer.status !== 404)
        return { removed, failure: new RegistryError(registry, answer) };
      removed.push(removal);
    }
    return { removed, failure: undefined };
  } catch (failure) {
    return { removed, failure };
  }
}
