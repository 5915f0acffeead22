import { exitCodes } from '../../errors/exit-codes.ts';
import { isUserError, UserError } from '../../errors/user-error.ts';
import { inLab, lockPath } from '../../lab/lab-layout.ts';
import { recoverLab } from '../../lab/recover-lab.ts';
import { systemClock } from '../../platform/clock.ts';
import type { Context } from '../../platform/context.ts';
import { tryLockFile } from '../../platform/files/lock-file.ts';
import type { Removal } from '../../runtimes/labs-facet.ts';
import { textOf, type CommandLine } from '../command-line/command-line.ts';
import type { Command } from '../command-line/command.ts';
import { remainsText } from '../lab/former-folder.ts';
import { withLabLock } from '../lab/lab-lock.ts';
import { removeDrillRecord } from '../drills/drill-record.ts';
import { labDirectory } from '../lab/plan-source.ts';
import { isLab, notALab } from '../lab/read-spec.ts';
import { reporterFor } from '../apps/running-marathon.ts';
import { refuseIfNot, runtimesOf } from '../running/runtimes.ts';
import type { StepReporter } from '../printing/step-reporter.ts';

const downMs = 120_000;
const title = 'Ending everything of the lab';

/** `down [NAME]`: ends everything of the lab, and nothing else; by its name also when its folder is gone. */
export const down: Command = async (context, line) => {
  const reporter = reporterFor(context, line);
  const [name] = line.positionals;
  if (name !== undefined) return downByName(context, line, name, reporter);
  const directory = labDirectory(context, line);
  await refuseIfNot(await runtimesOf(context).ofFolder(directory), 'down', directory, context);
  return downIn(context, directory, reporter);
};

async function downIn(context: Context, directory: string, reporter: StepReporter): Promise<number> {
  // Also of a lab whose spec was removed. A lock alone is of an up that has just begun, or that was killed: then
  // taking and releasing it removes it.
  const find = () => runtimesOf(context).find(directory);
  const first = await find();
  // Before the lock, which another user often cannot take.
  await refuseIfNot(first?.runtime, 'down', directory, context);
  if (first?.found.kind === 'remains' && first.found.former !== undefined) reporter.note(remainsText(first.found));
  if (first !== undefined || context.files.kindOf(inLab(directory, lockPath)) !== undefined) {
    const world = { context, reporter, clock: systemClock, tryLock: tryLockFile };
    const remove = async () => {
      const there = await find();
      if (there === undefined) return undefined;
      const removal = await reporter.step({ title, deadlineMs: downMs }, () => there.runtime.remove({ directory }));
      // What a drill has left ends with the lab.
      removeDrillRecord(context.files, directory);
      return removal;
    };
    const removal = await withLabLock(directory, world, remove).catch((error: unknown) => {
      // On a full disk a lab must be ended more than elsewhere.
      if (!isUserError(error) || error.problems[0].code !== 'MACHINE_NOT_WRITABLE') throw error;
      reporter.warn(`${error.problems[0].message}: ending the lab all the same`);
      return remove();
    });
    if (removal !== undefined) return print(context, removal);
  }
  if (!isLab(context, directory))
    throw notALab(context, directory, 'Name the lab with --lab DIRECTORY, or by its name: down NAME');
  recoverLab(context.files, directory);
  context.signal.throwIfAborted();
  context.stdout.write('This lab does not run here, so nothing was ended.\n');
  return exitCodes.ok;
}

async function downByName(context: Context, line: CommandLine, name: string, reporter: StepReporter): Promise<number> {
  if (textOf(line, 'lab') !== undefined) {
    throw new UserError({
      code: 'USAGE_ARGUMENTS',
      message: 'down takes the name of a lab or --lab DIRECTORY, not both',
      place: { kind: 'flag', flag: '--lab' },
      found: name,
    });
  }
  const directory = await onMachines(context, name);
  if (directory !== undefined) return downIn(context, directory, reporter);
  const { docker } = runtimesOf(context);
  const removal = await reporter.step({ title: `${title} ${name}`, deadlineMs: downMs }, async () =>
    docker.labs?.removeNamed?.(name),
  );
  if (removal !== undefined) return print(context, removal);
  throw new UserError({
    code: 'USAGE_UNKNOWN_NAME',
    message: `Docker has nothing of a lab called ${name}; nothing was ended`,
    found: name,
    fix: 'create-mesos-cluster list shows the labs; one without Docker is ended in its folder: down --lab DIRECTORY',
  });
}

/**
 * The folder of a lab of that name that was started from here on machines of its own.
 * @throws UserError when several labs are called like that, also one on the Engine of this machine
 */
async function onMachines(context: Context, name: string): Promise<string | undefined> {
  const { files, signal } = context;
  const { docker, hosts, vagrant } = runtimesOf(context);
  const started = (
    await Promise.all([hosts, vagrant].map(async ({ labs }) => (await labs?.named?.(name)) ?? []))
  ).flat();
  if (started.length === 0) return undefined;
  // Without Docker there is none on it.
  const onDocker = await (docker.labs?.named?.(name) ?? Promise.resolve([])).catch((error: unknown) => {
    signal.throwIfAborted();
    if (!isUserError(error)) throw error;
    return [];
  });
  const folders = [...new Set([...started, ...onDocker].map((folder) => files.realPath(folder)))];
  if (folders.length === 1) return started[0];
  throw new UserError({
    code: 'USAGE_ARGUMENTS',
    message: `several labs are called ${name}; nothing was ended`,
    found: folders.join(', '),
    fix: 'down --lab DIRECTORY ends the one that is meant',
  });
}

function print({ stdout }: Context, { removed, kept }: Removal): number {
  stdout.write(`${removed === '' ? 'Nothing was left to remove' : `Removed ${removed}`}.\n`);
  for (const what of kept) stdout.write(`Kept: ${what}\n`);
  return exitCodes.ok;
}
