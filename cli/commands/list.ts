import { exitCodes } from '../../errors/exit-codes.ts';
import { isOn } from '../command-line/command-line.ts';
import type { Command } from '../command-line/command.ts';
import { reporterFor } from '../apps/running-marathon.ts';
import { runtimesOf } from '../running/runtimes.ts';
import { table } from '../printing/table.ts';

/** `list`: the labs of this machine, whatever runs them; those that were stopped among them. */
export const list: Command = async (context, line) => {
  const { embedded, docker, hosts, vagrant } = runtimesOf(context);
  const { warn } = reporterFor(context, line);
  const runtimes = [embedded, docker, hosts, vagrant];
  const lists = await Promise.all(runtimes.map(async (each) => (await each.labs?.list(warn, context.signal)) ?? []));
  const labs = lists.flat();
  if (isOn(line, 'json')) context.stdout.write(`${JSON.stringify({ labs }, undefined, 2)}\n`);
  else if (labs.length === 0) context.stdout.write('No lab runs on this machine.\n');
  else {
    const rows = labs.map(({ name, runtime, state, directory, folderIsGone, urls }) => {
      const folder = folderIsGone ? `${directory} (gone: down ${name} ends it)` : directory;
      return [name, runtime, state, folder, urls.join(' ')];
    });
    context.stdout.write(table(['NAME', 'RUNTIME', 'STATE', 'FOLDER', 'MARATHON'], rows));
  }
  return exitCodes.ok;
};
