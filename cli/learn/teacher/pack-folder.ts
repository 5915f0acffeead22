import { UserError } from '../../../errors/user-error.ts';
import type { Context } from '../../../platform/context.ts';

/** Gigabytes of images onto a slow disk. */
const packMs = 3_600_000;

/**
 * Packs a folder into one file, with the program tar, which Linux, macOS and Windows have; the file is there when it is
 * whole, or not at all.
 * @param folder what the folder is in, absolute
 * @throws UserError COMMAND_FAILED; INTERRUPTED when the signal came
 */
export async function packFolder(
  { files, runCommand, signal }: Pick<Context, 'files' | 'runCommand' | 'signal'>,
  { folder, name, file }: { readonly folder: string; readonly name: string; readonly file: string },
): Promise<void> {
  const part = `${folder}/${name}.tar.gz`;
  const options = { cwd: folder, stdio: 'capture', signal, timeoutMs: packMs } as const;
  const result = await runCommand('tar', ['-czf', part, '-C', folder, '--', name], options);
  if (signal.aborted) throw new UserError({ code: 'INTERRUPTED', message: 'Interrupted: nothing was written' });
  if (result.kind === 'ended' && result.exitCode === 0) {
    files.rename(part, file);
    return;
  }
  const found =
    result.kind === 'ended'
      ? (result.stderr || result.stdout).trim().slice(-300)
      : result.kind === 'missing'
        ? 'there is no program tar on this machine'
        : `no end in ${packMs / 60_000} minutes`;
  throw new UserError({
    ...{ code: 'COMMAND_FAILED', message: 'The bundle cannot be packed; nothing was written', found },
    fix: 'Name a folder instead of a file, and pack it in another way',
  });
}
