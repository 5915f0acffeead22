import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';

const script = fileURLToPath(new URL('../../../scripts/three-hosts.sh', import.meta.url));

/** Whom the hosts let in. */
const user = 'root';

/** A host of scripts/three-hosts.sh: namespaces of this machine with an Engine and an SSH server of their own. */
export interface TestHost {
  /** `node1`, and its host name. */
  readonly name: string;
  readonly address: string;
  /** `unix:///…`, on this machine. */
  readonly socket: string;
  /** `ssh://USER@ADDRESS`, with the user root: needs `environment`. */
  readonly ssh: string;
}

export interface TestHosts {
  readonly hosts: readonly TestHost[];
  /** The host with this name; throws when there is none. */
  readonly host: (name: string) => TestHost;
  /** With an `ssh` first on PATH that knows key and host keys: for `docker -H ssh://…` and for `ssh node1`. */
  readonly environment: Readonly<Record<string, string>>;
  /** Private key that root of each host lets in. */
  readonly sshKey: string;
  readonly knownHosts: string;
  /** For `ssh -F`: names, key and known hosts. */
  readonly sshConfig: string;
  /** Pulls the network cable of a host out, and puts it back. */
  readonly cut: (node: string) => Promise<void>;
  readonly join: (node: string) => Promise<void>;
  /** Power off and on. Images, containers, /opt and /var/lib/mesos stay. */
  readonly reboot: (node: string) => Promise<void>;
  /** Copies images of this machine's Engine to every host. */
  readonly load: (...images: readonly string[]) => Promise<void>;
  /** Output of a command on a host; fails when the command does. */
  readonly exec: (node: string, ...command: readonly string[]) => Promise<string>;
  /** The same hosts and as many more as are missing. */
  readonly grow: (count: number) => Promise<TestHosts>;
  /** Removes all that was made. */
  readonly stop: () => Promise<void>;
}

export interface TestHostsOptions {
  /** Names namespaces and the interface of this machine: at most 15 characters, other than those of tests that may run at the same time. */
  readonly name: string;
  /** Address of node1 in a network of its own; this machine gets the one before it. Default: 192.168.59.11 */
  readonly first?: string;
  /** 1 to 9; default 3. */
  readonly count?: number;
  /** Size of the Engine's disk by node, in MB; others share this machine's. */
  readonly diskMb?: Readonly<Record<string, number>>;
}

/**
 * Starts hosts and waits until their Engines and SSH servers answer. About three seconds. What a run that was killed left
 * behind under the same name is removed first.
 * @throws {Error} with the script's words when a host does not come up; nothing is left behind then
 */
export async function startHosts(options: TestHostsOptions): Promise<TestHosts> {
  const state = `/var/lib/create-mesos-cluster-test-hosts-${options.name}`;
  const disks = Object.entries(options.diskMb ?? {}).map(([node, size]) => `${node}=${String(size)}`);
  const env = {
    HOSTS_STATE: state,
    HOSTS_NAME: options.name,
    HOSTS_FIRST: options.first ?? '192.168.59.11',
    HOSTS_DISK_MB: disks.join(' '),
  };
  const run = async (...args: readonly string[]) => (await execa(script, args, { env, timeout: 300_000 })).stdout;
  const quietly = async (...args: readonly string[]) => {
    await run(...args);
  };

  const up = async (count: number): Promise<TestHosts> => {
    const hosts = (await run('up', String(count))).split('\n').map((line): TestHost => {
      const [name = '', address = '', socket = ''] = line.split(' ');
      return { name, address, socket, ssh: `ssh://${user}@${address}` };
    });
    return {
      hosts,
      host: (name) => {
        const found = hosts.find((it) => it.name === name);
        if (found === undefined) throw new Error(`no test host ${name}`);
        return found;
      },
      environment: { PATH: `${join(state, 'bin')}:${process.env['PATH'] ?? ''}` },
      sshKey: join(state, 'ssh', 'key'),
      knownHosts: join(state, 'ssh', 'known_hosts'),
      sshConfig: join(state, 'ssh', 'config'),
      cut: (node) => quietly('cut', node),
      join: (node) => quietly('join', node),
      reboot: (node) => quietly('reboot', node),
      load: (...images) => quietly('load', ...images),
      exec: (node, ...command) => run('exec', node, ...command),
      grow: up,
      stop: () => quietly('down'),
    };
  };

  await run('down');
  try {
    return await up(options.count ?? 3);
  } catch (error) {
    await run('down');
    throw error;
  }
}
