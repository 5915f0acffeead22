import { describe, expect, it } from 'vitest';
import { listImages } from '../../../checks/registry/list-images.ts';
import { planRemoval, removeImages } from '../../../checks/registry/remove-images.ts';
import { FakeRegistry, fakeIndex } from './fake-registry.ts';

const web = (tag: string) => ({ repository: 'web', tag });

/** Tags 1 and latest of one image, 2 of another; and 3 for two platforms, of which one is 3-arm. */
async function filled() {
  const fake = await new FakeRegistry().start();
  const one = fake.image({ layers: [['one', 1]] });
  fake.push('web', '1', one);
  fake.push('web', 'latest', one);
  fake.push('api', '1', one);
  fake.push('web', '2', fake.image({ layers: [['two', 1]] }));
  const arm = fake.push('web', '3-arm', fake.image({ architecture: 'arm64', layers: [['arm', 1]] }));
  const amd = fake.push('web', undefined, fake.image({ layers: [['amd', 1]] }));
  const entries = [
    { digest: arm, architecture: 'arm64' },
    { digest: amd, architecture: 'amd64' },
  ];
  fake.push('web', '3', fakeIndex(entries));
  const { images } = await listImages(fake.registry());
  return { fake, images };
}

describe('removing images', () => {
  it('takes every tag of the same image along, of the same repository alone', async () => {
    const { images } = await filled();
    const { removals, alsoGone } = planRemoval(images, [web('1')]);
    expect([removals, alsoGone]).toMatchObject([[{ repository: 'web', tags: ['1', 'latest'] }], ['web:latest']]);
  });

  it('takes nothing else along when all tags are named, and each manifest once', async () => {
    const { images } = await filled();
    const { removals, alsoGone } = planRemoval(images, [web('1'), web('latest'), web('1')]);
    expect([removals.length, alsoGone]).toEqual([1, []]);
  });

  it('knows what is not there, and what would lack a platform', async () => {
    const { images } = await filled();
    expect(planRemoval(images, [web('2'), web('9')]).missing).toEqual(['web:9']);
    expect(planRemoval(images, [web('3-arm')]).broken).toEqual([{ index: 'web:3', child: 'web:3-arm' }]);
    expect(planRemoval(images, [web('3-arm'), web('3')]).broken).toEqual([]);
  });

  it('asks for each manifest by its digest', async () => {
    const { fake, images } = await filled();
    const { removals } = planRemoval(images, [web('1'), web('2')]);
    expect(await removeImages(fake.registry(), removals)).toEqual({ removed: removals, failure: undefined });
    expect((await listImages(fake.registry())).images.map(({ repository, tag }) => `${repository}:${tag}`)).toEqual([
      'api:1',
      'web:3',
      'web:3-arm',
    ]);
  });

  it('counts what somebody else removed meanwhile, and stops where it is refused', async () => {
    const { fake, images } = await filled();
    const { removals } = planRemoval(images, [web('1'), web('2'), web('3')]);
    await removeImages(fake.registry(), removals.slice(0, 1));
    let asked = 0;
    fake.answerTo = (_, response) => {
      asked += 1;
      if (asked < 2) return false;
      response.writeHead(405).end('{"errors":[{"code":"UNSUPPORTED"}]}');
      return true;
    };
    const { removed, failure } = await removeImages(fake.registry(), removals);
    expect([removed, String(failure), asked]).toEqual([removals.slice(0, 1), expect.stringContaining('says 405'), 2]);
  });
});
