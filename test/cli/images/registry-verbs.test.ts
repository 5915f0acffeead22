import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { needRegistry } from '../../../cli/images/registry-of-lab.ts';
import { planCluster } from '../../../planning/plan/plan-cluster.ts';
import { fakeIndex, type FakeRegistry } from '../../checks/registry/fake-registry.ts';
import { fakeRegistryLab } from './fake-registry-lab.ts';

const images = async () => {
  const made = await fakeRegistryLab();
  const { fake } = made;
  const one = fake.image({ layers: [['base', 70e6]], created: '2026-11-30T05:47:00Z' });
  const digest = fake.push('shop/web', '1', one);
  fake.push('shop/web', 'latest', one);
  const arm = fake.push(
    'api',
    undefined,
    fake.image({
      architecture: 'arm64',
      layers: [
        ['base', 70e6],
        ['api', 2e6],
      ],
    }),
  );
  const gone = `sha256:${'0'.repeat(64)}`;
  const entries = [
    { digest: arm, architecture: 'arm64' },
    { digest: gone, architecture: 'amd64' },
  ];
  fake.push('api', '2', fakeIndex(entries));
  return { ...made, digest };
};

describe('images list --registry', () => {
  it('shows what is in the registry of the lab', async () => {
    const { run } = await images();
    const { exitCode, stdout } = await run('images', 'list', '--registry');
    expect([exitCode, stdout.replaceAll(/sha256:[0-9a-f]{12}(?=\s)/g, 'sha256:DIGEST......')]).toEqual([
      0,
      [
        'IMAGE            DIGEST               SIZE   CREATED     PLATFORMS',
        'api:2            sha256:DIGEST......  72 MB              linux/arm64, linux/amd64, 1 of its manifests is missing',
        'shop/web:1       sha256:DIGEST......  70 MB  2026-11-30  linux/amd64',
        'shop/web:latest  sha256:DIGEST......  70 MB  2026-11-30  linux/amd64',
        '3 images have 72 MB together; apps write registry:5000/api:2',
        '',
      ].join('\n'),
    ]);
  });

  it('is data with --json', async () => {
    const { run, digest } = await images();
    const { stdout } = await run('images', '--registry', '--json');
    const answer: unknown = JSON.parse(stdout);
    expect(answer).toMatchObject({
      images: [
        { name: 'api:2', platforms: ['linux/arm64', 'linux/amd64'], missingPlatforms: 1 },
        {
          ...{ name: 'shop/web:1', reference: 'registry:5000/shop/web:1', repository: 'shop/web', tag: '1' },
          ...{ digest, platforms: ['linux/amd64'], created: '2026-11-30T05:47:00.000Z' },
        },
        { name: 'shop/web:latest' },
      ],
    });
  });

  it('says that there are none', async () => {
    const { run } = await fakeRegistryLab();
    expect(await run('images', 'list', '--registry')).toMatchObject({
      exitCode: 0,
      stdout: 'The registry has no images.\n',
    });
  });

  it('says that the lab has no registry, how to get one, and asks nobody', async () => {
    const { run, fake } = await fakeRegistryLab({ addons: '[]' });
    const { exitCode, stderr } = await run('images', 'list', '--registry');
    expect([exitCode, stderr, fake.asked]).toEqual([
      2,
      expect.stringContaining('What runs of this lab has no registry'),
      [],
    ]);
    expect(stderr).toContain('addons: [registry]');
  });

  it('says that there is none without Docker', () => {
    expect(() => needRegistry(planCluster({ name: 'lab' }), true)).toThrow(
      'in one process, where there is no registry',
    );
  });

  it('says that the lab does not run', async () => {
    const { run, docker } = await fakeRegistryLab();
    docker.containers.length = 0;
    expect(await run('images', 'list', '--registry')).toMatchObject({
      exitCode: 5,
      stderr: expect.stringContaining('LAB_NOT_RUNNING'),
    });
  });

  it.each([
    ['images pull --registry'],
    ['images list web:1 --registry'],
    ['images remove'],
    ['images remove web:1 --registry'],
  ])('%s is not what it is for', async (words) => {
    const { run, fake } = await fakeRegistryLab();
    const { exitCode, stderr } = await run(...words.split(' '));
    expect([exitCode, stderr, fake.asked]).toEqual([2, expect.stringContaining('images list [--registry]'), []]);
  });

  it('says that the registry does not answer, or what it answers', async () => {
    const { run, fake } = await fakeRegistryLab();
    fake.answerTo = (_, response) => {
      response.destroy();
      return true;
    };
    const silent = await run('images', 'list', '--registry');
    expect([silent.exitCode, silent.stderr]).toEqual([5, expect.stringContaining('does not answer')]);
    fake.answerTo = (_, response) => {
      response.writeHead(500).end('disk');
      return true;
    };
    const broken = await run('images', 'list', '--registry');
    expect([broken.exitCode, broken.stderr]).toEqual([4, expect.stringContaining('says 500 disk')]);
  });
});

