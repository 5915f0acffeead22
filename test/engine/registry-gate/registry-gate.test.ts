import { createHash, randomBytes } from 'node:crypto';
import { request } from 'node:http';
import { describe, expect, it, vi } from 'vitest';
import { basic, gateForTest, known, tokenFor, type TestedGate } from './gate-for-test.ts';

const errorOf = async (answer: Response) => {
  const { errors } = (await answer.json()) as { readonly errors: readonly { code: string; message: string }[] };
  return { status: answer.status, ...errors[0] };
};

const manifest = { body: '{"schemaVersion":2}' };

/** Pushes bytes in the three steps of a client. */
async function push({ ask, url }: TestedGate, authorization: string, bytes: Buffer) {
  const headers = { Authorization: authorization };
  const begun = await ask('POST', '/v2/team/web/blobs/uploads/', { headers });
  const { pathname, search } = new URL(begun.headers.get('location') ?? '', url);
  const body = new ReadableStream({
    start: (controller) => {
      for (let at = 0; at < bytes.length; at += 65_536) controller.enqueue(bytes.subarray(at, at + 65_536));
      controller.close();
    },
  });
  const sent = await ask('PATCH', pathname + search, { headers, body, duplex: 'half' });
  const next = new URL(sent.headers.get('location') ?? '', url);
  const digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
  const ended = await ask('PUT', `${next.pathname}${next.search}&digest=${digest}`, { headers });
  return { begun, sent, ended, digest };
}

/** The answer to a request with a Host and other headers that `fetch` does not let through. */
const rawHeaders = ({ url }: TestedGate, headers: Readonly<Record<string, string>>) =>
  new Promise<string>((resolve, reject) => {
    const asked = request(`${url}/v2/`, { headers, agent: false }, (answer) => {
      answer.resume();
      resolve(answer.headers['www-authenticate'] ?? '');
    });
    asked.on('error', reject).end();
  });

