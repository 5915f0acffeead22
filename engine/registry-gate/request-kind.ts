import { repositoryPattern } from '../../protocol/image-names.ts';

/** What may be done with a repository, in the words of scopes (Distribution, docs/spec/auth/scope.md). */
export type Action = 'push' | 'delete';

/** What a request to a registry is about. */
export type Asked =
  /** `/v2/`, at which clients learn whether they have to log in. */
  | { readonly kind: 'base' }
  | { readonly kind: 'read' }
  | {
      readonly kind: 'change';
      readonly action: Action;
      readonly repository: string;
      /** What follows the repository: `manifests`, `blobs`, `uploads`. */
      readonly what: string;
      /** A tag, a digest, or the id of an upload; empty for one that begins. */
      readonly reference: string;
    }
  /** Nothing that a registry has. */
  | { readonly kind: 'unknown' };

/** Of a change: nothing that a registry could read in another way, such as `%2F` or `..` (Distribution, reference.md). */
const changed = new RegExp(
  `^/v2/(?<repository>${repositoryPattern})/` +
    String.raw`(?:(?<what>manifests|blobs)/(?<reference>\w[\w.:+-]*)|blobs/uploads/(?<upload>(?:\w[\w.=-]*)?))$`,
);

/**
 * Reads what a request wants (Distribution, docs/spec/api.md, "Methods").
 * @param path without its query
 */
export function askedBy(method: string, path: string): Asked {
  if (!path.startsWith('/v2/')) return { kind: 'unknown' };
  if (method === 'GET' || method === 'HEAD') return path === '/v2/' ? { kind: 'base' } : { kind: 'read' };
  if (!['POST', 'PUT', 'PATCH', 'DELETE'].includes(method)) return { kind: 'unknown' };
  const { repository, what = 'uploads', reference, upload = '' } = changed.exec(path)?.groups ?? {};
  if (repository === undefined) return { kind: 'unknown' };
  // Who may push may break off a push.
  const action = method === 'DELETE' && what !== 'uploads' ? 'delete' : 'push';
  return { kind: 'change', action, repository, what, reference: reference ?? upload };
}
