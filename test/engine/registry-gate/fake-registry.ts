import { createHash, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { rmSync } from 'node:fs';

/** A small registry in memory that speaks as Distribution does with relative URLs, on a socket. */
export interface FakeRegistry {
  readonly socketPath: string;
  readonly blobs: Map<string, Buffer>;
  readonly manifests: Map<string, Buffer>;
  /** Uploads that have begun, and what has come of them. */
  readonly uploads: Map<string, Buffer>;
  /** Every request: method, path and headers. */
  readonly asked: { readonly line: string; readonly headers: IncomingMessage['headers'] }[];
  readonly close: () => Promise<void>;
}

const digestOf = (bytes: Buffer) => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

async function bodyOf(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

export async function startFakeRegistry(socketPath: string): Promise<FakeRegistry> {
  const registry = { blobs: new Map(), manifests: new Map(), uploads: new Map(), asked: [] } as Omit<
    FakeRegistry,
    'close' | 'socketPath'
  >;
  const server = createServer((message, response) => {
    registry.asked.push({ line: `${message.method ?? ''} ${message.url ?? ''}`, headers: message.headers });
    response.setHeader('Docker-Distribution-Api-Version', 'registry/2.0');
    void answer(message, response, registry).catch(() => response.destroy());
  });
  rmSync(socketPath, { force: true });
  await new Promise<void>((resolve) => server.listen(socketPath, resolve));
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => {
        resolve();
      });
      server.closeAllConnections();
    });
  return { ...registry, socketPath, close };
}

async function answer(
  message: IncomingMessage,
  response: ServerResponse,
  { blobs, manifests, uploads }: Omit<FakeRegistry, 'close' | 'socketPath'>,
): Promise<void> {
  const url = new URL(message.url ?? '', 'http://registry');
  const [, name = '', kind = '', reference = ''] =
    /^\/v2\/(.+)\/(manifests|blobs\/uploads|blobs)\/(.*)$/.exec(url.pathname) ?? [];
  const method = message.method ?? '';
  const at = (status: number, headers: Readonly<Record<string, string>> = {}, body: Buffer | string = '') => {
    response.writeHead(status, { 'Content-Length': String(Buffer.byteLength(body)), ...headers });
    response.end(method === 'HEAD' ? undefined : body);
  };
  if (url.pathname === '/v2/') {
    at(200, {}, '{}');
    return;
  }
  if (kind === 'blobs/uploads') {
    if (method === 'POST') {
      const id = randomUUID();
      uploads.set(id, Buffer.alloc(0));
      at(202, {
        Location: `/v2/${name}/blobs/uploads/${id}?_state=0`,
        Range: '0-0',
        'Docker-Upload-UUID': id,
      });
      return;
    }
    // Distribution knows by its state how far an upload came, and refuses any other (blobupload.go).
    const size = uploads.get(reference)?.length;
    if (size === undefined || url.searchParams.get('_state') !== String(size)) {
      at(400);
      return;
    }
    if (method === 'DELETE') {
      at(uploads.delete(reference) ? 204 : 404);
      return;
    }
    const bytes = Buffer.concat([uploads.get(reference) ?? Buffer.alloc(0), await bodyOf(message)]);
    uploads.set(reference, bytes);
    if (method === 'PATCH') {
      at(202, {
        Location: `/v2/${name}/blobs/uploads/${reference}?_state=${bytes.length}`,
        Range: `0-${bytes.length - 1}`,
      });
      return;
    }
    uploads.delete(reference);
    blobs.set(digestOf(bytes), bytes);
    at(201, { Location: `/v2/${name}/blobs/${digestOf(bytes)}`, 'Docker-Content-Digest': digestOf(bytes) });
    return;
  }
  if (kind === 'manifests' && method === 'PUT') {
    const bytes = await bodyOf(message);
    manifests.set(`${name}:${reference}`, bytes);
    at(201, { 'Docker-Content-Digest': digestOf(bytes) });
    return;
  }
  if (kind === 'manifests' && method === 'DELETE') {
    at(202);
    return;
  }
  const found = kind === 'blobs' ? blobs.get(reference) : manifests.get(`${name}:${reference}`);
  if (found === undefined) {
    at(404, {}, '{"errors":[{"code":"MANIFEST_UNKNOWN"}]}');
    return;
  }
  const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(message.headers.range ?? '') ?? [];
  if (from === undefined || to === undefined) {
    at(200, { 'Docker-Content-Digest': digestOf(found) }, found);
    return;
  }
  const part = found.subarray(Number(from), Number(to) + 1);
  at(206, { 'Content-Range': `bytes ${from}-${to}/${found.length}` }, part);
}