describe('who is let in by the gate of a registry', () => {
  it('asks for a token where clients look whether they need one, at the address that they asked', async () => {
    const gate = await gateForTest();
    const answer = await gate.ask('GET', '/v2/');
    expect(answer.headers.get('www-authenticate')).toBe(
      `Bearer realm="http://${gate.host}/token",service="${gate.host}"`,
    );
    expect(answer.headers.get('docker-distribution-api-version')).toBe('registry/2.0');
    expect(await errorOf(answer)).toMatchObject({ status: 401, code: 'UNAUTHORIZED' });
    expect(await rawHeaders(gate, { Host: 'registry:5000' })).toContain('realm="http://registry:5000/token"');
    expect(await rawHeaders(gate, { Host: 'images.example', 'X-Forwarded-Proto': 'https' })).toContain(
      'realm="https://images.example/token"',
    );
    expect(await rawHeaders(gate, { Host: 'a",error="b' })).toContain('realm="http://localhost/token"');
  });

  it('lets everybody pull, with a token and without', async () => {
    const gate = await gateForTest();
    gate.registry.manifests.set('team/web:1', Buffer.from(manifest.body));
    gate.registry.blobs.set('sha256:abc', Buffer.from('0123456789'));
    const Authorization = await tokenFor(gate, 'repository:team/web:pull');
    for (const headers of [{}, { Authorization }]) {
      expect((await gate.ask('GET', '/v2/team/web/manifests/1', { headers })).status).toBe(200);
      expect((await gate.ask('HEAD', '/v2/team/web/manifests/1', { headers })).status).toBe(200);
    }
    expect((await gate.ask('GET', '/v2/', { headers: { Authorization } })).status).toBe(200);
    const part = await gate.ask('GET', '/v2/team/web/blobs/sha256:abc', { headers: { Range: 'bytes=2-4' } });
    expect([part.status, part.headers.get('content-range'), await part.text()]).toEqual([206, 'bytes 2-4/10', '234']);
  });

  it('refuses to push and to delete without credentials, and passes nothing on', async () => {
    const gate = await gateForTest();
    const anybody = await tokenFor(gate, 'repository:team/web:pull,push');
    for (const headers of [{}, { Authorization: anybody }]) {
      const begun = await gate.ask('POST', '/v2/team/web/blobs/uploads/', { headers });
      expect(begun.headers.get('www-authenticate')).toContain('scope="repository:team/web:pull,push"');
      expect(await errorOf(begun)).toEqual({
        ...{ status: 401, code: 'UNAUTHORIZED' },
        message: `a push needs credentials: docker login ${gate.host}, with user and password of the lab's file secrets/registry`,
      });
      const put = await gate.ask('PUT', '/v2/team/web/manifests/1', { headers, ...manifest });
      expect(put.status).toBe(401);
      const deleted = await gate.ask('DELETE', '/v2/team/web/manifests/sha256:abc', { headers });
      expect(await errorOf(deleted)).toMatchObject({
        status: 401,
        message: expect.stringContaining('deleting needs') as string,
      });
    }
    expect(gate.registry.asked).toEqual([]);
    expect(gate.log).toContain('Refused 127.0.0.1 to push team/web: it has not logged in');
  });

  it('refuses wrong credentials at once, for whatever they are shown, and does not write them down', async () => {
    const gate = await gateForTest();
    const wrong = [
      { user: 'lab', password: 'other' },
      { user: 'root', password: known.password },
      { user: 'lab', password: `${known.password}x` },
    ];
    for (const Authorization of [...wrong.map(basic), 'Basic ', 'Digest x', 'Bearer x.y', 'Bearer']) {
      for (const path of ['/v2/', '/token', '/v2/team/web/manifests/1']) {
        expect((await gate.ask('GET', path, { headers: { Authorization } })).status).toBe(401);
      }
    }
    const refused = await gate.ask('GET', '/token', {
      headers: { Authorization: basic({ user: 'lab', password: 'x' }) },
    });
    expect(refused.headers.get('www-authenticate')).toBe(`Basic realm="${gate.host}"`);
    expect(await errorOf(refused)).toEqual({ status: 401, code: 'UNAUTHORIZED', message: 'wrong user or password' });
    expect(gate.log).toContain('Refused 127.0.0.1: wrong user or password');
    expect(gate.log.join('\n')).not.toMatch(/other|päss|root/);
    expect(gate.registry.asked).toEqual([]);
  });

  it('lets who has the credentials push and delete, by a token or with Basic authentication', async () => {
    const gate = await gateForTest();
    const bytes = randomBytes(3_000_000);
    for (const authorization of [await tokenFor(gate, 'repository:team/web:pull,push', basic(known)), basic(known)]) {
      const { begun, sent, ended, digest } = await push(gate, authorization, bytes);
      expect([begun.status, sent.status, ended.status]).toEqual([202, 202, 201]);
      expect(begun.headers.get('location')).toMatch(/^\/v2\/team\/web\/blobs\/uploads\/[\w-]+\?_state=0$/);
      expect(sent.headers.get('range')).toBe(`0-${String(bytes.length - 1)}`);
      expect(gate.registry.blobs.get(digest)?.equals(bytes)).toBe(true);
      const headers = { Authorization: authorization };
      const put = await gate.ask('PUT', '/v2/team/web/manifests/1', { headers, ...manifest });
      expect(put.headers.get('docker-content-digest')).toMatch(/^sha256:[0-9a-f]{64}$/);
    }
    const Authorization = basic(known);
    const deleted = await gate.ask('DELETE', '/v2/team/web/manifests/sha256:abc', { headers: { Authorization } });
    expect(deleted.status).toBe(202);
    expect(gate.log).toContainEqual(
      expect.stringMatching(/^lab pushed team\/web:1 \(sha256:[0-9a-f]{64}\), from 127\.0\.0\.1$/),
    );
    expect(gate.log.at(-1)).toBe('lab deleted team/web@sha256:abc, from 127.0.0.1');
    // The registry behind is told neither password nor token.
    expect(gate.registry.asked.filter(({ headers }) => headers.authorization !== undefined)).toEqual([]);
    expect(gate.log.join('\n')).not.toContain('päss');
  });

  it('gives tokens for what they were asked for, and for five minutes', async () => {
    const gate = await gateForTest();
    const { ask, world } = gate;
    const begin = async (repository: string, Authorization: string) =>
      (await ask('POST', `/v2/${repository}/blobs/uploads/`, { headers: { Authorization } })).status;
    const web = await tokenFor(gate, 'repository:team/web:pull,push', basic(known));
    expect([await begin('team/web', web), await begin('team/other', web)]).toEqual([202, 401]);
    const both = await tokenFor(gate, 'repository:a:push repository:b:pull,push', basic(known));
    expect([await begin('a', both), await begin('b', both), await begin('team/web', both)]).toEqual([202, 202, 401]);
    const pull = await tokenFor(gate, 'repository:a:pull', basic(known));
    expect(await begin('a', pull)).toBe(401);
    const all = await tokenFor(gate, 'repository:a:*', basic(known));
    const deleting = (Authorization: string) =>
      ask('DELETE', '/v2/a/manifests/sha256:b', { headers: { Authorization } });
    expect([(await deleting(all)).status, (await deleting(both)).status]).toEqual([202, 401]);
    world.now += 299_000;
    expect(await begin('team/web', web)).toBe(202);
    world.now += 1000;
    const over = await ask('GET', '/v2/', { headers: { Authorization: web } });
    expect([over.status, over.headers.get('www-authenticate')]).toEqual([
      401,
      expect.stringContaining('error="invalid_token"'),
    ]);
    const [claims = '', mark = ''] = (await tokenFor(gate, 'repository:a:pull')).replace('Bearer ', '').split('.');
    const more = Buffer.from(
      JSON.stringify({ user: 'lab', push: ['a'], delete: [], until: world.now + 60_000 }),
    ).toString('base64url');
    expect([await begin('a', `Bearer ${more}.${mark}`), await begin('a', `Bearer ${claims}.`)]).toEqual([401, 401]);
  });

  it('wants the body of a push only from who may push, where it is asked before', async () => {
    const gate = await gateForTest();
    const put = (headers: Readonly<Record<string, string>>) =>
      new Promise<readonly [wanted: boolean, status: number | undefined]>((resolve, reject) => {
        const all = { Expect: '100-continue', 'Content-Length': manifest.body.length, ...headers };
        const url = `${gate.url}/v2/team/web/manifests/1`;
        const asked = request(url, { method: 'PUT', headers: all, agent: false }, (answer) => {
          answer.resume();
          resolve([isWanted, answer.statusCode]);
          asked.destroy();
        });
        let isWanted = false;
        asked.once('continue', () => {
          isWanted = true;
          asked.end(manifest.body);
        });
        asked.on('error', reject).flushHeaders();
      });
    expect(await put({})).toEqual([false, 401]);
    expect(await put({ Authorization: basic(known) })).toEqual([true, 201]);
    expect(gate.registry.manifests.get('team/web:1')?.toString()).toBe(manifest.body);
  });

  it('goes by the credentials as they are now', async () => {
    const gate = await gateForTest();
    const login = async (credentials: typeof known) =>
      (await gate.ask('GET', '/token', { headers: { Authorization: basic(credentials) } })).status;
    const next = { user: 'teacher', password: 'new' };
    expect([await login(known), await login(next)]).toEqual([200, 401]);
    gate.world.credentials = next;
    expect([await login(known), await login(next)]).toEqual([401, 200]);
    gate.world.credentials = undefined;
    expect([await login(known), await login(next)]).toEqual([401, 401]);
  });

  it('has an answer to what a registry does not know', async () => {
    const gate = await gateForTest();
    const headers = { Authorization: basic(known) };
    for (const path of ['/v2/a%2Fb/manifests/1', '/v2/UPPER/manifests/1', '/v2/a//b/manifests/1', '/v2/a/tags/list']) {
      expect((await gate.ask('PUT', path, { headers, ...manifest })).status).toBe(400);
    }
    expect((await gate.ask('OPTIONS', '/v2/', { headers })).status).toBe(400);
    expect(await (await gate.ask('GET', '/')).text()).toContain(`docker login ${gate.host} `);
    expect((await gate.ask('GET', '/debug/vars', { headers })).status).toBe(404);
    const posted = await gate.ask('POST', '/token', { headers, body: 'grant_type=password' });
    expect([posted.status, posted.headers.get('allow')]).toEqual([405, 'GET']);
    expect(gate.registry.asked).toEqual([]);
  });
});

