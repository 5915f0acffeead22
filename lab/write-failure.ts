import { UserError } from '../errors/user-error.ts';
import { inLab, stateFolder } from './lab-layout.ts';

/** What the system's error codes mean for a person. */
const reasons: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'the system does not permit it',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EFBIG: 'a file would be too large',
  EIO: 'the disk reports an error',
  EBUSY: 'another program is using a file',
  ENOENT: 'a file vanished meanwhile, so another process writes there too',
  EMFILE: 'too many files are open',
  ENFILE: 'too many files are open',
  ENAMETOOLONG: 'the name is too long',
  ENOTDIR: 'a part of the path is not a folder',
  EEXIST: 'a part of the path is not a folder',
  ENOTEMPTY: 'another program has put a folder there',
  ELOOP: 'its symbolic links go round in a circle',
};

/** What a person can do about them; for the others, choose another folder. */
const fixes: Readonly<Record<string, string>> = {
  ENOSPC: 'Make room, and run the command again',
  EDQUOT: 'Make room, and run the command again',
  ENOENT: 'Run the command again when no other one works on the folder',
  EBUSY: 'Close the other program, and run the command again',
};

interface SystemError extends Error {
  readonly code: string;
  readonly path?: string;
}

function isSystemError(error: unknown): error is SystemError {
  return error instanceof Error && 'syscall' in error && 'code' in error && typeof error.code === 'string';
}

/**
 * The path that the error names, if it is one of the lab's own. Copying names the source, which is the tool's; and
 * what is in the tool's folder or beside the lab was there for the moment only.
 */
function placeOf(folder: string, { path }: SystemError): string {
  const isTheirs = path?.startsWith(`${folder}/`) === true && !path.startsWith(`${inLab(folder, stateFolder)}/`);
  return isTheirs ? path : folder;
}

/**
 * Runs an action on a folder. An error of the system becomes MACHINE_NOT_WRITABLE with its reason;
 * every other error passes unchanged.
 * @param state what the folder holds now, a sentence without its full stop
 */
export function explainingFailures<Result>(folder: string, state: string, action: () => Result): Result {
  try {
    return action();
  } catch (error) {
    if (!isSystemError(error)) throw error;
    const reason = reasons[error.code] ?? error.message;
    throw new UserError({
      code: 'MACHINE_NOT_WRITABLE',
      message: `${folder} cannot be written: ${reason} (${error.code})`,
      place: { kind: 'path', path: placeOf(folder, error) },
      fix: `${fixes[error.code] ?? 'Choose a folder that you may write to'}. ${state}`,
    });
  }
}

/** Tidies up after a failure, as far as that is possible: the failure itself is what must be reported. */
export function tidyUp(action: () => void): void {
  try {
    action();
  } catch {
    // Nothing more can be done here; the next run removes what was left.
  }
}
