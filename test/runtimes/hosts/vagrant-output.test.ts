import { describe, expect, it } from 'vitest';
import { vagrantOutput } from '../../../runtimes/hosts/vagrant/vagrant-output.ts';

/** What is told of these lines. */
const failureOf = (...lines: readonly string[]) => {
  const output = vagrantOutput();
  for (const line of lines) output.add(line);
  return output
    .failure()
    .split('\n')
    .map((line) => line.trim());
};

// As Vagrant 2.3.4 with vagrant-libvirt said it of a real machine.
const generic = [
  'The SSH command responded with a non-zero exit status. Vagrant',
  'assumes that this means the command failed.',
];

describe('the reason why vagrant failed', () => {
  it('is what the machine said that spoke last, and behind it what Vagrant says', () => {
    expect(
      failureOf(
        '==> node1: Running provisioner: start (shell)...',
        '    node1:  zookeeper Pulling',
        '    node1: provision: gave up after 3 attempts: docker compose up',
        '',
        ...generic,
      ),
    ).toEqual([
      'node1: Running provisioner: start (shell)...',
      'node1:  zookeeper Pulling',
      'node1: provision: gave up after 3 attempts: docker compose up',
      ...generic,
    ]);
  });

  // batch_multi_error and batch_vagrant_error of its locale.
  it('is of the machines that Vagrant names, where several were worked on side by side', () => {
    const found = failureOf(
      '    node2: exec: "docker-init": executable file not found',
      '    node3: provision: starting the containers of node3',
      'An error occurred while executing multiple actions in parallel.',
      'Any errors that occurred are shown below.',
      '',
      "An error occurred while executing the action on the 'node2'",
      'machine. Please handle this error then try again:',
      '',
      ...generic,
    );
    expect(found[0]).toBe('node2: exec: "docker-init": executable file not found');
    expect(found.join('\n')).not.toContain('node3');
  });

  it('is the first line of an error that Vagrant did not catch', () => {
    const from = (name: string) => `\tfrom /usr/share/gems/vagrant-2.3.4/lib/vagrant/${name}.rb:86:in 'block'`;
    const error =
      "/usr/lib/ruby/fog/libvirt.rb:23:in 'create': Call to virDomainCreateWithFlags failed (Libvirt::Error)";
    expect(
      failureOf('==> node1: Starting domain.', error, ...Array.from({ length: 60 }, () => from('machine'))),
    ).toEqual(['node1: Starting domain.', error]);
  });

  it('is only the end of what a machine said', () => {
    const lines = Array.from({ length: 100 }, (_, index) => `    node1: line ${String(index)}`);
    expect(failureOf(...lines)).toHaveLength(8);
    expect(failureOf(...lines).at(-1)).toBe('node1: line 99');
  });
});