const deleted = ({ asked }: FakeRegistry) => asked.filter((line) => line.startsWith('DELETE'));

describe('images remove', () => {
  it('removes images by any of their names, and says what frees their disk', async () => {
    const { run, fake, port, digest } = await images();
    const { exitCode, stdout } = await run(
      ...['images', 'remove', `127.0.0.1:${port}/shop/web:1`, 'registry:5000/shop/web:latest'],
    );
    expect([exitCode, stdout]).toEqual([0, expect.stringMatching(/^Removed shop\/web:1, shop\/web:latest\. /)]);
    expect(deleted(fake)).toEqual([`DELETE /v2/shop/web/manifests/${digest}`]);
  });

  it('removes no tag that was not named, unless it is forced', async () => {
    const { run, fake } = await images();
    const { exitCode, stderr } = await run('images', 'remove', 'shop/web:1');
    expect([exitCode, stderr]).toEqual([
      2,
      expect.stringContaining('go with it: shop/web:latest; nothing was removed'),
    ]);
    expect(deleted(fake)).toEqual([]);
    const forced = await run('images', 'remove', 'shop/web:1', '--force', '--json');
    expect([forced.exitCode, JSON.parse(forced.stdout)]).toEqual([0, { removed: ['shop/web:1', 'shop/web:latest'] }]);
  });

  it('removes nothing when one of them is not there, and names what is most like it', async () => {
    const { run, fake } = await images();
    const { exitCode, stderr } = await run('images', 'remove', 'api:2', 'shop/web:lates', 'shop/wed:1');
    expect([exitCode, deleted(fake)]).toEqual([2, []]);
    expect(stderr).toContain('no image shop/web:lates; nothing was removed');
    expect(stderr).toContain('Did you mean shop/web:latest?');
    expect(stderr).toContain('Did you mean shop/web:1?');
  });

  it.each([
    ['web', 'the tag is missing'],
    ['Web:1', 'Write it in lower case'],
    ['ghcr.io/web:1', 'in another registry than that of the lab'],
    [`web@sha256:${'1'.repeat(64)}`, 'removed by its tag'],
  ])('does not take %s', async (name, words) => {
    const { run, fake } = await fakeRegistryLab();
    const { exitCode, stderr } = await run('images', 'remove', name);
    expect([exitCode, stderr, fake.asked]).toEqual([2, expect.stringContaining(words), []]);
  });

  it('sends what secrets/registry says where something is changed, and says when that is not taken', async () => {
    const { run, fake, cwd } = await images();
    mkdirSync(join(cwd, 'secrets'));
    writeFileSync(join(cwd, 'secrets/registry'), 'me:p:ä\n');
    const sent: (readonly [string | undefined, string | undefined])[] = [];
    fake.answerTo = ({ method, headers }) => {
      sent.push([method, headers.authorization]);
      return false;
    };
    expect(await run('images', 'remove', 'api:2')).toMatchObject({ exitCode: 0 });
    const basic = `Basic ${Buffer.from('me:p:ä').toString('base64')}`;
    expect(sent.filter(([, authorization]) => authorization !== undefined)).toEqual([['DELETE', basic]]);
    fake.answerTo = ({ method }, response) => {
      if (method !== 'DELETE') return false;
      response.writeHead(401).end();
      return true;
    };
    const { exitCode, stderr } = await run('images', 'remove', 'shop/web:1', '--force');
    expect([exitCode, stderr]).toEqual([
      2,
      expect.stringContaining('whom secrets/registry names; nothing was removed'),
    ]);
  });

  it('says what was removed before one was refused', async () => {
    const { run, fake } = await images();
    fake.answerTo = ({ method }, response) => {
      if (method !== 'DELETE' || deleted(fake).length === 1) return false;
      response.writeHead(500).end('disk');
      return true;
    };
    const { exitCode, stderr } = await run('images', 'remove', 'api:2', 'shop/web:1', 'shop/web:latest');
    expect([exitCode, stderr]).toEqual([4, expect.stringContaining('; removed before: api:2')]);
  });
});
