import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { compareLab } from '../../lab/compare-lab.ts';
import { recoverLab } from '../../lab/recover-lab.ts';
import { writeLab } from '../../lab/write-lab.ts';
import { nodeFileSystem } from '../../platform/files/node-file-system.ts';
import { bundleScript } from '../../scripts/build/bundle-script.mjs';
import { snapshot, temporaryFolder } from './sample-labs.ts';
import { versionedRequest } from './versioned-lab.ts';

const rounds = 10;

/** Starts the program, lets it write for a random time, and kills it as the system would. */
async function runAndKill(program: string, root: string): Promise<void> {
  const child = spawn(process.execPath, [program, root], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  child.stdout.resume();
  const exit = once(child, 'exit');
  setTimeout(() => child.kill('SIGKILL'), Math.random() * 60);
  const [, signal] = (await exit) as [number | null, string | null];
  expect(signal).toBe('SIGKILL');
}

describe('a process that is killed while it writes labs', () => {
  it('leaves each of them old or new, at whatever moment it is killed', { timeout: 60_000 }, async () => {
    const root = temporaryFolder();
    const program = join(root, 'program.mjs');
    const fixture = fileURLToPath(new URL('rewrite-for-ever.fixture.ts', import.meta.url));
    writeFileSync(program, await bundleScript(fixture));
    const directory = join(root, 'lab');
    const versions = [1, 0].map((version) => {
      const request = versionedRequest(directory, version, 'create');
      rmSync(directory, { recursive: true, force: true });
      writeLab(nodeFileSystem, compareLab(nodeFileSystem, request));
      return snapshot(directory);
    });

    for (let round = 0; round < rounds; round += 1) {
      await runAndKill(program, root);
      for (const name of readdirSync(root).filter((entry) => entry.startsWith('lab-'))) {
        expect(versions).toContainEqual(snapshot(join(root, name)));
        rmSync(join(root, name), { recursive: true });
      }
      const contents = new Set(versions.flatMap((version) => Object.values(version)));
      const torn = Object.entries(snapshot(directory)).filter(
        ([path, content]) => !/^\.mesos-cluster\/(next|journal)/.test(path) && !contents.has(content),
      );
      expect(torn).toEqual([]);
      recoverLab(nodeFileSystem, directory);
      expect(versions).toContainEqual(snapshot(directory));
    }
  });
});
