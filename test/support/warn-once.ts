import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { warningsFolder } from './require-tool.ts';

/** Test files run in processes of their own: a folder tells them what the others have already warned of. */
export function setup(): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'missing-tools-'));
  process.env[warningsFolder] = folder;
  return () => {
    rmSync(folder, { recursive: true });
  };
}
