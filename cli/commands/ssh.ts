import { exitCodes } from '../../errors/exit-codes.ts';
import { UserError } from '../../errors/user-error.ts';
import { sshPlace } from '../../platform/network/ssh-tunnel.ts';
import { sshDestination } from '../../runtimes/hosts/nodes/ssh-problem.ts';
import type { PlannedNode } from '../../planning/plan/plan.ts';
import type { Command } from '../command-line/command.ts';
import { openLab, planOfLab } from '../lab/open-lab.ts';

/** `ssh NODE [--] [COMMAND…]`: logs in to a machine of the lab, on the user's terminal; its exit code is ours. */
export const ssh: Command = async (context, line) => {
  const directory = openLab(context, line);
  const plan = await planOfLab(context, line, directory);
  const [name = '', ...words] = line.positionals;
  const node = plan.nodes.find((each) => each.name === name);
  if (plan.placement !== 'machines' || node === undefined)
    throw unknownNode(name, plan.placement === 'machines' ? plan.nodes : []);
  const { program, words: programWords } = plan.vagrant === undefined ? overSsh(node, words) : byVagrant(name, words);
  const options = { cwd: directory, stdio: 'inherit', signal: context.signal } as const;
  const result = await context.runCommand(program, programWords, options);
  switch (result.kind) {
    case 'ended':
      return result.exitCode;
    case 'stopped':
      return exitCodes.interrupted;
    case 'missing':
      throw new UserError({
        code: plan.vagrant === undefined ? 'COMMAND_FAILED' : 'MACHINE_NO_VAGRANT',
        message: `${program} is not on this machine, or not on PATH`,
        fix:
          program === 'ssh'
            ? 'install OpenSSH (openssh-client)'
            : 'install Vagrant: https://developer.hashicorp.com/vagrant/install',
      });
  }
};

/** Vagrant has a shell on the other side: the words are one text for it, as they are for ssh. */
const byVagrant = (name: string, words: readonly string[]) => ({
  program: 'vagrant',
  words: ['ssh', name, ...(words.length === 0 ? [] : ['--command', words.join(' ')])],
});

function overSsh({ name, docker = '', address }: PlannedNode, words: readonly string[]) {
  const destination = sshDestination(docker);
  if (destination !== undefined) return { program: 'ssh', words: [...sshPlace(destination), ...words] };
  throw new UserError({
    code: 'USAGE_ARGUMENTS',
    message: `${name} is not reached over SSH, so there is nobody to log in as`,
    found: docker === '' ? 'no key docker' : docker,
    fix: `docker: ssh://user@${address ?? 'host'} under that node in mesos-cluster.yaml; create-mesos-cluster exec runs a command in a component`,
  });
}

const unknownNode = (name: string, nodes: readonly PlannedNode[]) =>
  new UserError({
    code: 'USAGE_UNKNOWN_NAME',
    message:
      nodes.length === 0 ? 'this lab has no machines of its own to log in to' : `the lab has no node called ${name}`,
    found: name,
    ...(nodes.length === 0 ? {} : { allowed: nodes.map((node) => node.name).join(', ') }),
    fix: 'create-mesos-cluster exec NAME COMMAND runs a command in a container',
  });
