import { describe, expect, onTestFinished, test } from 'vitest';
import { servePage } from '../../pages/server/serve-page.ts';
import { FakeRegistry } from '../checks/registry/fake-registry.ts';

/** The page of a lab with a fake registry, which is asked over HTTP as the browser asks it. */
async function pageWithRegistry(has = true) {
  const fake = await new FakeRegistry().start();
  const one = fake.image({ layers: [['base', 70e6]], created: '2026-11-30T05:47:00Z' });
  const digest = fake.push('shop/web', '1', one);
  fake.push('shop/web', 'latest', one);
  const { url, close } = await servePage({
    ...{ name: 'lab', port: 0, masters: () => [], marathons: () => [], agentUrl: () => '', now: Date.now },
    log: () => undefined,
    registry: (signal) => (has ? { registry: fake.registry(signal), address: 'registry:5000' } : undefined),
  });
  onTestFinished(close);
  const [, token = ''] = url.split('#token=');
  const { origin } = new URL(url);
  const ask = async (
    path: string,
    body?: unknown,
    headers: Readonly<Record<string, string>> = { 'X-Page-Token': token },
  ) => {
    const sent = {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', ...headers },
      body: JSON.stringify(body),
    };
    const answer = await fetch(`${origin}${path}`, body === undefined ? {} : sent);
    return [answer.status, await answer.text()] as const;
  };
  const remove = (...tags: readonly string[]) =>
    ask('/page/registry/removal', { images: tags.map((tag) => ({ repository: 'shop/web', tag })) });
  const deleted = () => fake.asked.filter((line) => line.startsWith('DELETE'));
  return { fake, digest, ask, remove, deleted };
}

describe('the registry on the page of a lab', () => {
  test('is shown to whoever may look', async () => {
    const { ask, digest } = await pageWithRegistry();
    const [status, text] = await ask('/page/registry');
    expect([status, JSON.parse(text)]).toMatchObject([
      200,
      {
        address: 'registry:5000',
        images: [
          { repository: 'shop/web', tag: '1', digest, platforms: ['linux/amd64'], created: '2026-11-30T05:47:00.000Z' },
          { repository: 'shop/web', tag: 'latest', digest },
        ],
      },
    ]);
  });

  test('is changed by who has the token, as JSON', async () => {
    const { ask, remove, deleted, digest } = await pageWithRegistry();
    const images = [{ repository: 'shop/web', tag: '1' }];
    expect((await ask('/page/registry/removal', { images }, {}))[0]).toBe(403);
    expect((await ask('/page/registry/removal', { images }, { 'X-Page-Token': 'x' }))[0]).toBe(403);
    expect(deleted()).toEqual([]);
    expect((await remove('1', 'latest'))[0]).toBe(200);
    expect(deleted()).toEqual([`DELETE /v2/shop/web/manifests/${digest}`]);
  });

  test('removes nothing that was not seen, and nothing that is not there', async () => {
    const { remove, deleted } = await pageWithRegistry();
    expect(await remove('1')).toEqual([409, expect.stringContaining('shop/web:latest would go as well')]);
    expect(await remove('1', 'latest', '2')).toEqual([404, expect.stringContaining('no shop/web:2')]);
    expect(deleted()).toEqual([]);
  });

  test.each([
    {},
    { images: [] },
    { images: ['shop/web:1'] },
    { images: [{ repository: '../x', tag: '1' }] },
    { images: [{ repository: 'shop/x/../web', tag: '1' }] },
    { images: [{ repository: 'shop//web', tag: '1' }] },
  ])('takes no %j', async (body) => {
    const { ask, fake } = await pageWithRegistry();
    expect([(await ask('/page/registry/removal', body))[0], fake.asked]).toEqual([400, []]);
  });

  test('says why nothing is known of it, and why it refuses', async () => {
    const { ask, remove, fake } = await pageWithRegistry();
    fake.answerTo = ({ method }, response) => {
      if (method !== 'DELETE') return false;
      response.writeHead(401).end();
      return true;
    };
    expect(await remove('1', 'latest')).toEqual([502, expect.stringContaining('does not take what secrets/registry')]);
    fake.answerTo = (_, response) => {
      response.destroy();
      return true;
    };
    const [status, text] = await ask('/page/registry');
    expect([status, JSON.parse(text)]).toEqual([200, { trouble: expect.stringContaining('does not answer') }]);
    expect((await remove('1', 'latest'))[0]).toBe(502);
  });

  test('is not there where the lab has none', async () => {
    const { ask, remove } = await pageWithRegistry(false);
    expect([(await ask('/page/registry'))[0], (await remove('1'))[0]]).toEqual([404, 404]);
  });
});
