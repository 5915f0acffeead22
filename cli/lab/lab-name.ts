import { basename } from 'node:path';
import type { Problem } from '../../errors/user-error.ts';

const dnsLabel = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/** The name of a lab without `--name`: that of its folder. */
export function nameOfFolder(directory: string): string {
  return basename(directory);
}

/**
 * Why a folder's name cannot be that of a lab, or undefined if it can.
 * @param directory absolute
 * @param typed the folder as the user typed it
 */
export function folderNameProblem(directory: string, typed: string): Problem | undefined {
  const name = nameOfFolder(directory);
  if (dnsLabel.test(name)) return undefined;
  return {
    code: 'SPEC_NAME',
    message: 'The name of the folder cannot be the name of the lab',
    place: { kind: 'path', path: typed },
    found: name === '' ? '(nothing)' : name,
    allowed: 'a DNS label: a-z, 0-9 and hyphens, at most 63, no hyphen at either end',
    fix: `--name ${suggestion(name)}`,
  };
}

function suggestion(name: string): string {
  const cleaned = name
    .toLowerCase()
    .normalize('NFKD')
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 63)
    .replace(/^-+|-+$/g, '');
  return cleaned === '' ? 'my-lab' : cleaned;
}
