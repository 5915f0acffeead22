import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { readRegistryCredentials } from '../../../lab/registry-credentials.ts';
import { nodeFileSystem } from '../../../platform/files/node-file-system.ts';
import type { DockerLab } from './docker-lab.ts';

/** How a command of Docker's client ended. */
export interface DockerEnd {
  readonly status: number;
  readonly output: string;
}

/** Docker's client as somebody on this machine uses it with the registry of a lab, with logins of its own. */
export interface RegistryClient {
  /** `127.0.0.1:PORT` */
  readonly address: string;
  readonly run: (words: readonly string[], input?: string) => Promise<DockerEnd>;
  /** Logs in with what the lab has in secrets/registry, or with another password. */
  readonly login: (password?: string) => Promise<DockerEnd>;
  /** Gives an image of this machine a name in the registry, and pushes it. */
  readonly push: (image: string, name: string) => Promise<DockerEnd>;
  /** Removes the names that were given, and the logins. */
  readonly remove: () => Promise<void>;
}

/** Where this machine has the registry of a lab: `127.0.0.1:PORT`. */
export const registryAddress = ({ portOffset }: DockerLab): string => `127.0.0.1:${String(5000 + portOffset)}`;

/** Who may push there, as the lab's own file says. */
export const whoMayPush = ({ directory }: DockerLab) => readRegistryCredentials(nodeFileSystem, directory);

export function registryClient(lab: DockerLab): RegistryClient {
  const config = mkdtempSync(join(tmpdir(), 'docker-config-'));
  const address = registryAddress(lab);
  const names = new Set<string>();
  const run = async (words: readonly string[], input = ''): Promise<DockerEnd> => {
    const { exitCode, all } = await execa('docker', words, {
      ...{ env: { DOCKER_CONFIG: config }, input, reject: false, all: true, timeout: 120_000 },
    });
    return { status: exitCode ?? -1, output: all };
  };
  return {
    address,
    run,
    login: (password) => {
      const { user, password: own } = whoMayPush(lab);
      return run(['login', '--username', user, '--password-stdin', address], password ?? own);
    },
    push: async (image, name) => {
      names.add(`${address}/${name}`);
      await run(['tag', image, `${address}/${name}`]);
      return run(['push', '--quiet', `${address}/${name}`]);
    },
    remove: async () => {
      if (names.size > 0) await run(['image', 'rm', ...names]);
      rmSync(config, { recursive: true, force: true });
    },
  };
}
