import type { ShellOrArgv } from '../../../protocol/marathon/marathon-checks.ts';
import type { CommandInfo } from '../../../protocol/mesos.ts';

/** For Mesos's own executor the first of the arguments is the program, too; what an image runs may be its own. */
export function ownCommand(command: ShellOrArgv, isProgramGiven = true): CommandInfo {
  if ('shell' in command) return { shell: true, value: command.shell };
  const [program = ''] = command.argv;
  return { shell: false, ...(isProgramGiven ? { value: program } : {}), arguments: command.argv };
}
