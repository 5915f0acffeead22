import { basename, resolve } from 'node:path';
import { UserError } from '../../../errors/user-error.ts';
import type { Context } from '../../../platform/context.ts';
import type { CommandLine } from '../../command-line/command-line.ts';

/** Where a bundle goes. */
export interface BundleTarget {
  /** Absolute. */
  readonly path: string;
  /** Of the folder that a student has. */
  readonly name: string;
  readonly isPacked: boolean;
}

const packed = /\.(tar\.gz|tgz)$/i;

/** The word behind `learn export`. @throws UserError USAGE_ARGUMENTS when nothing is named, or what is there already */
export function bundleTarget({ cwd, files }: Context, { positionals: [, typed] }: CommandLine): BundleTarget {
  if (typed === undefined) {
    throw new UserError({
      ...{ code: 'USAGE_ARGUMENTS', message: 'learn export needs a name for the bundle' },
      ...{ allowed: 'a folder, or a file NAME.tar.gz', fix: 'npm run learn -- export ../workshop.tar.gz' },
    });
  }
  const path = resolve(cwd, typed);
  const place = { kind: 'path', path: typed } as const;
  const name = basename(path).replace(packed, '');
  if (/^$|^\.+$/.test(name)) {
    throw new UserError({
      ...{ code: 'USAGE_ARGUMENTS', message: 'The bundle has no name', place, allowed: 'NAME.tar.gz' },
      fix: 'Write one, such as workshop.tar.gz',
    });
  }
  if (files.kindOf(path) !== undefined) {
    throw new UserError({
      ...{ code: 'USAGE_ARGUMENTS', message: 'There is something of this name already', place },
      fix: 'Name another one, or remove it first',
    });
  }
  return { path, name, isPacked: packed.test(path) };
}
