import { createHash } from 'node:crypto';
import { textAt } from '../../protocol/json.ts';
import type { ClusterAnswer } from '../cluster-client.ts';
import { manifestTypes, readManifest, readPlatform, type Manifest } from './read-manifest.ts';
import { askRegistry, isDigest, RegistryError, type Registry } from './registry.ts';

/** A manifest, and what it is kept by. */
export interface FoundManifest {
  readonly digest: string;
  readonly manifest: Manifest;
}

/** What the configuration of an image says of it. */
interface About {
  readonly platform: string | undefined;
  readonly created: string | undefined;
}

/** Reads manifests of a registry, each once; undefined: it does not have it. All throw as askRegistry, and RegistryError. */
export interface ManifestReader {
  readonly byTag: (repository: string, tag: string) => Promise<FoundManifest | undefined>;
  readonly byDigest: (repository: string, digest: string) => Promise<FoundManifest | undefined>;
  readonly about: (repository: string, of: FoundManifest) => Promise<About>;
}

export function manifestReader(registry: Registry): ManifestReader {
  const manifests = new Map<string, Promise<FoundManifest | undefined>>();
  const abouts = new Map<string, Promise<About>>();
  return {
    byTag: async (repository, tag) => {
      const found = await readAt(registry, repository, tag);
      if (found !== undefined) manifests.set(`${repository}@${found.digest}`, Promise.resolve(found));
      return found;
    },
    byDigest: (repository, digest) =>
      once(manifests, `${repository}@${digest}`, () => readAt(registry, repository, digest)),
    about: (repository, of) => once(abouts, `${repository}@${of.digest}`, () => aboutOf(registry, repository, of)),
  };
}

/** Does something once for each key. */
function once<Result>(known: Map<string, Promise<Result>>, key: string, action: () => Promise<Result>) {
  const result = known.get(key) ?? action();
  known.set(key, result);
  return result;
}

/** @param reference a tag or a digest */
async function readAt(registry: Registry, repository: string, reference: string): Promise<FoundManifest | undefined> {
  const answer = await ask(registry, `/v2/${repository}/manifests/${reference}`, manifestTypes);
  if (answer === undefined) return undefined;
  const said = answer.headers['docker-content-digest'];
  const digest = isDigest(said) ? said : `sha256:${createHash('sha256').update(answer.text).digest('hex')}`;
  return { digest, manifest: readManifest(answer.json) };
}

const nothing: About = { platform: undefined, created: undefined };

async function aboutOf(registry: Registry, repository: string, { manifest }: FoundManifest): Promise<About> {
  if (manifest.kind !== 'image' || manifest.config === undefined) return nothing;
  const answer = await ask(registry, `/v2/${repository}/blobs/${manifest.config}`);
  if (answer === undefined) return nothing;
  const time = Date.parse(textAt(answer.json, 'created') ?? '');
  return {
    platform: readPlatform(answer.json),
    created: Number.isNaN(time) ? undefined : new Date(time).toISOString(),
  };
}

async function ask(registry: Registry, path: string, accept?: string): Promise<ClusterAnswer | undefined> {
  const answer = await askRegistry(registry, path, accept === undefined ? {} : { headers: { Accept: accept } });
  if (answer.status === 404) return undefined;
  if (answer.status !== 200) throw new RegistryError(registry, answer);
  return answer;
}
