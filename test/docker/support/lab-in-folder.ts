import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { generateFiles } from '../../../generators/generate-files.ts';
import type { Plan } from '../../../planning/plan/plan.ts';

/** A lab on the disk, with `.env` and everything else that a user gets. */
export interface LabInFolder {
  /** Absolute. */
  readonly folder: string;
  readonly remove: () => void;
}

/** Writes the files of a plan into a new folder. */
export async function writeLabFiles(plan: Plan): Promise<LabInFolder> {
  const folder = mkdtempSync(join(tmpdir(), 'mesos-lab-'));
  for (const { path, content, executable } of await generateFiles(plan)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content, { mode: executable === true ? 0o755 : 0o644 });
  }
  return {
    folder,
    remove: () => {
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