describe('the registry behind the gate', () => {
  it('is asked for the health of both', async () => {
    const gate = await gateForTest();
    expect((await gate.ask('GET', '/-/healthy')).status).toBe(200);
    await gate.registry.close();
    expect((await gate.ask('GET', '/-/healthy')).status).toBe(502);
  });

  it('is said not to answer when it does not', async () => {
    const gate = await gateForTest();
    await gate.registry.close();
    const message =
      'the registry behind the gate does not answer (ENOENT): docker logs of the container registry-store say why';
    expect(await errorOf(await gate.ask('GET', '/v2/team/web/manifests/1'))).toEqual({
      ...{ status: 502, code: 'UNAVAILABLE', message },
    });
    const headers = { Authorization: basic(known) };
    expect((await gate.ask('PUT', '/v2/team/web/manifests/1', { headers, ...manifest })).status).toBe(502);
    expect(gate.log).toEqual([`Broke off what lab pushed to team/web: ${message}`]);
  });

  it('takes no more than its limit, and says how much there is', async () => {
    const gate = await gateForTest(10_000_000);
    const { world } = gate;
    const headers = { Authorization: basic(known) };
    const put = (bytes: number) => gate.ask('PUT', '/v2/team/web/manifests/1', { headers, body: Buffer.alloc(bytes) });
    world.stored = 1_000_000;
    expect((await push(gate, basic(known), randomBytes(2_000_000))).ended.status).toBe(201);
    // Nothing is measured as long as there is room for all that came in since.
    world.stored = 9_900_000;
    expect([(await put(1000)).status, world.measured]).toEqual([201, 1]);
    world.now += 2000;
    const limit =
      'and the limit of the registry is 10 MB (registry.limitMb in mesos-cluster.yaml); create-mesos-cluster images clean makes room';
    expect([await errorOf(await put(8_000_000)), world.measured]).toEqual([
      {
        ...{ status: 403, code: 'DENIED' },
        message: `this does not fit: 10 MB are stored, it has 8 MB, ${limit}`,
      },
      2,
    ]);
    world.stored = 12_500_000;
    world.now += 2000;
    const full = { status: 403, code: 'DENIED', message: `the registry is full: 13 MB are stored, ${limit}` };
    for (let time = 0; time < 5; time++) {
      expect(await errorOf(await put(200_000))).toEqual(full);
      const begun = await gate.ask('POST', '/v2/team/web/blobs/uploads/', { headers });
      expect(begun.status).toBe(403);
    }
    // However often it is asked.
    expect(world.measured).toBe(3);
    expect(gate.log.at(-1)).toBe(`Refused lab to push team/web: ${full.message}`);
    // What may be deleted makes room, with images clean.
    expect((await gate.ask('DELETE', '/v2/team/web/manifests/sha256:abc', { headers })).status).toBe(202);
    world.stored = 500_000;
    world.now += 2000;
    expect((await put(8_000_000)).status).toBe(201);
  });

  it('is not filled by an upload that goes beyond the limit: that is broken off, and nothing is left of it', async () => {
    const gate = await gateForTest(10_000_000);
    gate.world.stored = 4_000_000;
    const headers = { Authorization: basic(known) };
    const begun = await gate.ask('POST', '/v2/team/web/blobs/uploads/', { headers });
    const { pathname, search } = new URL(begun.headers.get('location') ?? '', gate.url);
    let sent = 0;
    const body = new ReadableStream({
      pull: (controller) => {
        sent += 65_536;
        if (sent > 50_000_000) controller.close();
        else controller.enqueue(new Uint8Array(65_536));
      },
    });
    const answer = await gate.ask('PATCH', pathname + search, { headers, body, duplex: 'half' });
    expect(await errorOf(answer)).toEqual({
      ...{ status: 403, code: 'DENIED' },
      message: expect.stringMatching(
        /^this does not fit: 10 MB are stored, with what has come of it so far, and the limit/,
      ) as string,
    });
    await vi.waitUntil(() => gate.registry.uploads.size === 0, { timeout: 10_000 });
    expect(gate.registry.asked.at(-1)?.line).toMatch(/^DELETE \/v2\/team\/web\/blobs\/uploads\//);
    expect(gate.log.at(-1)).toMatch(/^Broke off what lab pushed to team\/web: this does not fit/);
    // What is left counts again, and not what came of it.
    const begin = async () => (await gate.ask('POST', '/v2/team/web/blobs/uploads/', { headers })).status;
    await vi.waitUntil(async () => (await begin()) === 202, { timeout: 10_000 });
    expect((await push(gate, basic(known), randomBytes(5_000_000))).ended.status).toBe(201);
  });

  it('is given up on by a client in the middle, and goes on with others', async () => {
    const gate = await gateForTest();
    const headers = { Authorization: basic(known) };
    const begun = await gate.ask('POST', '/v2/team/web/blobs/uploads/', { headers });
    const { pathname, search } = new URL(begun.headers.get('location') ?? '', gate.url);
    const broken = new AbortController();
    const body = new ReadableStream({
      start: (controller) => {
        controller.enqueue(new Uint8Array(100_000));
      },
    });
    const asked = gate.ask('PATCH', pathname + search, { headers, body, duplex: 'half', signal: broken.signal });
    await vi.waitUntil(() => gate.registry.asked.some(({ line }) => line.startsWith('PATCH')), { timeout: 10_000 });
    broken.abort();
    await expect(asked).rejects.toThrow();
    await vi.waitUntil(() => gate.log.length > 0, { timeout: 10_000 });
    expect(gate.log).toEqual(['Broke off what lab pushed to team/web: the client went away']);
    expect((await push(gate, basic(known), randomBytes(100_000))).ended.status).toBe(201);
  });
});
