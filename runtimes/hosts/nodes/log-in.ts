import { UserError } from '../../../errors/user-error.ts';
import { sshPlace } from '../../../platform/network/ssh-tunnel.ts';
import type { PlannedNode } from '../../../planning/plan/plan.ts';
import type { Login } from '../../cluster-runtime.ts';
import { sshDestination } from './ssh-problem.ts';

/** As ClusterRuntime.login, to where the node's Docker is reached. */
export function overSsh({ name, docker = '', address }: PlannedNode, words: readonly string[]): Login {
  const destination = sshDestination(docker);
  if (destination === undefined) {
    throw new UserError({
      code: 'USAGE_ARGUMENTS',
      message: `${name} is not reached over SSH, so there is nobody to log in as`,
      found: docker === '' ? 'no key docker' : docker,
      fix: `docker: ssh://user@${address ?? 'host'} under that node in mesos-cluster.yaml; create-mesos-cluster exec runs a command in a component`,
    });
  }
  return {
    program: 'ssh',
    words: [...sshPlace(destination), ...words],
    missing: {
      code: 'COMMAND_FAILED',
      message: 'ssh is not on this machine, or not on PATH',
      fix: 'install OpenSSH (openssh-client)',
    },
  };
}

/** The same, by Vagrant, which has a shell on the other side: the words are one text for it, as they are for ssh. */
export function byVagrant({ name }: PlannedNode, words: readonly string[]): Login {
  return {
    program: 'vagrant',
    words: ['ssh', name, ...(words.length === 0 ? [] : ['--command', words.join(' ')])],
    missing: {
      code: 'MACHINE_NO_VAGRANT',
      message: 'vagrant is not on this machine, or not on PATH',
      fix: 'install Vagrant: https://developer.hashicorp.com/vagrant/install',
    },
  };
}
