import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { localImages } from './docker-lab.ts';
import { hostEngine } from './engine.ts';
import { startRun, type LabRun, type StartedRun } from './lab-run.ts';
import type { TestHost, TestHosts } from './three-hosts.ts';

/** A lab on test hosts, in a temporary folder of this machine, driven by the built program as its user would. */
export interface HostsLab {
  readonly directory: string;
  readonly start: (...argv: readonly string[]) => StartedRun;
  readonly run: (...argv: readonly string[]) => Promise<LabRun>;
  /** Writes another spec and the lab's files from it. */
  readonly respec: (spec: HostsSpec) => Promise<void>;
  readonly remove: () => Promise<void>;
}

/** A node of a spec, by the host that it is on. */
export interface HostsNode {
  readonly host: TestHost;
  readonly roles: readonly string[];
  /** Instead of the host's SSH server. */
  readonly docker?: string;
  readonly address?: string;
  readonly [key: string]: unknown;
}

export interface HostsSpec {
  readonly name: string;
  readonly nodes: readonly HostsNode[];
  readonly [key: string]: unknown;
}

/** Images that the hosts need from this machine; agents' image is built by `up`. */
export const hostsImages: readonly string[] = ['zookeeper', 'node']
  .map((name) => `create-mesos-cluster-test/${name}:local`)
  .concat('nginx:1.27');

/** JSON is YAML. */
function specText({ nodes, ...rest }: HostsSpec): string {
  const images = { ...localImages, overrides: { zookeeper: localImages.overrides.zookeeper } };
  const written = nodes.map(({ host, docker = host.ssh, address = host.address, ...node }) => ({
    name: host.name,
    ...{ address, docker },
    ...node,
  }));
  return JSON.stringify({ placement: 'machines', timing: 'fast', images, ...rest, nodes: written }, undefined, 2);
}

/** Makes a lab; `environment` goes to every command, over that of the hosts. */
export async function hostsLab(
  hosts: TestHosts,
  spec: HostsSpec,
  environment: Readonly<Record<string, string>> = {},
): Promise<HostsLab> {
  const folder = mkdtempSync(join(tmpdir(), 'hosts-lab-'));
  const directory = join(folder, 'lab');
  writeFileSync(join(folder, 'spec.yaml'), specText(spec));
  const startIn = (cwd: string, argv: readonly string[]) =>
    startRun(hostEngine, cwd, argv, { ...hosts.environment, XDG_STATE_HOME: join(folder, 'state'), ...environment });
  const run = (...argv: readonly string[]) => startIn(directory, argv).ended;
  const created = await startIn(folder, ['lab', '--spec', 'spec.yaml', '--yes']).ended;
  if (created.status !== 0) throw new Error(`the lab was not made: ${created.stderr}`);
  return {
    directory,
    start: (...argv) => startIn(directory, argv),
    run,
    respec: async (next) => {
      writeFileSync(join(directory, 'mesos-cluster.yaml'), specText(next));
      const { status, stderr } = await run('generate');
      if (status !== 0) throw new Error(`generate: ${stderr}`);
    },
    remove: async () => {
      await run('down');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** What a host has of containers, those of tasks among them: `name id`. */
export async function containersOn(hosts: TestHosts, ...names: readonly string[]): Promise<readonly string[]> {
  const lists = await Promise.all(
    names.map((name) =>
      hosts.exec(name, 'docker', 'ps', '--all', '--no-trunc', '--format', `${name} {{.Names}} {{.ID}}`),
    ),
  );
  return lists.flatMap((text) => text.split('\n').filter((line) => line !== '')).sort();
}

/** Runs `up`. @throws when it fails, with what it said */
export async function upOnHosts(lab: HostsLab, ...flags: readonly string[]): Promise<LabRun> {
  const run = await lab.run('up', ...flags);
  if (run.status === 0) return run;
  throw new Error(`exit code ${String(run.status)} of up:\n${run.stdout}\n${run.stderr}`);
}
