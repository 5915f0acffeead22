import { UserError, type Problem } from '../errors/user-error.ts';
import type { FileSystem } from '../platform/files/file-system.ts';
import { inLab } from './lab-layout.ts';
import type { LabRequest } from './lab-request.ts';
import type { Manifest } from './manifest.ts';
import { isNewerVersion } from './versions.ts';

function refuse({ directory }: LabRequest, problem: Omit<Problem, 'place'>): never {
  throw new UserError({ ...problem, place: { kind: 'path', path: directory } });
}

function checkCreation(files: FileSystem, request: LabRequest, names: readonly string[]): void {
  const { directory, spec, force } = request;
  if (force || names.every((name) => name === '.git')) return;
  if (files.kindOf(inLab(directory, spec.path)) !== undefined) {
    refuse(request, {
      code: 'LAB_EXISTS',
      message: `${directory} is a lab already`,
      fix: 'Change its mesos-cluster.yaml and run `generate` there, choose another folder, or pass --force to write over it. Nothing was written',
    });
  }
  const some = names.filter((name) => name !== '.git').slice(0, 3);
  refuse(request, {
    code: 'LAB_EXISTS',
    message: `${directory} is not empty`,
    found: names.length > some.length ? `${some.join(', ')}, …` : some.join(', '),
    fix: 'Choose another folder, or pass --force to write into this one. Nothing was written',
  });
}

/**
 * Whether the folder of a request fits its purpose.
 * @returns `new` if there is nothing yet, `present` if there is a folder to write into
 * @throws UserError LAB_EXISTS, or USAGE_NOT_A_LAB
 */
export function checkFolder(files: FileSystem, request: LabRequest): 'new' | 'present' {
  const { directory, spec, purpose } = request;
  const kind = files.kindOf(directory);
  if (kind === undefined && purpose === 'create') return 'new';
  const names = files.list(directory);
  if (kind !== undefined && names === undefined) {
    refuse(request, {
      code: 'LAB_EXISTS',
      message: `${directory} is ${kind === 'link' ? 'a symbolic link that leads to no folder' : 'a file, not a folder'}`,
      fix: 'Choose another name. Nothing was written',
    });
  }
  if (purpose === 'create') {
    checkCreation(files, request, names ?? []);
  } else if (files.kindOf(inLab(directory, spec.path)) === undefined) {
    refuse(request, {
      code: 'USAGE_NOT_A_LAB',
      message: `${directory} has no ${spec.path}, so it is not a lab`,
      fix: 'Name a lab with --lab, or create one: create-mesos-cluster DIRECTORY',
    });
  }
  return 'present';
}

/**
 * Keeps an older tool from writing over what a newer one wrote.
 * @throws UserError LAB_NEWER, unless forced
 */
export function checkVersion({ directory, toolVersion, force }: LabRequest, manifest: Manifest): void {
  if (force || manifest.version === '' || !isNewerVersion(manifest.version, toolVersion)) return;
  throw new UserError({
    code: 'LAB_NEWER',
    message: `${directory} was written by version ${manifest.version}, which is newer than this one (${toolVersion})`,
    place: { kind: 'path', path: directory },
    fix: `Use version ${manifest.version} of create-mesos-cluster, or pass --force. Nothing was written`,
  });
}
