import { exitCodes, type ExitCode } from '../../errors/exit-codes.ts';
import { systemClock } from '../../platform/clock.ts';
import type { Context } from '../../platform/context.ts';
import { tryLockFile } from '../../platform/files/lock-file.ts';
import { megabytes, type CleanedRegistry } from '../../runtimes/images-facet.ts';
import { reporterFor } from '../apps/running-marathon.ts';
import { isOn, type CommandLine } from '../command-line/command-line.ts';
import { withLabLock } from '../lab/lab-lock.ts';
import { openLab } from '../lab/open-lab.ts';
import { labThere } from '../running/lab-there.ts';
import { refuseIfNot, runtimesOf } from '../running/runtimes.ts';
import { needRegistry } from './registry-of-lab.ts';

/** `images clean`: frees what no tag names in the registry of the lab, which is stopped meanwhile. */
export async function cleanRegistryOfLab(context: Context, line: CommandLine): Promise<ExitCode> {
  const directory = openLab(context, line);
  await refuseIfNot(await runtimesOf(context).ofFolder(directory), 'images', directory, context);
  const tell = reporterFor(context, line);
  const world = { context, reporter: tell, clock: systemClock, tryLock: tryLockFile };
  const cleaned = await withLabLock(directory, world, async () => {
    const { lab, runtime } = await labThere(context, line, directory);
    needRegistry(lab.plan, runtime.name === 'embedded');
    const clean = runtime.images?.clean;
    if (clean === undefined) throw new Error('a runtime with a registry has no way to clean it');
    return clean({ plan: lab.plan, directory, tell, signal: context.signal });
  });
  context.stdout.write(isOn(line, 'json') ? `${JSON.stringify(cleaned, undefined, 2)}\n` : textOf(cleaned));
  return exitCodes.ok;
}

function textOf({ beforeBytes, afterBytes, manifests }: CleanedRegistry): string {
  const freed = beforeBytes - afterBytes;
  const unnamed = manifests === 1 ? '1 manifest was' : `${manifests} manifests were`;
  const sizes = `${megabytes(beforeBytes)} before, ${megabytes(afterBytes)} now`;
  return freed <= 0
    ? `Nothing to free: ${sizes}\n`
    : `Freed ${megabytes(freed)}: ${sizes}; ${unnamed} named by no tag\n`;
}
