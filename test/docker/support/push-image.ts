import { createHash, randomBytes } from 'node:crypto';
import type { DockerLab } from './docker-lab.ts';
import { registryAddress, whoMayPush } from './registry-client.ts';

const digestOf = (bytes: Uint8Array | string) => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

/** A manifest in a registry. */
export interface PushedManifest {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
}

/** Who pushes to the registry of a lab, by its HTTP API and as the lab's own file says. */
export interface Pusher {
  readonly url: string;
  readonly blob: (repository: string, bytes: Uint8Array) => Promise<string>;
  /** @param reference a tag; undefined: none names it */
  readonly manifest: (
    repository: string,
    reference: string | undefined,
    manifest: { readonly mediaType: string; readonly [key: string]: unknown },
  ) => Promise<PushedManifest>;
  /** An image of one layer. */
  readonly image: (
    repository: string,
    reference: string | undefined,
    layer: Uint8Array,
    architecture?: string,
  ) => Promise<PushedManifest>;
}

const manifestType = 'application/vnd.docker.distribution.manifest.v2+json';
const configType = 'application/vnd.docker.container.image.v1+json';

/** So many bytes that no other layer has. */
export const someLayer = (megabytes: number): Uint8Array => randomBytes(megabytes * 1_000_000);

export function pusherFor(lab: DockerLab): Pusher {
  const url = `http://${registryAddress(lab)}`;
  const { user, password } = whoMayPush(lab);
  const authorization = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
  const ask = async (method: string, target: string | URL, status: number, body?: Uint8Array | string, type = '') => {
    const headers = { Authorization: authorization, 'Content-Type': type };
    const answer = await fetch(target, { method, headers, ...(body === undefined ? {} : { body }) });
    if (answer.status === status) return answer;
    throw new Error(`${method} ${String(target)}: ${String(answer.status)} ${await answer.text()}`);
  };
  const blob: Pusher['blob'] = async (repository, bytes) => {
    const digest = digestOf(bytes);
    const there = await fetch(`${url}/v2/${repository}/blobs/${digest}`, { method: 'HEAD' });
    // As Docker does: what the registry says that it has is not sent.
    if (there.ok) return digest;
    const begun = await ask('POST', `${url}/v2/${repository}/blobs/uploads/`, 202);
    const target = new URL(begun.headers.get('location') ?? '', url);
    target.searchParams.set('digest', digest);
    await ask('PUT', target, 201, bytes, 'application/octet-stream');
    return digest;
  };
  const manifest: Pusher['manifest'] = async (repository, reference, content) => {
    const text = JSON.stringify(content);
    const { mediaType } = content;
    const digest = digestOf(text);
    await ask('PUT', `${url}/v2/${repository}/manifests/${reference ?? digest}`, 201, text, mediaType);
    return { mediaType, digest, size: text.length };
  };
  const image: Pusher['image'] = async (repository, reference, layer, architecture = 'amd64') => {
    const config = Buffer.from(JSON.stringify({ os: 'linux', architecture, created: '2026-11-30T05:47:00Z' }));
    return manifest(repository, reference, {
      schemaVersion: 2,
      mediaType: manifestType,
      config: { mediaType: configType, digest: await blob(repository, config), size: config.length },
      layers: [
        {
          mediaType: 'application/vnd.docker.image.rootfs.diff.tar.gzip',
          digest: await blob(repository, layer),
          size: layer.length,
        },
      ],
    });
  };
  return { url, blob, manifest, image };
}
