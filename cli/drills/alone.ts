import type { Drill } from '../../checks/drills/drill.ts';
import { drills } from '../../checks/drills/drills.ts';
import { UserError } from '../../errors/user-error.ts';
import { systemClock } from '../../platform/clock.ts';
import type { Context } from '../../platform/context.ts';
import { tryLockFile } from '../../platform/files/lock-file.ts';
import { reporterFor } from '../apps/running-marathon.ts';
import type { CommandLine } from '../command-line/command-line.ts';
import { withLabLock } from '../lab/lab-lock.ts';
import { withDrillLock } from './drill-record.ts';

/** While no other drill runs, and no other command changes what runs of the lab. */
export function alone<Result>(
  context: Context,
  line: CommandLine,
  directory: string,
  action: () => Promise<Result>,
): Promise<Result> {
  const world = { context, reporter: reporterFor(context, line), clock: systemClock, tryLock: tryLockFile };
  return withDrillLock(directory, { files: context.files, tryLock: tryLockFile }, () =>
    withLabLock(directory, world, action),
  );
}

/** @throws UserError USAGE_UNKNOWN_NAME */
export function drillNamed(name: string): Drill {
  const found = drills.find((each) => each.name === name);
  if (found !== undefined) return found;
  throw new UserError({
    code: 'USAGE_UNKNOWN_NAME',
    message: `there is no drill called ${name}`,
    found: name,
    allowed: drills.map((each) => each.name).join(', '),
    fix: 'create-mesos-cluster drill list says what each does',
  });
}
