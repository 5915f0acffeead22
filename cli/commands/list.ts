import { exitCodes } from '../../errors/exit-codes.ts';
import type { Context } from '../../platform/context.ts';
import { isOn } from '../command-line.ts';
import type { Command } from '../command.ts';
import { registryOf } from '../runtimes.ts';
import { table } from '../table.ts';

/** A lab that runs on this machine. */
interface ListedLab {
  readonly name: string;
  readonly runtime: 'embedded' | 'docker';
  /** Absolute; empty when nobody knows. */
  readonly directory: string;
  readonly processId?: number;
  readonly urls: readonly string[];
}

/** `list`: the labs that run on this machine, embedded or on its Docker Engine. */
export const list: Command = async (context, line) => {
  const labs = [...embeddedLabs(context), ...(await dockerLabs(context))];
  if (isOn(line, 'json')) context.stdout.write(`${JSON.stringify({ labs }, undefined, 2)}\n`);
  else if (labs.length === 0) context.stdout.write('No lab runs on this machine.\n');
  else {
    const rows = labs.map(({ name, runtime, directory, urls }) => [name, runtime, directory, urls.join(' ')]);
    context.stdout.write(table(['NAME', 'RUNTIME', 'FOLDER', 'MARATHON'], rows));
  }
  return exitCodes.ok;
};

function embeddedLabs(context: Context): readonly ListedLab[] {
  return registryOf(context)
    .running()
    .map(({ directory, record }) => ({
      name: record.plan.name,
      runtime: 'embedded',
      directory,
      processId: record.process.pid,
      urls: record.plan.urls.marathons,
    }));
}

const labelName = 'create-mesos-cluster.lab';
const format = `{{.Label "${labelName}"}}\t{{.Label "com.docker.compose.project.working_dir"}}`;

/** Containers carry the name of their lab; without a daemon that answers there are none. */
async function dockerLabs({ runCommand, cwd, signal }: Context): Promise<readonly ListedLab[]> {
  const words = ['ps', '--filter', `label=${labelName}`, '--format', format];
  const result = await runCommand('docker', words, { cwd, stdio: 'capture', signal, timeoutMs: 5000 });
  if (result.kind !== 'ended' || result.exitCode !== 0) return [];
  const lines = new Set(result.stdout.split('\n').filter((each) => each.trim() !== ''));
  return [...lines].map((each) => {
    const [name = '', directory = ''] = each.split('\t');
    return { name, runtime: 'docker', directory, urls: [] };
  });
}
