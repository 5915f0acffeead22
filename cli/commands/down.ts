import { exitCodes } from '../../errors/exit-codes.ts';
import { recoverLab } from '../../lab/recover-lab.ts';
import { systemClock } from '../../platform/clock.ts';
import { tryLockFile } from '../../platform/lock-file.ts';
import { runFolder } from '../../runtimes/embedded/run-folder.ts';
import type { Command } from '../command.ts';
import { withLabLock } from '../lab-lock.ts';
import { labDirectory } from '../plan-source.ts';
import { isLab, notALab } from '../read-spec.ts';
import { reporterFor } from '../running-marathon.ts';
import { isForMachines } from '../lab-kind.ts';
import { dockerOf, embeddedOf } from '../runtimes.ts';
import { composeVerb } from './compose-verbs.ts';

/** `down`: ends everything of the lab, and nothing else. */
export const down: Command = async (context, line) => {
  const directory = labDirectory(context, line);
  const embedded = embeddedOf(context);
  const reporter = reporterFor(context, line);
  const isThere = () => embedded.find({ directory }).kind !== 'nothing';
  // Also of a lab whose spec was removed. A lock alone is of an up that has just begun, or that was killed: then
  // taking and releasing it removes it.
  if (isThere() || context.files.kindOf(runFolder(directory).lock) !== undefined) {
    const world = { context, reporter, clock: systemClock, tryLock: tryLockFile };
    const hasEnded = await withLabLock(directory, world, async () => {
      if (!isThere()) return false;
      const title = 'Ending everything of the lab';
      return reporter.step({ title, deadlineMs: 10_000 }, () => embedded.stop({ directory }));
    });
    if (hasEnded) return exitCodes.ok;
  }
  if (!isLab(context, directory)) throw notALab(context, directory);
  recoverLab(context.files, directory);
  const noDocker = isForMachines(context, directory)
    ? undefined
    : await dockerOf(context, directory).unavailable(context.signal);
  if (noDocker === undefined) return composeVerb('down')(context, line);
  context.signal.throwIfAborted();
  context.stdout.write(
    `This lab does not run here, so nothing was ended (and on Docker nothing can run: ${noDocker}).\n`,
  );
  return exitCodes.ok;
};
