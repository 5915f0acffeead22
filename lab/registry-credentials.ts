import { randomBytes } from 'node:crypto';
import { UserError } from '../errors/user-error.ts';
import type { FileSystem } from '../platform/files/file-system.ts';
import {
  longestCredentials,
  parseRegistryCredentials,
  registryCredentialsPath,
  type RegistryCredentials,
} from '../protocol/registry-credentials.ts';
import { kindWords } from './find-obstacles.ts';
import { folderOf, inLab } from './lab-layout.ts';
import { explainingFailures } from './write-failure.ts';

/** Who pushes, unless the user's own file says another name. */
const usualUser = 'lab';

/**
 * Who may push to the registry of a lab.
 * @param directory of the lab, absolute
 * @throws UserError REGISTRY_CREDENTIALS where the file is missing, or is not one line `USER:PASSWORD`
 */
export function readRegistryCredentials(files: FileSystem, directory: string): RegistryCredentials {
  return (
    findRegistryCredentials(files, directory) ??
    refuse(directory, 'is missing', 'npm run generate makes one with a random password, and so does npm run up')
  );
}

/**
 * The same where there may be no such file yet: then undefined.
 * @throws UserError REGISTRY_CREDENTIALS where it is not one line `USER:PASSWORD`
 */
export function findRegistryCredentials(files: FileSystem, directory: string): RegistryCredentials | undefined {
  const path = inLab(directory, registryCredentialsPath);
  const kind = files.kindOf(path);
  if (kind === undefined) return undefined;
  if (kind !== 'file') refuse(directory, `is ${kindWords[kind]}`, `Move it away; ${anew}`);
  const isLong = files.sizeOf(path) > longestCredentials;
  const parsed = isLong ? { fault: `has more than ${longestCredentials} bytes` } : parsedFile(files, path, directory);
  return 'fault' in parsed ? refuse(directory, parsed.fault, `Write that line, or remove the file; ${anew}`) : parsed;
}

/**
 * Makes the file with a random password where there is none; what is there stays as it is.
 * @returns whether it was made
 * @throws UserError REGISTRY_CREDENTIALS where what is there is not one line `USER:PASSWORD`; MACHINE_NOT_WRITABLE
 */
export function ensureRegistryCredentials(files: FileSystem, directory: string): boolean {
  if (findRegistryCredentials(files, directory) !== undefined) return false;
  const path = inLab(directory, registryCredentialsPath);
  explainingFailures(directory, `${registryCredentialsPath} was not made`, () => {
    files.makeFolders(inLab(directory, folderOf(registryCredentialsPath)));
    files.writePrivate(path, `${usualUser}:${randomBytes(16).toString('hex')}\n`);
  });
  return true;
}

function parsedFile(files: FileSystem, path: string, directory: string) {
  try {
    return parseRegistryCredentials(files.readText(path));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return refuse(directory, `cannot be read: ${reason}`, 'Let your user read it');
  }
}

const anew = 'npm run generate makes one with a random password where there is none';

function refuse(directory: string, fault: string, fix: string): never {
  throw new UserError({
    code: 'REGISTRY_CREDENTIALS',
    message: `The file with who may push to the registry ${fault}`,
    place: { kind: 'path', path: inLab(directory, registryCredentialsPath) },
    allowed: 'one line USER:PASSWORD',
    fix,
  });
}
