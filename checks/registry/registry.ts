import { isRepositoryName, isTagName } from '../../protocol/image-names.ts';
import { describeAnswer, type ClusterAnswer, type ClusterClient, type ClusterRequest } from '../cluster-client.ts';

/** A registry that speaks the HTTP API of Distribution (`/v2/`), and how it is asked. */
export interface Registry {
  readonly client: Pick<ClusterClient, 'ask'>;
  /** `http://127.0.0.1:5000` */
  readonly url: string;
  /** For what changes something; undefined: there are none. */
  readonly authorization?: string | undefined;
  readonly signal: AbortSignal;
}

/** A registry that answered what nobody can go on with. */
export class RegistryError extends Error {
  override readonly name = 'RegistryError';
  /** Of the answer. */
  readonly status: number;

  constructor(registry: Pick<Registry, 'url'>, answer: ClusterAnswer) {
    super(`the registry at ${registry.url} says ${describeAnswer(answer)}`);
    this.status = answer.status;
  }
}

/** Each answer has to be there in this time. */
const askMs = 10_000;
/** Distribution takes no manifest that is larger. */
const maxBytes = 4 * 1024 * 1024;

/**
 * Asks a registry one thing.
 * @param path `/v2/…`
 * @throws UnreachableError; the signal's reason
 */
export function askRegistry(
  { client, url, signal }: Registry,
  path: string,
  options: ClusterRequest = {},
): Promise<ClusterAnswer> {
  return client.ask(`${url}${path}`, signal, { timeoutMs: askMs, maxBytes, followRedirects: false, ...options });
}

const digestForm = /^[a-z0-9]+(?:[.+_-][a-z0-9]+)*:[0-9a-f]{32,}$/;

/** What is no name of one never becomes part of a path, whoever says it: a page, or the registry itself. */
export const isRepository = (name: unknown): name is string => typeof name === 'string' && isRepositoryName(name);
export const isTag = (tag: unknown): tag is string => typeof tag === 'string' && isTagName(tag);
export const isDigest = (digest: unknown): digest is string => typeof digest === 'string' && digestForm.test(digest);
