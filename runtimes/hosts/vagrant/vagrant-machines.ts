import { UserError } from '../../../errors/user-error.ts';
import type { CommandResult, RunCommand } from '../../../platform/processes/run-command.ts';
import { shellWords } from '../../../platform/processes/shell-words.ts';
import { lastLines, type DockerEngine } from '../../docker/docker-engine.ts';
import { vagrantOutput } from './vagrant-output.ts';

/** The virtual machines of a lab, by the `vagrant` program. */
export interface VagrantMachines {
  /** By name: `running`, `poweroff`, `saved`, `not_created`, … as the provider calls it. */
  readonly states: (signal: AbortSignal) => Promise<ReadonlyMap<string, string>>;
  /** How to log in to running machines: for each, by name, a section of an SSH configuration; none where it is not known. */
  readonly sshConfig: (names: readonly string[], signal: AbortSignal) => Promise<ReadonlyMap<string, string>>;
  /** Runs `vagrant` and hands over what it prints, line by line. @throws UserError when it fails, or not in time */
  readonly run: (words: readonly string[], options: VagrantCall) => Promise<void>;
  /** The Docker Engine of a machine, asked inside it: each question starts Vagrant. */
  readonly engineInside: (machine: string) => DockerEngine;
}

export interface VagrantCall {
  readonly signal: AbortSignal;
  /** Then it is ended; missing: it may take as long as it does. */
  readonly timeoutMs?: number;
  /** Read instead of the lab's own, relative to its folder. */
  readonly vagrantfile?: string;
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
  const capture = (words: readonly string[], { vagrantfile, ...call }: VagrantCall) => {
    const env = vagrantfile === undefined ? {} : { env: { VAGRANT_VAGRANTFILE: vagrantfile } };
    return runCommand('vagrant', words, { cwd: directory, stdio: 'capture', ...env, ...call });
  };
  return {
    states: async (own) => {
      const words = ['status', '--machine-readable'];
      const result = await capture(words, { signal: own, timeoutMs: statesMs });
      own.throwIfAborted();
      return readStates(succeeded(words, result, { timeoutMs: statesMs }));
    },
    sshConfig: async (names, own) => {
      const result = await capture(['ssh-config', ...names], { signal: own, timeoutMs: statesMs });
      own.throwIfAborted();
      // It ends at the first machine that is not ready yet, and has printed those before.
      return readSections(result.kind === 'ended' ? result.stdout : '');
    },
    run: async (words, call) => {
      const output = vagrantOutput();
      const onLine = (line: string) => {
        output.add(line);
        call.onLine?.(line);
      };
      const result = await capture(words, { ...call, onLine });
      call.signal.throwIfAborted();
      succeeded(words, result, { ...call, said: output.failure() });
    },
    engineInside: (machine) => engineInside(runCommand, signal, directory, machine),
  };
}

/** @throws UserError MACHINE_NO_VAGRANT or COMMAND_FAILED, with what was said */
function succeeded(
  words: readonly string[],
  result: CommandResult,
  { said, timeoutMs }: { readonly said?: string; readonly timeoutMs?: number } = {},
): string {
  if (result.kind === 'ended' && result.exitCode === 0) return result.stdout;
  if (result.kind === 'missing') {
    throw new UserError({
      code: 'MACHINE_NO_VAGRANT',
      message: 'vagrant is not on this machine, or not on PATH',
      fix: 'install Vagrant and the provider of the lab (https://developer.hashicorp.com/vagrant/install)',
    });
  }
  const isLate = result.kind === 'stopped';
  const within = timeoutMs === undefined ? '' : ` within ${Math.round(timeoutMs / 1000)} s`;
  const how = isLate ? `did not come to an end${within}` : `ended with exit code ${result.exitCode}`;
  const found = said ?? (isLate ? '' : lastLines(`${result.stdout}\n${result.stderr}`, 8));
  throw new UserError({
    code: 'COMMAND_FAILED',
    message: `vagrant ${words.slice(0, 2).join(' ')} ${how}`,
    ...(found === '' ? {} : { found }),
    fix: `${isLate ? '--timeout SECONDS waits longer; ' : ''}create-mesos-cluster doctor checks what the lab needs; vagrant status shows the machines`,
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

/** `Host NAME` and its settings, for each machine. */
function readSections(text: string): ReadonlyMap<string, string> {
  const sections = text.split(/^(?=Host )/m).flatMap((section) => {
    const name = /^Host (\S+)/.exec(section)?.[1];
    return name === undefined ? [] : [[name, `${section.trim()}\n`] as const];
  });
  return new Map(sections);
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
      return succeeded(['ssh', machine], result, { timeoutMs: 60_000, ...call });
    },
    attach: (words, own) =>
      runCommand('vagrant', ['ssh', machine, '--command', inside(words)], {
        cwd: directory,
        stdio: 'inherit',
        signal: own,
      }),
  };
}
