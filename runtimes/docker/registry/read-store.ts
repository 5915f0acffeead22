import { excerpt } from '../../../checks/excerpt.ts';
import { isDigest, isRepository } from '../../../checks/registry/registry.ts';
import { readManifest } from '../../../checks/registry/read-manifest.ts';
import { UserError } from '../../../errors/user-error.ts';
import { parseObject } from '../../../protocol/json.ts';

/** A manifest in a repository. */
export interface StoredManifest {
  readonly repository: string;
  readonly digest: string;
}

/** What the files of a registry say. */
export interface Store {
  readonly manifests: readonly StoredManifest[];
  /** What tags name. */
  readonly tagged: readonly StoredManifest[];
  /** What a manifest lists, by its digest. */
  readonly children: ReadonlyMap<string, readonly string[]>;
}

const revision = /^R repositories\/(.+)\/_manifests\/revisions\/([a-z0-9]+)\/([0-9a-f]+)\/link$/;
const tag = /^T repositories\/(.+)\/_manifests\/tags\/[^/]+\/current\/link:(.*)$/;
const list = /^M blobs\/([a-z0-9]+)\/..\/([0-9a-f]+)\/data (.*)$/s;

/**
 * Reads what `lookScript` printed. What it does not understand is an error: something could be taken for unused.
 * @throws UserError COMMAND_FAILED with the line
 */
export function readStore(text: string): Store {
  const manifests: StoredManifest[] = [];
  const tagged: StoredManifest[] = [];
  const children = new Map<string, readonly string[]>();
  for (const line of text.split('\n')) {
    const [, repository, algorithm = '', hex = ''] = revision.exec(line) ?? [];
    const [, tagOf, named = ''] = tag.exec(line) ?? [];
    const [, listAlgorithm = '', listHex = '', content] = list.exec(line) ?? [];
    if (repository !== undefined) manifests.push(known(line, repository, `${algorithm}:${hex}`));
    else if (tagOf !== undefined) tagged.push(known(line, tagOf, named.trim()));
    else if (content !== undefined) children.set(`${listAlgorithm}:${listHex}`, childrenIn(line, content));
    else if (line !== '') throw notUnderstood(line);
  }
  return { manifests, tagged, children };
}

function known(line: string, repository: string, digest: string): StoredManifest {
  if (!isRepository(repository) || !isDigest(digest)) throw notUnderstood(line);
  return { repository, digest };
}

function childrenIn(line: string, content: string): readonly string[] {
  const json = parseObject(content);
  if (json === undefined) throw notUnderstood(line);
  const manifest = readManifest(json);
  return manifest.kind === 'index' ? manifest.children.map(({ digest }) => digest) : [];
}

const notUnderstood = (line: string) =>
  new UserError({
    code: 'COMMAND_FAILED',
    message: 'The registry stores something that is not understood; nothing was removed',
    found: excerpt(line),
    fix: 'What is in the volume of the registry has to be as Distribution 2 and 3 write it',
  });

/**
 * Manifests that no tag names, and no list that a tag names. `garbage-collect --delete-untagged` of Distribution 2 would
 * take those of lists as well (distribution/distribution#3178), as nothing but the list names them.
 */
export function unnamedManifests({ manifests, tagged, children }: Store): readonly StoredManifest[] {
  const keyOf = ({ repository, digest }: StoredManifest) => `${repository}@${digest}`;
  const kept = new Set(tagged.map(keyOf));
  const waiting = [...tagged];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { repository } = next;
    for (const digest of children.get(next.digest) ?? []) {
      const child = { repository, digest };
      if (kept.has(keyOf(child))) continue;
      kept.add(keyOf(child));
      waiting.push(child);
    }
  }
  return manifests.filter((manifest) => !kept.has(keyOf(manifest)));
}
