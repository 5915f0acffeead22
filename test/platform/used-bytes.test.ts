import { execFileSync } from 'node:child_process';
import { linkSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { usedBytes } from '../../platform/files/used-bytes.ts';

const never = new AbortController().signal;

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'used-bytes-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

const du = (folder: string) =>
  1024 *
  Number(
    execFileSync('du', ['-k', '-s', `${folder}/`])
      .toString()
      .split('\t')[0],
  );

test('counts what du counts: folders, files with two names once, links not followed', async () => {
  const folder = temporaryFolder();
  const elsewhere = temporaryFolder();
  writeFileSync(join(elsewhere, 'big'), Buffer.alloc(8 * 1024 * 1024, 1));
  for (let index = 0; index < 100; index++) {
    mkdirSync(join(folder, `${index % 7}`, 'deep', `${index}`), { recursive: true });
    writeFileSync(join(folder, `${index % 7}`, 'deep', `${index}`, 'file'), Buffer.alloc(index * 100, 1));
  }
  writeFileSync(join(folder, 'one name'), Buffer.alloc(300_000, 1));
  linkSync(join(folder, 'one name'), join(folder, 'another name'));
  symlinkSync(elsewhere, join(folder, 'a folder'));
  symlinkSync(join(elsewhere, 'big'), join(folder, 'a file'));
  symlinkSync('.', join(folder, 'itself'));
  const used = await usedBytes(folder, never);
  expect(used).toBe(du(folder));
  expect(used).toBeGreaterThan(300_000 + 495_000);
  expect(used).toBeLessThan(8 * 1024 * 1024);
  // As a volume is in a sandbox.
  symlinkSync(folder, join(elsewhere, 'link'));
  expect(await usedBytes(join(elsewhere, 'link'), never)).toBe(used);
});

test('fails for a folder that is not there, and for nobody who waits any more', async () => {
  const folder = temporaryFolder();
  await expect(usedBytes(join(folder, 'none'), never)).rejects.toThrow('ENOENT');
  writeFileSync(join(folder, 'file'), '');
  await expect(usedBytes(folder, AbortSignal.abort(new Error('stopped')))).rejects.toThrow('stopped');
});
