import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { onTestFinished } from 'vitest';
import { run } from '../../cli/main.ts';
import { textFingerprint } from '../../lab/fingerprint.ts';
import type { Context } from '../../platform/context.ts';
import { nodeFileSystem } from '../../platform/files/node-file-system.ts';
import type { CommandResult, RunOptions } from '../../platform/processes/run-command.ts';

/** A command that a fake runner was asked to run. */
export interface AskedCommand {
  readonly command: readonly string[];
  readonly options: RunOptions;
}

/** What a run of the command line left behind. */
export interface RunResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly commands: readonly AskedCommand[];
}

/** What a test may change of the fake context. */
export interface FakeWorld {
  readonly cwd: string;
  readonly env?: Context['env'];
  readonly stdin?: string | Uint8Array;
  /** Whether the fake streams say that they are terminals. */
  readonly terminals?: { readonly stdin?: boolean; readonly stdout?: boolean; readonly stderr?: boolean };
  /** How a command ends, by its words joined with spaces; everything else is missing. */
  readonly programs?: Readonly<Record<string, CommandResult>>;
  /** Runs the commands instead, such as a FakeDocker's. */
  readonly runCommand?: Context['runCommand'];
  /** Otherwise every port is free, whatever this machine does. */
  readonly tryPort?: Context['tryPort'];
  readonly toolFolder?: string;
  readonly signal?: AbortSignal;
  readonly version?: string;
}

/** An empty folder that is removed after the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'cli-test-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

/** A folder with files, by their paths. */
export function folderWith(files: Readonly<Record<string, string | Uint8Array>>): string {
  const folder = temporaryFolder();
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  return folder;
}

/** Every file below a folder, by its path; empty when there is no folder. */
export function filesIn(folder: string): ReadonlyMap<string, string> {
  const entries =
    nodeFileSystem.list(folder) === undefined ? [] : readdirSync(folder, { recursive: true, withFileTypes: true });
  return new Map(
    entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .sort()
      .map((path) => [path.slice(folder.length + 1), readFileSync(path, 'utf8')]),
  );
}

/** The same, without what is random in each lab of its own. */
export const filesButPasswords = (folder: string): ReadonlyMap<string, string> =>
  new Map(
    [...filesIn(folder)].map(([path, text]) => [
      path,
      path.endsWith('/secrets/registry') ? text.replace(/[0-9a-f]{32}/, 'PASSWORD') : text,
    ]),
  );

/** A small stand-in for the built program, as an installed package has it. */
export function fakeToolFolder(): string {
  const program = "'use strict';\n";
  const schema = '{ "title": "mesos-cluster.yaml" }\n';
  const fingerprints = {
    '../spec.schema.json': textFingerprint(schema),
    'main.cjs': textFingerprint(program),
    'create-mesos-cluster.cjs': textFingerprint(program),
  };
  const folder = folderWith({
    'dist/create-mesos-cluster.cjs': program,
    'dist/main.cjs': program,
    'dist/files.json': JSON.stringify(fingerprints),
    'spec.schema.json': schema,
  });
  return join(folder, 'dist');
}

/** Runs a command line in this process, with real folders and fake streams. */
export async function runFake(argv: readonly string[], world: FakeWorld): Promise<RunResult> {
  let stdout = '';
  let stderr = '';
  const commands: AskedCommand[] = [];
  const signal = world.signal ?? new AbortController().signal;
  const { terminals = {}, programs = {}, stdin = '' } = world;
  const context: Context = {
    argv,
    script: '/usr/local/bin/create-mesos-cluster',
    // The docker-compose package starts programs by itself: a test that wants one names its folder.
    env: { PATH: '/nowhere', ...world.env },
    cwd: world.cwd,
    stdin: {
      isTerminal: terminals.stdin ?? false,
      read: (limit) => Promise.resolve(Buffer.from(stdin).subarray(0, limit)),
    },
    stdout: { isTerminal: terminals.stdout ?? false, write: (text) => (stdout += text) },
    stderr: { isTerminal: terminals.stderr ?? false, write: (text) => (stderr += text) },
    openPrompts: () => ({ input: Readable.from([]), output: new Writable() }),
    files: nodeFileSystem,
    runCommand: (program, words, options) => {
      const command = [program, ...words];
      commands.push({ command, options });
      if (world.runCommand !== undefined) return world.runCommand(program, words, options);
      return Promise.resolve(programs[command.join(' ')] ?? { kind: 'missing' });
    },
    tryPort: world.tryPort ?? (() => Promise.resolve(undefined)),
    signal,
    toolFolder: world.toolFolder ?? fakeToolFolder(),
    version: world.version ?? '1.2.3',
    nodeVersion: '20.20.0',
  };
  const exitCode = await run(context);
  return { exitCode, stdout, stderr, commands };
}
