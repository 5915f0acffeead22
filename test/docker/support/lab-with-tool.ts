import { cpSync, mkdirSync } from 'node:fs';
import { basename, join } from 'node:path';

/**
 * A golden as its user has it: with the folder of the tool, from which machines build the image lite. Vagrant looks
 * whether it is there. Other labs of the repository have it, and stay where they are.
 * @param folder from the root of the repository
 * @param scratch where the copy goes
 * @returns an absolute path
 */
export function labWithTool(root: string, folder: string, scratch: string): string {
  if (!folder.startsWith('test/golden/')) return join(root, folder);
  const copy = join(scratch, basename(folder));
  cpSync(join(root, folder), copy, { recursive: true });
  mkdirSync(join(copy, '.mesos-cluster/tool'), { recursive: true });
  return copy;
}
