import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';

const scripts = fileURLToPath(new URL('../machines', import.meta.url));

export type System = 'debian' | 'ubuntu';

export interface MachineOutput {
  readonly exitCode: number | undefined;
  /** Standard output and standard error. */
  readonly text: string;
}

/** A clean Debian or Ubuntu with a real systemd, in a container: a virtual machine but for kernel and boot loader. */
export interface Machine {
  readonly run: (script: string, environment?: Readonly<Record<string, string>>) => Promise<MachineOutput>;
  /** Output of commands that have to succeed. */
  readonly read: (script: string) => Promise<string>;
  /** Copies a file or a folder of this machine to an absolute path. */
  readonly put: (from: string, to: string) => Promise<void>;
  /** Copies an image of this machine's Engine into that of the machine. */
  readonly load: (image: string) => Promise<void>;
  readonly reboot: () => Promise<void>;
  readonly remove: () => Promise<void>;
}

export interface MachineOptions {
  readonly name: string;
  /** Default: node1. */
  readonly hostname?: string;
  /** Of `prepareSystem`, or made from one of those. */
  readonly image: string;
  /** Arguments of `docker run`: network, volumes. */
  readonly arguments?: readonly string[];
}

/** Makes the image of a system. @returns its name */
export async function prepareSystem(system: System): Promise<string> {
  await execa(`${scripts}/machine-image.sh`, [system]);
  return imageOf(system);
}

export const imageOf = (system: System): string => `create-mesos-cluster-test/machine-${system}:local`;

/** Makes the images of both systems, of the proxy, and a folder with the stand-in for Docker's apt repository. */
export async function prepareMachines(systems: readonly System[], proxyImage: string, packages: string): Promise<void> {
  for (const system of systems) await prepareSystem(system);
  await execa('docker', ['build', '--quiet', '--tag', proxyImage, `${scripts}/proxy`]);
  await execa(`${scripts}/docker-repository.sh`, [packages]);
}

/** At first there is no systemd to ask yet. */
async function waitUntilBooted(run: Machine['run']): Promise<void> {
  const deadline = Date.now() + 60_000;
  for (;;) {
    const { text } = await run('systemctl is-system-running --wait');
    if (text === 'running') return;
    if (Date.now() > deadline) throw new Error(`not booted after 60 s: ${(await run('systemctl --failed')).text}`);
    await sleep(300);
  }
}

/** Starts a machine and waits until systemd says that it is up. */
export async function startMachine(options: MachineOptions): Promise<Machine> {
  const { name, hostname = 'node1', image, arguments: more = [] } = options;
  // systemd wants both in memory; /tmp is on the disk, as on a virtual machine.
  const args = ['--privileged', '--name', name, '--hostname', hostname, '--tmpfs', '/run', '--tmpfs', '/run/lock'];
  await execa('docker', ['run', '--detach', ...args, ...more, image]);
  const run = async (script: string, environment: Readonly<Record<string, string>> = {}): Promise<MachineOutput> => {
    const variables = Object.entries(environment).flatMap(([key, value]) => ['--env', `${key}=${value}`]);
    const command = ['exec', ...variables, name, 'bash', '-c', script];
    const { exitCode, all } = await execa('docker', command, { reject: false, all: true, timeout: 300_000 });
    return { exitCode, text: all };
  };
  const read = async (script: string) => {
    const { exitCode, text } = await run(`set -eo pipefail; ${script}`);
    if (exitCode !== 0) throw new Error(`exit code ${String(exitCode)} on ${name}: ${script}\n${text}`);
    return text;
  };
  const remove = async () => {
    await execa('docker', ['rm', '--force', '--volumes', name]);
  };
  try {
    await waitUntilBooted(run);
  } catch (error) {
    await remove();
    throw error;
  }
  return {
    run,
    read,
    put: async (from, to) => {
      await read(`mkdir -p '${dirname(to)}'`);
      await execa('docker', ['cp', '--quiet', from, `${name}:${to}`]);
    },
    load: async (image) => {
      const load = ['exec', '--interactive', name, 'docker', 'load'];
      // Not through the memory of this process.
      await execa('docker', ['save', image], { buffer: false }).pipe('docker', load);
    },
    reboot: async () => {
      await execa('docker', ['restart', name]);
      await waitUntilBooted(run);
    },
    remove,
  };
}
