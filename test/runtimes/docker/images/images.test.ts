import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { nodeFileSystem as files } from '../../../../platform/files/node-file-system.ts';
import type { CommandResult } from '../../../../platform/processes/run-command.ts';
import { findImages, imagesOfLab } from '../../../../runtimes/docker/images/lab-images.ts';
import { loadImages } from '../../../../runtimes/docker/images/load-images.ts';
import { pullApps } from '../../../../runtimes/docker/images/pull-apps.ts';
import { saveImages } from '../../../../runtimes/docker/images/save-images.ts';
import type { FoundImage } from '../../../../runtimes/images-facet.ts';
import { planCluster } from '../../../../planning/plan/plan-cluster.ts';
import { temporaryFolder } from '../../../cli/fake-context.ts';
import { ended, fakeEngine, inspectWords } from './fake-engine.ts';

const signal = new AbortController().signal;

describe('the images of a lab', () => {
  const apps = [
    { reference: 'nginx:1.27', app: 'nginx' },
    { reference: 'nginx:1.27', app: 'shop' },
  ];

  it('are each named once, with all that use them', () => {
    const images = imagesOfLab(planCluster({ name: 'lab', images: { set: 'lite' } }), apps);
    expect(images.map(({ reference, from, usedBy }) => [reference, from, usedBy])).toEqual([
      ['zookeeper:3.9', 'pulled', ['zookeeper']],
      ['create-mesos-cluster/lite:local', 'built', ['mesos-master', 'mesos-agent', 'marathon', 'marathon-lb']],
      ['docker:28-dind', 'pulled', ['docker-engine']],
      ['nginx:1.27', 'app', ['app nginx', 'app shop']],
    ]);
  });

  it('have no Engine for agents that use the machine’s', () => {
    const images = imagesOfLab(planCluster({ name: 'lab', agentDocker: 'socket' }), []);
    expect(images.some(({ usedBy }) => usedBy.includes('docker-engine'))).toBe(false);
  });

  it.each([
    ['dind', 'registry:5000/shop:2', 'registry'],
    ['dind', 'registry:50001/shop:2', 'app'],
    // This machine's Engine knows the registry by no such name, and pulls what apps say.
    ['socket', 'registry:5000/shop:2', 'app'],
  ] as const)(
    'of apps are the business of agents, with %s, where %s is in the registry: %s',
    (agentDocker, reference, from) => {
      const plan = planCluster({ name: 'lab', agentDocker, addons: ['registry'] });
      expect(imagesOfLab(plan, [{ reference, app: 'shop' }]).at(-1)).toMatchObject({ reference, from });
    },
  );

  it('are looked for on the Engine', async () => {
    const engine = fakeEngine({ [inspectWords('nginx:1.27')]: ended('{"bytes":11800000,"arch":"arm64"}\n') });
    const [zookeeper, nginx] = imagesOfLab(planCluster({ name: 'lab' }), apps).filter(({ reference }) =>
      /zookeeper|nginx/.test(reference),
    );
    if (zookeeper === undefined || nginx === undefined) throw new Error('no such images');
    expect(await findImages([zookeeper, nginx], engine)).toMatchObject([
      { here: undefined },
      { here: { bytes: 11_800_000, arch: 'arm64' } },
    ]);
  });
});

const image = (reference: string, isHere = true): FoundImage => ({
  reference,
  platform: undefined,
  from: 'pulled',
  usedBy: [],
  here: isHere ? { bytes: 1, arch: 'amd64' } : undefined,
});

/** `docker save` that writes a text, and ends so. */
function saving(result: CommandResult, text = 'layers') {
  const asked: string[] = [];
  return {
    asked,
    toFile: (
      { program, arguments: words }: { readonly program: string; readonly arguments: readonly string[] },
      { path, gzip }: { readonly path: string; readonly gzip: boolean },
    ) => {
      asked.push(`${program} ${words.join(' ')}${gzip ? ' | gzip' : ''}`);
      writeFileSync(path, text);
      return Promise.resolve(result);
    },
  };
}

const local = { command: (words: readonly string[]) => ({ program: 'docker', arguments: words }) };

