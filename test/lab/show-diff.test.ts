import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { compareLab } from '../../lab/compare-lab.ts';
import { fileTree, unifiedDiff } from '../../lab/show-diff.ts';
import { writeLab } from '../../lab/write-lab.ts';
import { nodeFileSystem } from '../../platform/files/node-file-system.ts';
import { requireTool } from '../support/require-tool.ts';
import { sampleRequest, snapshot, temporaryFolder, toolFolder } from './sample-labs.ts';

const lines = (count: number, changed = -1): string =>
  Array.from({ length: count }, (_, index) => `line ${index}${index === changed ? ' changed' : ''}\n`).join('');

/** A lab, and its comparison with a request that creates, updates and removes files; one of them was edited. */
function changedLab() {
  const directory = join(temporaryFolder(), 'lab');
  const tool = join(temporaryFolder(), 'tool.cjs');
  writeFileSync(tool, 'one');
  const copies = [{ path: `${toolFolder}/main.cjs`, from: tool }];
  const files = [
    { path: 'docker-compose.yml', content: lines(30) },
    { path: 'old/gone.txt', content: 'gone\n' },
    { path: 'same.txt', content: 'same\n' },
  ];
  const request = sampleRequest(directory, { files, copies });
  writeLab(nodeFileSystem, compareLab(nodeFileSystem, request));
  writeFileSync(join(directory, 'docker-compose.yml'), `${lines(30)}# mine, without a newline`);
  writeFileSync(tool, 'two');
  const changed = [
    { path: 'docker-compose.yml', content: lines(30, 15) },
    { path: 'new/start it.sh', content: '#!/bin/sh\n', executable: true },
    { path: 'same.txt', content: 'same\n' },
  ];
  const next = { ...request, files: changed, purpose: 'regenerate', force: true } as const;
  return { directory, comparison: compareLab(nodeFileSystem, next) };
}

const expectedDiff = `Files a/.mesos-cluster/manifest.json and b/.mesos-cluster/manifest.json differ
Files a/.mesos-cluster/tool/main.cjs and b/.mesos-cluster/tool/main.cjs differ
diff --git a/docker-compose.yml b/docker-compose.yml
--- a/docker-compose.yml
+++ b/docker-compose.yml
@@ -13,7 +13,7 @@
 line 12
 line 13
 line 14
-line 15
+line 15 changed
 line 16
 line 17
 line 18
@@ -28,4 +28,3 @@
 line 27
 line 28
 line 29
-# mine, without a newline
\\ No newline at end of file
diff --git "a/new/start it.sh" "b/new/start it.sh"
new file mode 100755
--- /dev/null
+++ "b/new/start it.sh"
@@ -0,0 +1,1 @@
+#!/bin/sh
diff --git a/old/gone.txt b/old/gone.txt
deleted file mode 100644
--- a/old/gone.txt
+++ /dev/null
@@ -1,1 +0,0 @@
-gone
`;

/** Everything but the tool's own folder, and folders. */
function visible(directory: string): readonly [string, string][] {
  return Object.entries(snapshot(directory)).filter(
    ([path]) => !path.startsWith('.mesos-cluster') && !path.endsWith('/'),
  );
}

describe('the diff of a lab', () => {
  it('shows each text line by line, and only names what is in the folder of the tool', async () => {
    expect(await unifiedDiff(changedLab().comparison)).toBe(expectedDiff);
  });

  const gitApply = ['git', ['apply', '-']] as const;
  const patch = ['patch', ['-p1', '--silent']] as const;
  for (const [command, parameters] of [gitApply, patch]) {
    it.skipIf(!requireTool(command, [command, '--version']))(
      `does with ${command} what writing the lab does`,
      async () => {
        const { directory, comparison } = changedLab();
        execFileSync(command, parameters, { cwd: directory, input: await unifiedDiff(comparison) });
        const patched = visible(directory);
        writeLab(nodeFileSystem, compareLab(nodeFileSystem, comparison.request));
        expect(patched).toEqual(visible(directory));
      },
    );
  }

  it('is empty if nothing changes', async () => {
    const { comparison } = changedLab();
    writeLab(nodeFileSystem, comparison);
    expect(await unifiedDiff(compareLab(nodeFileSystem, comparison.request))).toBe('');
  });

  it('replaces texts as a whole that have nothing in common', async () => {
    const directory = temporaryFolder();
    mkdirSync(join(directory, '.git'));
    writeFileSync(join(directory, 'docker-compose.yml'), 'mine\n'.repeat(30_000));
    const files = [{ path: 'docker-compose.yml', content: 'generated\n'.repeat(30_000) }];
    const diff = await unifiedDiff(compareLab(nodeFileSystem, sampleRequest(directory, { files, force: true })));
    expect(diff).toContain('@@ -1,30000 +1,30000 @@\n-mine\n-mine\n');
  });
});

describe('the tree of a lab', () => {
  it('marks what is new, changed, removed and as it is, and what was edited', () => {
    expect(fileTree(changedLab().comparison.changes)).toBe(`  .mesos-cluster/
~   manifest.json
    tool/
~     main.cjs
~ docker-compose.yml  (not as this tool wrote it)
= mesos-cluster.yaml
  new/
+   start it.sh
  old/
-   gone.txt
= same.txt
`);
  });

  it('is empty for no changes', () => {
    expect(fileTree([])).toBe('');
  });
});
