import type { FileChange } from './file-change.ts';
import type { LabComparison } from './compare-lab.ts';
import { foldersAbove, stateFolder } from './lab-layout.ts';

const marks = { create: '+', update: '~', remove: '-', unchanged: '=' } as const;

/**
 * The files as a tree, a line each: `+` new, `~` changed, `-` removed, `=` as it is.
 * @param changes sorted by path
 * @returns lines that end with a newline; empty if there are no changes
 */
export function fileTree(changes: readonly FileChange[]): string {
  const lines: string[] = [];
  let open: readonly string[] = [];
  for (const { path, kind, edited } of changes) {
    const folders = foldersAbove(path);
    for (const [depth, folder] of folders.entries()) {
      if (open[depth] !== folder) lines.push(`  ${'  '.repeat(depth)}${nameOf(folder)}/`);
    }
    open = folders;
    lines.push(
      `${marks[kind]} ${'  '.repeat(folders.length)}${nameOf(path)}${edited ? '  (not as this tool wrote it)' : ''}`,
    );
  }
  return lines.map((line) => `${line}\n`).join('');
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** A name as `patch` and `git apply` read it: quoted if it has anything but printable ASCII without quotes. */
function quoted(name: string): string {
  return /^[!#-[\]-~]+$/.test(name) ? name : JSON.stringify(name);
}

function splitLines(text: string): readonly string[] {
  const lines = text.split('\n');
  const last = lines.pop() ?? '';
  return last === '' ? lines : [...lines, `${last}\n\\ No newline at end of file`];
}

function range(count: number): string {
  return `${count === 0 ? '0' : '1'},${String(count)}`;
}

/** All old lines out, all new lines in: exact for new and removed files, and for texts with too little in common. */
function wholeHunk(before: string, after: string): string {
  const [removed, added] = [splitLines(before), splitLines(after)];
  if (removed.length + added.length === 0) return '';
  const lines = [...removed.map((line) => `-${line}\n`), ...added.map((line) => `+${line}\n`)];
  return `@@ -${range(removed.length)} +${range(added.length)} @@\n${lines.join('')}`;
}

/** Beyond this many changed lines, looking for the shortest difference takes too long and helps nobody. */
const maxEditLength = 2000;

async function hunks(before: string, after: string): Promise<string> {
  const { createTwoFilesPatch, OMIT_HEADERS } = await import('diff');
  const options = { context: 3, maxEditLength, headerOptions: OMIT_HEADERS } as const;
  return createTwoFilesPatch('', '', before, after, undefined, undefined, options) ?? wholeHunk(before, after);
}

async function describe({ path, kind, before, after, executable = false, copyFrom }: FileChange): Promise<string> {
  const oldName = kind === 'create' ? '/dev/null' : quoted(`a/${path}`);
  const newName = kind === 'remove' ? '/dev/null' : quoted(`b/${path}`);
  if (copyFrom !== undefined || path.startsWith(`${stateFolder}/`)) return `Files ${oldName} and ${newName} differ\n`;
  const mode = executable ? '100755' : '100644';
  const header = `diff --git ${quoted(`a/${path}`)} ${quoted(`b/${path}`)}\n`;
  const names = `--- ${oldName}\n+++ ${newName}\n`;
  switch (kind) {
    case 'create':
      return `${header}new file mode ${mode}\n${names}${wholeHunk('', after ?? '')}`;
    case 'remove':
      return `${header}deleted file mode ${mode}\n${names}${wholeHunk(before ?? '', '')}`;
    case 'update':
      return `${header}${names}${await hunks(before ?? '', after ?? '')}`;
    case 'unchanged':
      return '';
  }
}

/**
 * What a comparison would change, as a unified diff with git's headers: `patch -p1` or `git apply` in the lab make the
 * same change. Files of the tool's own folder are only named.
 * @returns empty if nothing changes
 */
export async function unifiedDiff({ changes }: LabComparison): Promise<string> {
  const parts: string[] = [];
  for (const change of changes) {
    if (change.kind !== 'unchanged') parts.push(await describe(change));
  }
  return parts.join('');
}
