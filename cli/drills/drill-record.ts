import type { DrillRecord } from '../../checks/drills/heal.ts';
import { UserError } from '../../errors/user-error.ts';
import { drillLockPath, drillRecordPath, inLab, stateFolder } from '../../lab/lab-layout.ts';
import { explainingFailures } from '../../lab/write-failure.ts';
import type { FileSystem } from '../../platform/files/file-system.ts';
import type { TryLock } from '../../platform/files/lock-file.ts';
import { parseObject } from '../../protocol/json.ts';

/** What a drill has touched and nobody has healed yet; undefined: nothing. */
export function readDrillRecord(files: FileSystem, directory: string): DrillRecord | undefined {
  const path = inLab(directory, drillRecordPath);
  const record = files.kindOf(path) === 'file' ? parseObject(files.readText(path)) : undefined;
  const isOne =
    typeof record?.['drill'] === 'string' &&
    typeof record['group'] === 'string' &&
    Array.isArray(record['parts']) &&
    Array.isArray(record['drained']);
  return isOne ? (record as unknown as DrillRecord) : undefined;
}

/** A reader sees the record as it was, or whole. @throws UserError MACHINE_NOT_WRITABLE: then nothing was touched */
export function writeDrillRecord(files: FileSystem, directory: string, record: DrillRecord): void {
  const path = inLab(directory, drillRecordPath);
  explainingFailures(directory, 'The drill was not begun, or is healed', () => {
    files.makeFolders(inLab(directory, stateFolder));
    files.writeText(`${path}.next`, `${JSON.stringify(record)}\n`, false);
    files.rename(`${path}.next`, path);
  });
}

export function removeDrillRecord(files: FileSystem, directory: string): void {
  const path = inLab(directory, drillRecordPath);
  if (files.kindOf(path) === 'file') files.removeFile(path);
}

/**
 * Runs an action while no other drill runs in this lab.
 * @throws UserError LAB_BUSY at once when one does
 */
export async function withDrillLock<Result>(
  directory: string,
  { files, tryLock }: { readonly files: FileSystem; readonly tryLock: TryLock },
  action: () => Promise<Result>,
): Promise<Result> {
  const lock = explainingFailures(directory, 'Nothing was done', () => tryLock(inLab(directory, drillLockPath)));
  if (lock.kind === 'busy') {
    throw new UserError({
      code: 'LAB_BUSY',
      message: 'a drill runs in this lab already, and one would disturb the other; nothing was done',
      ...(lock.holder === undefined ? {} : { found: `process ${lock.holder.pid}` }),
      fix: 'Wait for its end; Ctrl-C there heals what it did',
    });
  }
  try {
    return await action();
  } finally {
    lock.release();
    files.removeEmptyFolder(inLab(directory, stateFolder));
  }
}
