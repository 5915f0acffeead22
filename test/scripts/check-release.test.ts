import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const script = fileURLToPath(new URL('../../scripts/check-release.mjs', import.meta.url));
let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'release-'));
  write({});
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const changelog = `# Changelog

## Unreleased

## 0.2.0 - 2026-03-01

### Added

- A thing.

## 0.1.0 - 2026-01-01

- The first.
`;

/** A repository that is ready to be released as v0.2.0, but for what is said. */
function write({
  manifest = { version: '0.2.0', repository: { type: 'git', url: 'git+https://github.com/someone/somewhere.git' } },
  changes = changelog,
  readme = '# It\n',
}: {
  manifest?: object;
  changes?: string;
  readme?: string;
}) {
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
  writeFileSync(join(folder, 'CHANGELOG.md'), changes);
  writeFileSync(join(folder, 'README.md'), readme);
}

function check(tag: string) {
  const env = { ...process.env, GITHUB_REPOSITORY: 'someone/somewhere' };
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, tag], { cwd: folder, env, encoding: 'utf8' });
  return { status, stdout, problems: stderr.trimEnd().split('\n') };
}

describe('a release', () => {
  it('has the text of its version in the changelog as its notes', () => {
    expect(check('v0.2.0')).toEqual({ status: 0, stdout: '### Added\n\n- A thing.\n', problems: [''] });
  });

  it('is refused under another tag than that of its version', () => {
    expect(check('v0.2.1')).toMatchObject({
      status: 1,
      stdout: '',
      problems: ['the tag is v0.2.1, the version in package.json 0.2.0: v0.2.0 is wanted'],
    });
  });

  it.each([
    ['is missing', changelog.replace('0.2.0', '0.2.0-rc.1')],
    ['has no date', changelog.replace(' - 2026-03-01', '')],
    ['has no text below it', changelog.replace(/### Added\n\n- A thing\.\n/, '')],
  ])('is refused when its heading in the changelog %s', (_, changes) => {
    write({ changes });
    const { status, problems } = check('v0.2.0');
    expect([status, problems]).toEqual([1, [expect.stringContaining('no heading "## 0.2.0 - YEAR-MONTH-DAY"')]]);
  });

  it('is refused while something in it is of before, each with its reason', () => {
    write({ manifest: { version: '0.2.0' }, readme: '# It\n\nIt is not published yet: use a clone.\n' });
    expect(check('v0.2.0').problems).toEqual([
      'package.json has no repository: provenance wants that of this workflow, someone/somewhere',
      'README.md:3 says that it is not published yet',
    ]);
  });

  it('is refused from another repository than package.json names', () => {
    write({ manifest: { version: '0.2.0', repository: 'https://github.com/another/somewhere' } });
    expect(check('v0.2.0').problems).toEqual([expect.stringContaining('the repository https://github.com/another')]);
  });
});
