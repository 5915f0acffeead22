import { describe, expect, it } from 'vitest';
import { getImages, runsOnDocker } from '../../cli/compose-project.ts';
import type { Context } from '../../platform/context.ts';
import { nodeFileSystem } from '../../platform/node-file-system.ts';
import type { CommandResult } from '../../platform/run-command.ts';
import { folderWith } from './fake-context.ts';

const ended = (exitCode: number, stdout = ''): CommandResult => ({ kind: 'ended', exitCode, stdout, stderr: '' });

/** A fake Docker: answers by the last word that it knows; keeps what it was asked. */
function fakeDocker(answers: Readonly<Record<string, readonly CommandResult[]>>) {
  const asked: string[] = [];
  const left = new Map(Object.entries(answers).map(([word, results]) => [word, [...results]]));
  const context = {
    cwd: '/',
    env: {},
    files: nodeFileSystem,
    signal: new AbortController().signal,
    runCommand: (program: string, words: readonly string[]) => {
      asked.push([program, ...words].join(' '));
      const word = [...left.keys()].find((each) => words.includes(each));
      return Promise.resolve(left.get(word ?? '')?.shift() ?? ended(1));
    },
  } as unknown as Context;
  return { context, asked };
}

const lab = () => folderWith({ 'docker-compose.yml': 'name: lab\n' });

describe('the images of a lab', () => {
  it('are not pulled when all of them are here', async () => {
    const { context, asked } = fakeDocker({ config: [ended(0, 'a:1\nb:2\na:1\n')], inspect: [ended(0)] });
    expect(await getImages(context, lab())).toBe(true);
    expect(asked.at(-1)).toBe('docker image inspect --format {{.Id}} a:1 b:2');
  });

  it('are pulled when one is missing', async () => {
    const config = [ended(0, 'a:1\n'), ended(0, 'a:1\n')];
    const { context, asked } = fakeDocker({ config, inspect: [ended(1), ended(0)], pull: [ended(0)] });
    expect(await getImages(context, lab())).toBe(true);
    expect(asked.filter((command) => command.endsWith(' pull'))).toHaveLength(1);
  });

  it.each([
    ['cannot be pulled', ended(18)],
    ['are never pulled and were not built', ended(0)],
  ])('are not to be had when they %s', async (_, pull) => {
    const config = [ended(0, 'a:1\n'), ended(0, 'a:1\n')];
    const { context } = fakeDocker({ config, inspect: [ended(1), ended(1)], pull: [pull] });
    expect(await getImages(context, lab())).toBe(false);
  });
});

describe('a lab on Docker', () => {
  it('runs when containers of its folder do', async () => {
    const folder = lab();
    const { context } = fakeDocker({ ps: [ended(0, `/elsewhere\n${folder}\n`), ended(0, '/elsewhere\n'), ended(1)] });
    expect(await runsOnDocker(context, folder)).toBe(true);
    expect(await runsOnDocker(context, folder)).toBe(false);
    expect(await runsOnDocker(context, folder)).toBe(false);
  });
});
