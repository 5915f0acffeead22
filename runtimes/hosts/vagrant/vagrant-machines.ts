import { UserError } from '../../../errors/user-error.ts';
import type { CommandResult, RunCommand } from '../../../platform/processes/run-command.ts';
import { shellWords } from '../../../platform/processes/shell-words.ts';
import { lastLines, type DockerEngine } from '../../docker/docker-engine.ts';

/** The virtual machines of a lab, by the `vagrant` program. */
export interface VagrantMachines {
  /** By name: `running`, `poweroff`, `saved`, `not_created`, … as the provider calls it. */
  readonly states: () => Promise<ReadonlyMap<string, string>>;
  /** Runs `vagrant` and hands over what it prints, line by line. @throws UserError when it fails */
  readonly run: (words: readonly string[], options: VagrantCall) => Promise<void>;
  /** The Docker Engine of a machine, asked inside it. */
  readonly engine: (machine: string) => DockerEngine;
}

export interface VagrantCall {
  readonly signal: AbortSignal;
  readonly onLine?: (line: string) => void;
}

interface VagrantWorld {
  readonly runCommand: RunCommand;
  readonly signal: AbortSignal;
}

/** Ruby takes its time, and a provider may be asked for each machine. */
const statesMs = 120_000;

/** @param directory of the Vagrantfile, absolute */
export function vagrantMachines({ runCommand, signal }: VagrantWorld, directory: string): VagrantMachines {
  const capture = (
    words: readonly string[],
    own: AbortSignal,
    more: { timeoutMs?: number; onLine?: (line: string) => void },
  ) => runCommand('vagrant', words, { cwd: directory, stdio: 'capture', signal: own, ...more });
  return {
    states: async () => {
      const words = ['status', '--machine-readable'];
      const result = await capture(words, signal, { timeoutMs: statesMs });
      signal.throwIfAborted();
      return readStates(succeeded(words, result, ''));
    },
    run: async (words, { signal: own, onLine }) => {
      const said: string[] = [];
      const keep = (line: string) => {
        said.push(line);
        if (said.length > 40) said.shift();
        onLine?.(line);
      };
      const result = await capture(words, own, { onLine: keep });
      own.throwIfAborted();
      succeeded(words, result, said.join('\n'));
    },
    engine: (machine) => engineInside(runCommand, signal, directory, machine),
  };
}

/** @throws UserError MACHINE_NO_VAGRANT or COMMAND_FAILED, with what Vagrant said last */
function succeeded(words: readonly string[], result: CommandResult, said: string): string {
  if (result.kind === 'ended' && result.exitCode === 0) return result.stdout;
  if (result.kind === 'missing') {
    throw new UserError({
      code: 'MACHINE_NO_VAGRANT',
      message: 'vagrant is not on this machine, or not on PATH',
      fix: 'install Vagrant and the provider of the lab (https://developer.hashicorp.com/vagrant/install)',
    });
  }
  const how = result.kind === 'stopped' ? 'did not come to an end' : `ended with exit code ${result.exitCode}`;
  const found = lastLines(said === '' && result.kind === 'ended' ? `${result.stdout}\n${result.stderr}` : said, 8);
  throw new UserError({
    code: 'COMMAND_FAILED',
    message: `vagrant ${words.slice(0, 2).join(' ')} ${how}`,
    ...(found === '' ? {} : { found }),
    fix: 'create-mesos-cluster doctor checks what the lab needs; vagrant status shows the machines',
  });
}

/** `time,machine,state,running`, a line for each thing it says (Vagrant, Machine Readable Output). */
function readStates(text: string): ReadonlyMap<string, string> {
  const rows = text.split(/\r?\n/).map((line) => line.split(','));
  return new Map(
    rows.flatMap(([, machine = '', type, state = '']) =>
      type === 'state' && machine !== '' ? [[machine, state] as const] : [],
    ),
  );
}

function engineInside(runCommand: RunCommand, signal: AbortSignal, directory: string, machine: string): DockerEngine {
  const inside = (words: readonly string[]) => shellWords(['sudo', 'docker', ...words]);
  const command: DockerEngine['command'] = (words) => ({
    program: 'vagrant',
    arguments: ['ssh', machine, '--no-tty', '--command', inside(words)],
  });
  const run: DockerEngine['run'] = (words, call = {}) =>
    runCommand('vagrant', command(words).arguments, { signal, ...call, cwd: directory, stdio: 'capture' });
  return {
    endpoint: `vagrant ssh ${machine}`,
    command,
    run,
    ask: async (words, call = {}) => {
      const result = await run(words, { timeoutMs: 60_000, ...call });
      (call.signal ?? signal).throwIfAborted();
      return succeeded(['ssh', machine], result, '');
    },
    attach: (words, own) =>
      runCommand('vagrant', ['ssh', machine, '--command', inside(words)], {
        cwd: directory,
        stdio: 'inherit',
        signal: own,
      }),
  };
}
