import { expect, test } from 'vitest';
import type { CommandResult } from '../../../../platform/processes/run-command.ts';
import { copyImages } from '../../../../runtimes/hosts/images/copy-images.ts';

const fine: CommandResult = { kind: 'ended', exitCode: 0, stdout: '', stderr: '' };
const full: CommandResult = { ...fine, exitCode: 1, stderr: 'write /blobs/sha256/cd: no space left on device' };

/** What is said of a copy from node1 to node2 and node5 whose programs end so. */
async function said(source: CommandResult, ...targets: readonly CommandResult[]): Promise<string> {
  const engine = { command: (words: readonly string[]) => ({ program: 'docker', arguments: words, env: {} }) };
  const world = {
    streams: { pipe: () => Promise.resolve({ source, targets }) },
    cwd: '/',
    signal: new AbortController().signal,
  };
  const named = (name: string) => ({ name, engine });
  const request = { images: ['lite'], from: named('node1'), to: [named('node2'), named('node5')] };
  return copyImages(world, request).then(
    () => 'done',
    (error: unknown) => (error instanceof Error ? error.message : ''),
  );
}

test('who could not take an image is named, and not who sent it, however that has ended', async () => {
  expect(await said(fine, fine, fine)).toBe('done');
  const node5 = /^COMMAND_FAILED: node5: lite could not be copied from node1: the disk is full/;
  expect(await said({ ...fine, exitCode: 1, stderr: 'broken pipe' }, fine, full)).toMatch(node5);
  expect(await said({ kind: 'stopped' }, fine, full)).toMatch(node5);
});

test('who could not send an image is named, alone, or with those who then got none', async () => {
  expect(await said({ ...fine, exitCode: 1, stderr: 'no such image' }, fine, fine)).toMatch(
    /^COMMAND_FAILED: node1: lite could not/,
  );
  expect(await said({ kind: 'missing' }, full, full)).toMatch(/^COMMAND_FAILED: node2, node5, node1: lite could not/);
});
