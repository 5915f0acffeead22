import { exitCodes } from '../../errors/exit-codes.ts';
import { UserError } from '../../errors/user-error.ts';
import type { PlannedNode } from '../../planning/plan/plan.ts';
import type { Command } from '../command-line/command.ts';
import { openLab, planOfLab } from '../lab/open-lab.ts';
import { refuseIfNot, runtimeOnMachines, runtimesOf } from '../running/runtimes.ts';

/** `ssh NODE [--] [COMMAND…]`: logs in to a machine of the lab, on the user's terminal; its exit code is ours. */
export const ssh: Command = async (context, line) => {
  const directory = openLab(context, line);
  const runtimes = runtimesOf(context);
  await refuseIfNot(await runtimes.ofFolder(directory), 'ssh', directory, context);
  const plan = await planOfLab(context, line, directory);
  const [name = '', ...words] = line.positionals;
  const logIn = runtimeOnMachines(runtimes, plan)?.login;
  const node = plan.nodes.find((each) => each.name === name);
  if (logIn === undefined || node === undefined) throw unknownNode(name, logIn === undefined ? [] : plan.nodes);
  const { program, words: programWords, missing } = logIn(node, words);
  const options = { cwd: directory, stdio: 'inherit', signal: context.signal } as const;
  const result = await context.runCommand(program, programWords, options);
  switch (result.kind) {
    case 'ended':
      return result.exitCode;
    case 'stopped':
      return exitCodes.interrupted;
    case 'missing':
      throw new UserError(missing);
  }
};

const unknownNode = (name: string, nodes: readonly PlannedNode[]) =>
  new UserError({
    code: 'USAGE_UNKNOWN_NAME',
    message:
      nodes.length === 0 ? 'this lab has no machines of its own to log in to' : `the lab has no node called ${name}`,
    found: name,
    ...(nodes.length === 0 ? {} : { allowed: nodes.map((node) => node.name).join(', ') }),
    fix: 'create-mesos-cluster exec NAME COMMAND runs a command in a container',
  });