describe('saving images', () => {
  it.each([
    ['images.tar', ''],
    ['images.tar.gz', ' | gzip'],
    ['images.tgz', ' | gzip'],
  ])('writes %s', async (name, compressed) => {
    const file = join(temporaryFolder(), name);
    const streams = saving(ended(''));
    await saveImages(
      { engine: local, streams, files, signal },
      { images: [image('a:1'), image('b:2')], file, force: false },
    );
    expect(streams.asked).toEqual([`docker save a:1 b:2${compressed}`]);
    expect(readFileSync(file, 'utf8')).toBe('layers');
  });

  it('leaves no half file, and the old one, when docker fails', async () => {
    const folder = temporaryFolder();
    const file = join(folder, 'images.tar');
    writeFileSync(file, 'old');
    const streams = saving(ended('', 1, 'Error response from daemon: reference does not exist'));
    const saved = saveImages({ engine: local, streams, files, signal }, { images: [image('a:1')], file, force: true });
    await expect(saved).rejects.toMatchObject({
      problems: [{ code: 'COMMAND_FAILED', found: expect.stringContaining('reference does not exist') }],
    });
    expect([readdirSync(folder), readFileSync(file, 'utf8')]).toEqual([['images.tar'], 'old']);
  });

  it('leaves no half file at Ctrl-C', async () => {
    const folder = temporaryFolder();
    const stopped = AbortSignal.abort(new Error('Ctrl-C'));
    const streams = saving({ kind: 'stopped' });
    const request = { images: [image('a:1')], file: join(folder, 'images.tar'), force: false };
    await expect(saveImages({ engine: local, streams, files, signal: stopped }, request)).rejects.toThrow('Ctrl-C');
    expect(readdirSync(folder)).toEqual([]);
  });

  it('says that the disk is full', async () => {
    const folder = temporaryFolder();
    const toFile = () => {
      throw Object.assign(new Error('ENOSPC'), { code: 'ENOSPC', syscall: 'write' });
    };
    const request = { images: [image('a:1')], file: join(folder, 'images.tar'), force: false };
    await expect(saveImages({ engine: local, streams: { toFile }, files, signal }, request)).rejects.toMatchObject({
      problems: [{ code: 'MACHINE_NOT_WRITABLE', message: 'the disk is full; no file was written' }],
    });
  });

  it('refuses a file that is there, a folder, and one in a folder that is not there', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'old.tar'), 'old');
    const streams = saving(ended(''));
    for (const file of [join(folder, 'old.tar'), folder, join(folder, 'none', 'new.tar')]) {
      const saved = saveImages(
        { engine: local, streams, files, signal },
        { images: [image('a:1')], file, force: false },
      );
      await expect(saved).rejects.toMatchObject({ problems: [{ code: 'USAGE_ARGUMENTS' }] });
    }
    expect(streams.asked).toEqual([]);
  });

  it('names the images that are missing, before anything is written', async () => {
    const file = join(temporaryFolder(), 'images.tar');
    const images = [image('a:1', false), image('b:2'), image('c:3', false)];
    await expect(
      saveImages({ engine: local, streams: saving(ended('')), files, signal }, { images, file, force: false }),
    ).rejects.toMatchObject({
      problems: [{ code: 'IMAGE_NOT_AVAILABLE', found: 'a:1, c:3' }],
    });
    expect(existsSync(file)).toBe(false);
  });
});

describe('loading images', () => {
  it('says what was loaded', async () => {
    const file = join(temporaryFolder(), 'images.tar');
    writeFileSync(file, 'layers');
    const engine = fakeEngine({
      [`load --input ${file}`]: ended(
        'Loaded image: zookeeper:3.9\nLoaded image ID: sha256:12\nLoaded image: nginx:1.27\n',
      ),
    });
    expect(await loadImages({ engine, files, signal }, file)).toEqual(['zookeeper:3.9', 'sha256:12', 'nginx:1.27']);
  });

  it('says what Docker has against the file', async () => {
    const file = join(temporaryFolder(), 'images.tar');
    writeFileSync(file, 'lay');
    const engine = fakeEngine({ [`load --input ${file}`]: ended('', 1, 'unexpected EOF') });
    await expect(loadImages({ engine, files, signal }, file)).rejects.toMatchObject({
      problems: [{ code: 'COMMAND_FAILED', found: 'unexpected EOF', fix: expect.stringContaining('cut off') }],
    });
    await expect(loadImages({ engine, files, signal }, `${file}x`)).rejects.toMatchObject({
      problems: [{ code: 'USAGE_ARGUMENTS', message: 'there is no such file' }],
    });
  });
});

describe('pulling the images of apps', () => {
  const tell = {
    step: <Result>(_step: unknown, action: (see: (text: string) => void) => Promise<Result>) => action(() => undefined),
    note: () => undefined,
    warn: () => undefined,
  };

  it('tries all of them, and names those that did not come', async () => {
    const asked: string[] = [];
    const engine = {
      ...fakeEngine({}),
      run: (words: readonly string[], { onLine }: { readonly onLine?: (line: string) => void } = {}) => {
        asked.push(words.join(' '));
        const isHere = words[1] === 'b:2';
        if (!isHere) onLine?.('manifest for a:1 not found: manifest unknown');
        return Promise.resolve(ended('', isHere ? 0 : 1));
      },
    };
    await expect(pullApps(['a:1', 'b:2', 'c:3'], { engine, tell, signal })).rejects.toMatchObject({
      problems: [
        { code: 'IMAGE_NOT_AVAILABLE', message: expect.stringContaining('a:1 of an app cannot be pulled') },
        { message: expect.stringContaining('c:3') },
      ],
    });
    expect(asked).toEqual(['pull a:1', 'pull b:2', 'pull c:3']);
  });
});
