import type { FileSystem } from '../../../platform/files/file-system.ts';
import type { CommandResult, RunCommand } from '../../../platform/processes/run-command.ts';
import { dockerEngine } from '../docker-engine.ts';
import type { DockerFacts, DockerProblem } from './docker-facts.ts';
import { composeProblem, dockerProblem } from './docker-problems.ts';
import { readContext, readFacts } from './read-facts.ts';

/** What is needed to look at Docker; a Context of the command line has it. */
export interface InspectWorld {
  readonly runCommand: RunCommand;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Absolute: where the commands run. */
  readonly cwd: string;
  readonly files: Pick<FileSystem, 'kindOf'>;
  readonly signal: AbortSignal;
}

/** How long Docker may think about who it is; Docker Desktop answers slowly while it starts. */
const answerMs = 20_000;

/** Registered by qemu-user-static, tonistiigi/binfmt and Rosetta under these names (binfmt_misc). */
const amd64Emulators = ['/proc/sys/fs/binfmt_misc/qemu-x86_64', '/proc/sys/fs/binfmt_misc/rosetta'];

/**
 * Finds out what Docker this machine has: three processes side by side, a tenth of a second. Starts and changes nothing.
 * @returns the facts; or the first reason why labs cannot run on it at all
 * @throws the signal's reason when it aborts
 */
export async function inspectDocker(world: InspectWorld): Promise<DockerFacts | DockerProblem> {
  const { runCommand, cwd, signal } = world;
  const engine = dockerEngine(world);
  const run = (...words: readonly string[]) => engine.run(words, { timeoutMs: answerMs });
  // Not `--format json`, which clients before 23 print as it is.
  const [version, info, context] = await Promise.all([
    run('version', '--format', '{{json .}}'),
    run('info', '--format', '{{json .}}'),
    run('context', 'inspect'),
  ]);
  signal.throwIfAborted();
  const where = readContext(context);
  const problem = dockerProblem(version, info, where);
  if (problem !== undefined) return problem;
  const facts = readFacts(outputOf(version), outputOf(info), where);
  const noCompose = await composeProblem(facts.composeVersion, () =>
    runCommand('docker-compose', ['version', '--short'], { cwd, stdio: 'capture', signal, timeoutMs: answerMs }),
  );
  if (noCompose !== undefined) return noCompose;
  const emulatesAmd64 = emulation(facts, world.files);
  return emulatesAmd64 === undefined ? facts : { ...facts, emulatesAmd64 };
}

const outputOf = (result: CommandResult): string => (result.kind === 'ended' ? result.stdout : '');

/** Docker Desktop brings its emulator; on Linux the kernel has a list, if the Engine is of this machine. */
function emulation(facts: DockerFacts, files: InspectWorld['files']): boolean | undefined {
  if (facts.engine.kind === 'desktop') return true;
  if (facts.engine.arch !== 'arm64' || facts.isRemote || files.kindOf('/proc/sys/fs/binfmt_misc') === undefined) {
    return undefined;
  }
  return amd64Emulators.some((path) => files.kindOf(path) !== undefined);
}
