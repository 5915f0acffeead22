import { join, relative } from 'node:path';
import { exitCodes } from '../../errors/exit-codes.ts';
import { UserError } from '../../errors/user-error.ts';
import { recoverLab } from '../../lab/recover-lab.ts';
import type { Context } from '../../platform/context.ts';
import type { CommandResult } from '../../platform/run-command.ts';
import { isOn, type CommandLine } from '../command-line.ts';
import type { Command } from '../command.ts';
import { labDirectory } from '../plan-source.ts';
import { composeCommand, composeFile, refuseOtherLab } from '../compose-project.ts';
import { isLab, notALab } from '../read-spec.ts';

type Name = 'up' | 'down' | 'status' | 'logs';

interface Invocation {
  readonly program: 'docker' | 'vagrant';
  readonly arguments: readonly string[];
  readonly env?: Readonly<Record<string, undefined>>;
}

/** What each verb runs in a lab on one Docker Engine. */
const composeArguments = {
  // Whatever was there before and is not in the file any more would keep its ports.
  up: () => ['up', '--detach', '--wait', '--remove-orphans'],
  down: () => ['down', '--volumes', '--remove-orphans'],
  status: () => ['ps', '--all'],
  logs: (line) => ['logs', ...(isOn(line, 'follow') ? ['--follow'] : []), '--', ...line.positionals],
} as const satisfies Record<Name, (line: CommandLine) => readonly string[]>;

/** `up`, `down`, `status` and `logs`: the lab's own Compose file or Vagrantfile, given to the program it is for. */
export function composeVerb(name: Name): Command {
  return async (context, line) => {
    const directory = labDirectory(context, line);
    if (!isLab(context, directory)) throw notALab(context, directory);
    recoverLab(context.files, directory);
    const invocation = invocationFor(context, directory, name, line);
    if (invocation.program === 'docker') await refuseOtherLab(context, directory);
    const { env = {} } = invocation;
    const options = { cwd: directory, stdio: 'inherit', signal: context.signal, env } as const;
    report(invocation, await context.runCommand(invocation.program, invocation.arguments, options));
    return exitCodes.ok;
  };
}

function invocationFor(context: Context, directory: string, name: Name, line: CommandLine): Invocation {
  const has = (file: string) => context.files.kindOf(join(directory, file)) !== undefined;
  if (has(composeFile)) {
    return { program: 'docker', ...composeCommand(context, directory, composeArguments[name](line)) };
  }
  if (!has('Vagrantfile')) throw byHand(context, directory, name);
  switch (name) {
    case 'up':
      return { program: 'vagrant', arguments: ['up'] };
    case 'down':
      return { program: 'vagrant', arguments: ['destroy', '--force'] };
    case 'status':
      return { program: 'vagrant', arguments: ['status'] };
    case 'logs':
      throw new UserError({
        code: 'USAGE_ARGUMENTS',
        message: 'the logs of virtual machines cannot be shown together yet',
        fix: 'vagrant ssh NODE, and there docker compose logs: README.md of the lab has the folder',
      });
  }
}

function byHand({ cwd }: Context, directory: string, name: Name): UserError {
  return new UserError({
    code: 'USAGE_ARGUMENTS',
    message: `this version cannot run ${name} on machines that it did not make`,
    place: { kind: 'path', path: relative(cwd, directory) || '.' },
    fix: 'each machine has its own nodes/NAME/docker-compose.yml: README.md of the lab says how to start them',
  });
}

/** @throws UserError MACHINE_NO_DOCKER, MACHINE_NO_VAGRANT, COMMAND_FAILED or INTERRUPTED, unless the command succeeded */
function report({ program, arguments: programArguments }: Invocation, result: CommandResult): void {
  const command = [program, ...programArguments].join(' ');
  switch (result.kind) {
    case 'missing':
      throw new UserError({
        code: program === 'docker' ? 'MACHINE_NO_DOCKER' : 'MACHINE_NO_VAGRANT',
        message: `${program} is not on this machine, or not on PATH`,
        fix:
          program === 'docker'
            ? 'install Docker with Compose v2 (https://docs.docker.com/get-docker/); create-mesos-cluster doctor checks it'
            : 'install Vagrant and the provider of the lab (https://developer.hashicorp.com/vagrant/install)',
      });
    case 'stopped':
      throw new UserError({ code: 'INTERRUPTED', message: `Interrupted: ${command}` });
    case 'ended':
      if (result.exitCode === 0) return;
      throw new UserError({
        code: 'COMMAND_FAILED',
        message: `${command} ended with exit code ${result.exitCode}; what it said is above`,
        fix:
          program === 'docker' && programArguments.includes('up')
            ? 'if an image could not be pulled: --image and --registry-mirror take it from elsewhere, and up --runtime embedded needs none; doctor checks the rest'
            : 'create-mesos-cluster doctor checks what the lab needs',
      });
  }
}
