import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const script = fileURLToPath(new URL('../../scripts/check-forbidden.mjs', import.meta.url));
let repository = '';

beforeEach(() => {
  repository = mkdtempSync(join(tmpdir(), 'forbidden-'));
  execFileSync('git', ['init', '--quiet', repository]);
});
afterEach(() => {
  rmSync(repository, { recursive: true });
});

function check(text: string) {
  writeFileSync(join(repository, 'notes.md'), `first line\n${text}\n`);
  const { status, stderr } = spawnSync(process.execPath, [script], { cwd: repository, encoding: 'utf8' });
  return { status, stderr };
}

// Put together here, so that this file itself may stand in the repository.
const forbidden = [
  ['a host of a package registry', `https://${['registry', 'npmjs', 'org'].join('.')}/x`],
  ['a host of a package registry', `deb http://${['deb', 'debian', 'org'].join('.')}/debian bookworm main`],
  ['a path of one machine', ['', 'work', 'main', 'x.ts'].join('/')],
  ['a path of one machine', `"${['', 'root', '.npm'].join('/')}"`],
  ['a private key', ['-----BEGIN OPENSSH PRIVATE', 'KEY-----'].join(' ')],
  ['a token', `ghp_${'a'.repeat(36)}`],
] as const;

describe('a repository', () => {
  it.each(forbidden)('must not have %s', (what, text) => {
    const { status, stderr } = check(text);
    expect(status).toBe(1);
    expect(stderr).toContain(`notes.md:2: ${what}`);
  });

  it.each(['/network/', 'https://example.org/work/x', 'docs/root/x', '/var/lib/mesos', 'a workshop at work'])(
    'may have %s',
    (text) => {
      expect(check(text)).toEqual({ status: 0, stderr: '' });
    },
  );
});
