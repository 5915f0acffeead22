import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { clusterClient } from '../../../checks/cluster-client.ts';
import type { Registry } from '../../../checks/registry/registry.ts';
import { startFakeServer } from '../../support/fake-server.ts';

const digestOf = (text: string) => `sha256:${createHash('sha256').update(text).digest('hex')}`;

const schema2 = 'application/vnd.docker.distribution.manifest.v2+json';
const imageConfig = 'application/vnd.docker.container.image.v1+json';

/** A registry in memory, with the paths, pages, headers and status codes of Distribution. */
export class FakeRegistry {
  /** By repository: manifests by their digests, and what tags name. */
  readonly repositories = new Map<
    string,
    { readonly manifests: Map<string, string>; readonly tags: Map<string, string> }
  >();
  readonly blobs = new Map<string, string>();
  /** What was asked, in order: `GET /v2/`. */
  readonly asked: string[] = [];
  /** Names on a page of a list, whatever is asked for. */
  pageSize = 100;
  /** Answers in the place of everything else. */
  answerTo: ((request: IncomingMessage, response: ServerResponse) => boolean | Promise<boolean>) | undefined;
  #url = '';

  async start(): Promise<this> {
    this.#url = await startFakeServer((request, response) => {
      this.asked.push(`${request.method ?? ''} ${request.url ?? ''}`);
      void Promise.resolve(this.answerTo?.(request, response)).then((isAnswered) => {
        if (isAnswered !== true) this.#answer(request, response);
      });
    });
    return this;
  }

  get url(): string {
    return this.#url;
  }

  /** How it is asked. */
  registry(signal = new AbortController().signal): Registry {
    return { client: clusterClient(), url: this.#url, signal };
  }

  /** Pushes a manifest. @returns its digest */
  push(repository: string, tag: string | undefined, manifest: unknown): string {
    const text = JSON.stringify(manifest);
    const digest = digestOf(text);
    const found = this.repositories.get(repository) ?? {
      manifests: new Map<string, string>(),
      tags: new Map<string, string>(),
    };
    this.repositories.set(repository, found);
    found.manifests.set(digest, text);
    if (tag !== undefined) found.tags.set(tag, digest);
    return digest;
  }

  /** A manifest of schema 2, whose configuration is there. */
  image({ layers, created, ...platform }: FakeImage): unknown {
    const config = JSON.stringify({ os: 'linux', architecture: 'amd64', ...platform, created });
    this.blobs.set(digestOf(config), config);
    return {
      schemaVersion: 2,
      mediaType: schema2,
      config: { mediaType: imageConfig, digest: digestOf(config), size: config.length },
      layers: layers.map(([name, size]) => ({ digest: digestOf(name), size })),
    };
  }

  #answer({ method, url = '' }: IncomingMessage, response: ServerResponse): void {
    const { pathname, searchParams } = new URL(url, this.#url);
    const refuse = (code: string, status = 404) => {
      response.writeHead(status, { 'Content-Type': 'application/json' });
      response.end(JSON.stringify({ errors: [{ code }] }));
    };
    const page = (key: string, names: readonly string[]) => {
      const last = searchParams.get('last') ?? '';
      const left = names.toSorted().filter((name) => name > last);
      const shown = left.slice(0, this.pageSize);
      const next = `${pathname}?last=${encodeURIComponent(shown.at(-1) ?? '')}&n=${this.pageSize}`;
      response.writeHead(200, left.length > shown.length ? { Link: `<${next}>; rel="next"` } : {});
      response.end(JSON.stringify({ [key]: shown.length === 0 ? null : shown }));
    };
    if (pathname === '/v2/_catalog') {
      page('repositories', [...this.repositories.keys()]);
      return;
    }
    const [, name = '', kind = '', reference = ''] =
      /^\/v2\/(.+)\/(tags|manifests|blobs)\/([^/]+)$/.exec(pathname) ?? [];
    const repository = this.repositories.get(name);
    if (repository === undefined) refuse('NAME_UNKNOWN');
    else if (kind === 'tags') page('tags', [...repository.tags.keys()]);
    else if (kind === 'blobs') {
      const blob = this.blobs.get(reference);
      if (blob === undefined) refuse('BLOB_UNKNOWN');
      else response.end(blob);
    } else if (method === 'DELETE') {
      if (!repository.manifests.delete(reference)) {
        refuse('MANIFEST_UNKNOWN');
        return;
      }
      for (const [tag, digest] of repository.tags) if (digest === reference) repository.tags.delete(tag);
      response.writeHead(202).end();
    } else {
      const digest = repository.tags.get(reference) ?? reference;
      const text = repository.manifests.get(digest);
      if (text === undefined) refuse('MANIFEST_UNKNOWN');
      else response.writeHead(200, { 'Docker-Content-Digest': digest }).end(text);
    }
  }
}

interface FakeImage {
  /** Names, which are the same where layers are, and bytes. */
  readonly layers: readonly (readonly [name: string, bytes: number])[];
  readonly created?: string;
  readonly architecture?: string;
  readonly variant?: string;
}

/** An index of manifests, as BuildKit pushes it. */
export const fakeIndex = (entries: readonly { readonly digest: string; readonly architecture: string }[]): unknown => ({
  schemaVersion: 2,
  mediaType: 'application/vnd.oci.image.index.v1+json',
  manifests: entries.map(({ digest, architecture }) => ({
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    ...{ digest, size: 500 },
    platform: { os: architecture === 'unknown' ? 'unknown' : 'linux', architecture },
  })),
});
