import { exitCodes } from '../../errors/exit-codes.ts';
import { isUserError } from '../../errors/user-error.ts';
import type { Context } from '../../platform/context.ts';
import { labContainers, type LabContainer } from '../../runtimes/docker/lab/lab-containers.ts';
import { readDockerRecord } from '../../runtimes/docker/lab/docker-record.ts';
import { labFolderOf } from '../../runtimes/hosts/nodes/node-containers.ts';
import { madeMachines } from '../../runtimes/hosts/vagrant/vagrant-lab.ts';
import { isOn, type CommandLine } from '../command-line/command-line.ts';
import type { Command } from '../command-line/command.ts';
import { reporterFor } from '../apps/running-marathon.ts';
import { dockerEngineOf, hostsRegistryOf, registryOf } from '../running/runtimes.ts';
import { table } from '../printing/table.ts';

/** A lab of this machine. */
interface ListedLab {
  readonly name: string;
  readonly runtime: 'embedded' | 'docker' | 'hosts' | 'vagrant';
  /** `running`, `stopped`, `3 of 11 run`. */
  readonly state: string;
  /** Absolute. */
  readonly directory: string;
  /** Its folder is not there any more: `down NAME` ends it. */
  readonly folderIsGone: boolean;
  readonly processId?: number;
  readonly urls: readonly string[];
}

/** `list`: the labs of this machine, embedded or on its Docker Engine; those that were stopped among them. */
export const list: Command = async (context, line) => {
  const labs = [...embeddedLabs(context), ...(await dockerLabs(context, line)), ...hostsLabs(context)];
  if (isOn(line, 'json')) context.stdout.write(`${JSON.stringify({ labs }, undefined, 2)}\n`);
  else if (labs.length === 0) context.stdout.write('No lab runs on this machine.\n');
  else {
    const rows = labs.map(({ name, runtime, state, directory, folderIsGone, urls }) => {
      const folder = folderIsGone ? `${directory} (gone: down ${name} ends it)` : directory;
      return [name, runtime, state, folder, urls.join(' ')];
    });
    context.stdout.write(table(['NAME', 'RUNTIME', 'STATE', 'FOLDER', 'MARATHON'], rows));
  }
  return exitCodes.ok;
};

function embeddedLabs(context: Context): readonly ListedLab[] {
  return registryOf(context)
    .running()
    .map(({ directory, record }) => ({
      name: record.plan.name,
      runtime: 'embedded',
      state: 'running',
      directory,
      folderIsGone: false,
      processId: record.process.pid,
      urls: record.plan.urls.marathons,
    }));
}

/** Labs on machines of their own that were started from here: by their records, without asking the machines. */
function hostsLabs(context: Context): readonly ListedLab[] {
  return hostsRegistryOf(context)
    .started()
    .map(({ directory, record: { name, phase, plan } }) => ({
      name,
      runtime: plan.vagrant === undefined ? 'hosts' : 'vagrant',
      state:
        phase === 'starting'
          ? 'starting'
          : plan.vagrant === undefined
            ? `on ${plan.nodes.length} machines`
            : virtualMachines(madeMachines(context.files, directory).length),
      directory,
      folderIsGone: false,
      urls: plan.urls.marathons,
    }));
}

/** Whether they run, only Vagrant knows, and that takes seconds. */
const virtualMachines = (count: number): string =>
  count === 0 ? 'no virtual machines' : `on ${count} virtual machine${count === 1 ? '' : 's'}`;

/** Containers carry the name of their lab; without Docker there are none. */
async function dockerLabs(context: Context, line: CommandLine): Promise<readonly ListedLab[]> {
  const containers = await labContainers(dockerEngineOf(context), []).catch((error: unknown) => {
    context.signal.throwIfAborted();
    if (!isUserError(error)) throw error;
    const [{ code, message }] = error.problems;
    if (code !== 'MACHINE_NO_DOCKER') reporterFor(context, line).warn(`${message}: labs on Docker are not shown`);
    return [];
  });
  context.signal.throwIfAborted();
  const labs = new Map<string, LabContainer[]>();
  for (const container of containers) {
    const key = JSON.stringify([container.lab, container.directory]);
    labs.set(key, [...(labs.get(key) ?? []), container]);
  }
  return [...labs.values()].flatMap((parts) => dockerLab(context, parts));
}

function dockerLab({ files }: Context, parts: readonly LabContainer[]): readonly ListedLab[] {
  const [first] = parts;
  if (first === undefined) return [];
  const { lab: name, directory } = first;
  // A node of a lab on several machines.
  if (files.kindOf(`${labFolderOf(first)}/nodes`) !== undefined) return [];
  const running = parts.filter(({ state }) => state === 'running').length;
  const state = running === parts.length ? 'running' : running === 0 ? 'stopped' : `${running} of ${parts.length} run`;
  const folderIsGone = files.kindOf(`${directory}/mesos-cluster.yaml`) === undefined;
  const urls = readDockerRecord(files, directory)?.plan.urls.marathons ?? [];
  return [{ name, runtime: 'docker', state, directory, folderIsGone, urls: running === 0 ? [] : urls }];
}
