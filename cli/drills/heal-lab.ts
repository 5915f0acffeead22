import { healAndProve } from '../../checks/drills/heal.ts';
import { UserError } from '../../errors/user-error.ts';
import { systemClock } from '../../platform/clock.ts';
import type { Context } from '../../platform/context.ts';
import type { CommandLine } from '../command-line/command-line.ts';
import { reporterFor, timeoutMs } from '../apps/running-marathon.ts';
import { readDrillRecord, removeDrillRecord } from './drill-record.ts';
import type { LabOfDrill } from './lab-of-drill.ts';
import { prove } from './prove.ts';

/**
 * Heals what a drill has left that did not come to its own end.
 * @returns what was done, in words
 * @throws UserError VERIFICATION_FAILED when verify does not pass afterwards, with the record left
 */
export async function healLab(context: Context, line: CommandLine, found: LabOfDrill): Promise<string> {
  const { directory, cluster, control, runtime } = found;
  const record = readDrillRecord(context.files, directory);
  if (record === undefined) return 'No drill has left anything.';
  const { times } = runtime;
  const limitMs = timeoutMs(line, Math.max(times.readyMs, times.appsMs));
  const world = { cluster, control, clock: systemClock, intervalMs: times.intervalMs, timeoutMs: limitMs };
  const title = `Healing what ${record.drill} left, and proving it`;
  const { ok, evidence } = await reporterFor(context, line).step({ title, deadlineMs: limitMs }, () =>
    healAndProve(record, { ...world, signal: context.signal }, () => prove(line, found)),
  );
  if (!ok) {
    throw new UserError({
      code: 'VERIFICATION_FAILED',
      message: `what ${record.drill} left is healed as far as that can be, but the cluster does not work`,
      found: evidence,
      fix: 'create-mesos-cluster status shows what is down; drill heal tries again',
    });
  }
  removeDrillRecord(context.files, directory);
  return `Healed what ${record.drill} left. ${evidence}`;
}
