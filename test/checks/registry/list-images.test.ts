import { describe, expect, it } from 'vitest';
import { listImages, nameOf } from '../../../checks/registry/list-images.ts';
import { FakeRegistry, fakeIndex } from './fake-registry.ts';

const MB = 1_000_000;
const start = () => new FakeRegistry().start();

describe('what is in a registry', () => {
  it('is what its tags name, with size, platform and date', async () => {
    const fake = await start();
    const digest = fake.push(
      'shop/web',
      '1',
      fake.image({ layers: [['base', 5 * MB]], created: '2026-11-30T05:47:00+01:00' }),
    );
    const { images } = await listImages(fake.registry());
    expect(images).toEqual([
      {
        ...{ repository: 'shop/web', tag: '1', digest, children: [], missing: 0 },
        platforms: ['linux/amd64'],
        bytes: expect.closeTo(5 * MB, -3),
        created: '2026-11-30T04:47:00.000Z',
      },
    ]);
  });

  it('counts once what several images have', async () => {
    const fake = await start();
    fake.push(
      'web',
      '1',
      fake.image({
        layers: [
          ['base', 5 * MB],
          ['one', 1 * MB],
        ],
      }),
    );
    fake.push(
      'web',
      '2',
      fake.image({
        layers: [
          ['base', 5 * MB],
          ['two', 2 * MB],
        ],
      }),
    );
    fake.push('api', '1', fake.image({ layers: [['base', 5 * MB]] }));
    const { images, bytes } = await listImages(fake.registry());
    expect(images.map((image) => [nameOf(image), Math.floor((image.bytes ?? 0) / MB)])).toEqual([
      ['api:1', 5],
      ['web:1', 6],
      ['web:2', 7],
    ]);
    expect(Math.floor(bytes / MB)).toBe(8);
  });

  it('has the platforms of an index, and the size of all of them', async () => {
    const fake = await start();
    const [amd64, arm64] = ['amd64', 'arm64'].map((architecture) =>
      fake.push(
        'web',
        undefined,
        fake.image({
          architecture,
          layers: [
            ['shared', 3 * MB],
            [architecture, 1 * MB],
          ],
        }),
      ),
    );
    const attestation = fake.push('web', undefined, { schemaVersion: 2, layers: [] });
    const entries = [
      { digest: amd64 ?? '', architecture: 'amd64' },
      { digest: arm64 ?? '', architecture: 'arm64' },
      { digest: attestation, architecture: 'unknown' },
    ];
    fake.push('web', '1', fakeIndex(entries));
    const { images } = await listImages(fake.registry());
    expect(images).toMatchObject([
      {
        platforms: ['linux/amd64', 'linux/arm64'],
        children: [amd64, arm64, attestation],
        missing: 0,
        created: undefined,
      },
    ]);
    expect(Math.floor((images[0]?.bytes ?? 0) / MB)).toBe(5);
  });

  it('says how much of an index is missing', async () => {
    const fake = await start();
    const amd64 = fake.push('web', undefined, fake.image({ layers: [['base', MB]] }));
    const entries = [
      { digest: amd64, architecture: 'amd64' },
      { digest: `sha256:${'0'.repeat(64)}`, architecture: 'arm64' },
    ];
    fake.push('web', '1', fakeIndex(entries));
    expect((await listImages(fake.registry())).images).toMatchObject([{ missing: 1 }]);
  });

  it('shows what is no image of a platform, and what does not say its size', async () => {
    const fake = await start();
    const config = { mediaType: 'application/vnd.oci.empty.v1+json', digest: `sha256:${'4'.repeat(64)}`, size: 2 };
    const layers = [{ digest: `sha256:${'5'.repeat(64)}`, size: 40 }];
    fake.push('chart', '1', { schemaVersion: 2, artifactType: 'application/vnd.example', config, layers });
    fake.push('old', '1', { schemaVersion: 1, name: 'old', fsLayers: [{ blobSum: `sha256:${'6'.repeat(64)}` }] });
    fake.push('hollow', '1', { schemaVersion: 2, manifests: [] });
    const { images } = await listImages(fake.registry());
    const shown = images.map((image) => [nameOf(image), image.bytes, image.platforms]);
    expect(shown).toEqual([
      ['chart:1', 42, []],
      ['hollow:1', undefined, []],
      ['old:1', undefined, []],
    ]);
    expect(fake.asked.filter((line) => line.includes('/blobs/'))).toEqual([]);
  });

  it('follows the pages of repositories and tags', async () => {
    const fake = await start();
    fake.pageSize = 3;
    const image = fake.image({ layers: [['base', MB]] });
    for (let n = 1; n <= 10; n++) fake.push(`r${n}`, 'only', image);
    for (let n = 1; n <= 8; n++) fake.push('many', `t${n}`, image);
    expect((await listImages(fake.registry())).images).toHaveLength(18);
  });

  it('asks once for each tag and each manifest, so that twice as much takes twice as long', async () => {
    const questions = async (repositories: number, tags: number) => {
      const fake = await start();
      for (let r = 0; r < repositories; r++) {
        for (let t = 0; t < tags; t++) fake.push(`r${r}`, `t${t}`, fake.image({ layers: [[`${r}.${t}`, MB]] }));
      }
      await listImages(fake.registry());
      return fake.asked.length;
    };
    // Beside the catalogue, a list of tags, and two questions for each of them.
    expect([await questions(4, 10), await questions(8, 20)]).toEqual([1 + 4 + 2 * 40, 1 + 8 + 2 * 160]);
  });

  it('asks eight things at the same time, and no more', async () => {
    const fake = await start();
    for (let t = 0; t < 40; t++) fake.push('web', `t${t}`, fake.image({ layers: [[String(t), MB]] }));
    let waiting: (() => void)[] = [];
    let most = 0;
    // Nobody is answered before eight wait.
    fake.answerTo = async ({ url }) => {
      if (url?.includes('/manifests/') !== true) return false;
      const turn = new Promise<void>((resolve) => waiting.push(resolve));
      most = Math.max(most, waiting.length);
      if (waiting.length === 8) {
        for (const go of waiting) go();
        waiting = [];
      }
      await turn;
      return false;
    };
    expect((await listImages(fake.registry())).images).toHaveLength(40);
    expect([most, waiting]).toEqual([8, []]);
  });

  it('leaves out what is gone in between, and names that nobody can have', async () => {
    const fake = await start();
    fake.push('web', '1', fake.image({ layers: [['base', MB]] }));
    fake.repositories.get('web')?.tags.set('gone', `sha256:${'7'.repeat(64)}`);
    fake.repositories.get('web')?.tags.set('\u001b[31m', `sha256:${'7'.repeat(64)}`);
    fake.push('../evil', '1', {});
    fake.push('empty', '1', {});
    fake.repositories.get('empty')?.tags.clear();
    expect((await listImages(fake.registry())).images.map(nameOf)).toEqual(['web:1']);
  });

  it('asks nobody else, whatever the next page is said to be', async () => {
    const fake = await start();
    const other = await start();
    fake.answerTo = ({ url }, response) => {
      if (url?.startsWith('/v2/_catalog') !== true) return false;
      response.writeHead(200, { Link: `<${other.url}/v2/_catalog?n=100>; rel="next"` });
      response.end('{"repositories":[]}');
      return true;
    };
    expect((await listImages(fake.registry())).images).toEqual([]);
    expect([fake.asked.length, other.asked]).toEqual([1, []]);
  });

  it('says what a registry answers that does not do it', async () => {
    const fake = await start();
    fake.answerTo = (_, response) => {
      response.writeHead(503).end('no storage');
      return true;
    };
    await expect(listImages(fake.registry())).rejects.toThrow(`the registry at ${fake.url} says 503 no storage`);
  });
});
