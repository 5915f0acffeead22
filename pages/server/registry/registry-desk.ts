import { UnreachableError } from '../../../checks/cluster-client.ts';
import { listImages, type RegistryImage } from '../../../checks/registry/list-images.ts';
import { lookBeforeRemoval, namesIn, removeImages, type ImageName } from '../../../checks/registry/remove-images.ts';
import { RegistryError, type Registry } from '../../../checks/registry/registry.ts';
import { HttpError } from '../../../engine/http/http-answer.ts';
import type { RegistryDetails, RegistryImageDetails } from '../../picture/details.ts';

/** The registry of a lab as it is now; undefined: what runs has none. @throws Error in words for the reader */
export type FindRegistry = (
  signal: AbortSignal,
) => { readonly registry: Registry; readonly address: string } | undefined;

/** What the page shows of the registry of a lab, and does with it. */
export class RegistryDesk {
  readonly #find: FindRegistry;

  constructor(find: FindRegistry) {
    this.#find = find;
  }

  /** @throws HttpError 404 without a registry, 502 when it does not say what it has */
  async list(signal: AbortSignal): Promise<RegistryDetails> {
    const { registry, address } = this.#own(signal);
    const { images, bytes } = await this.#asked(() => listImages(registry));
    return { images: images.map(detailsOf), bytes, address };
  }

  /**
   * Removes what is named, and nothing that was not seen.
   * @throws HttpError 404 when one is not there (any more), 409 when more would go, 502 when the registry refuses
   */
  async remove(names: readonly ImageName[], signal: AbortSignal): Promise<void> {
    const { registry } = this.#own(signal);
    const { removals, missing, alsoGone, broken } = await this.#asked(() => lookBeforeRemoval(registry, names));
    if (missing.length > 0) throw new HttpError(404, `the registry has no ${missing.join(', ')} (any more)`);
    if (alsoGone.length > 0) throw new HttpError(409, `${alsoGone.join(', ')} would go as well: look again`);
    const [first] = broken;
    if (first !== undefined) {
      throw new HttpError(409, `${first.child} is one of the platforms of ${first.index}: remove ${first.index} first`);
    }
    const { removed, failure } = await removeImages(registry, removals);
    if (failure !== undefined) {
      const gone = removed.flatMap(namesIn);
      const before = gone.length === 0 ? '' : `; removed before: ${gone.join(', ')}`;
      throw new HttpError(502, `${wordsOf(failure)}${before}`);
    }
  }

  #own(signal: AbortSignal) {
    const found = this.#found(signal);
    if (found === undefined) throw new HttpError(404, 'what runs of this lab has no registry');
    return found;
  }

  #found(signal: AbortSignal) {
    try {
      return this.#find(signal);
    } catch (error) {
      throw new HttpError(502, error instanceof Error ? error.message : String(error));
    }
  }

  async #asked<Result>(ask: () => Promise<Result>): Promise<Result> {
    try {
      return await ask();
    } catch (error) {
      throw new HttpError(502, wordsOf(error));
    }
  }
}

/** @throws what is none of a registry */
function wordsOf(error: unknown): string {
  if (error instanceof UnreachableError) return `the registry does not answer: ${error.message}`;
  if (!(error instanceof RegistryError)) throw error;
  const isRefused = error.status === 401 || error.status === 403;
  return `${error.message}${isRefused ? '; it does not take what secrets/registry of the lab says' : ''}`;
}

function detailsOf({
  repository,
  tag,
  digest,
  bytes,
  platforms,
  missing,
  created,
}: RegistryImage): RegistryImageDetails {
  return {
    ...{ repository, tag, digest, platforms },
    ...(bytes === undefined ? {} : { bytes }),
    ...(missing === 0 ? {} : { lacks: missing }),
    ...(created === undefined ? {} : { created }),
  };
}
