import { spawn, type ChildProcess } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { tryPort } from '../../platform/network/try-port.ts';
import { program } from './built-program.ts';

/** How a run of the built program ended. */
export interface LabRun {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A folder with a lab on ports that nobody uses, a home of its own, and no Docker on PATH. */
export interface TestLab {
  readonly directory: string;
  readonly state: string;
  readonly ports: { readonly master: number; readonly marathon: number; readonly services: number };
  readonly start: (...argv: readonly string[]) => ChildProcess;
  readonly run: (...argv: readonly string[]) => Promise<LabRun>;
  /** Runs a command as whoever copied it from a message does, in the folder of the lab, with Node.js and npm. */
  readonly shell: (command: string) => Promise<LabRun>;
  /** Id of the process that runs the lab. */
  readonly processId: () => number;
}

/** Ports for one lab: far from those that the system gives out by itself. */
async function freePorts(): Promise<number> {
  // Tests that run at the same time look at ports of their own: between a look and a start another one may take them.
  const worker = Number(process.env['VITEST_POOL_ID'] ?? 0) % 10;
  for (;;) {
    const first = 12_000 + 1500 * worker + 50 * Math.floor(Math.random() * 24);
    // Masters are 100 apart.
    const ports = [0, 1, 2, 3, 30, 35, 40, 41, 42, 100, 200].map((offset) => first + offset);
    const errors = await Promise.all(ports.map((port) => tryPort('127.0.0.1', port)));
    if (errors.every((error) => error === undefined)) return first;
  }
}

/** What commands of tasks need, but no Docker. */
const tools = ['sh', 'sleep', 'cat', 'dd', 'env', 'echo'];

function toolFolder(folder: string, names: readonly string[] = tools): string {
  mkdirSync(folder);
  for (const tool of names) {
    const path = ['/bin', '/usr/bin', dirname(process.execPath)]
      .map((bin) => join(bin, tool))
      .find((candidate) => existsSync(candidate));
    if (path !== undefined) symlinkSync(path, join(folder, tool));
  }
  return folder;
}

/**
 * Makes a lab; whatever a test leaves running is ended after it.
 * @param variables of the environment, beside what it needs
 */
export async function testLab(spec = '', variables: Readonly<Record<string, string>> = {}): Promise<TestLab> {
  const folder = mkdtempSync(join(tmpdir(), 'embedded-test-'));
  const directory = join(folder, 'lab');
  const state = join(folder, 'state');
  const first = await freePorts();
  const ports = { master: first, marathon: first + 30, services: first + 40 };
  mkdirSync(join(directory, 'apps'), { recursive: true });
  const file = join(directory, 'mesos-cluster.yaml');
  const moved = [
    `mesos-master: ${ports.master}`,
    `mesos-agent: ${first + 1}`,
    `marathon: ${ports.marathon}`,
    `marathon-lb: ${first + 35}`,
    `services: ${ports.services}-${ports.services + 9}`,
  ];
  writeFileSync(file, `name: test-lab\nports:\n${moved.map((line) => `  ${line}\n`).join('')}${spec}`);
  const env = { PATH: toolFolder(join(folder, 'bin')), XDG_STATE_HOME: state, ...variables };
  const start = (...argv: readonly string[]) =>
    spawn(process.execPath, [program, ...argv], { cwd: directory, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const run = (...argv: readonly string[]) => endOf(start(...argv));
  const shell = (command: string) => {
    const npm = join(folder, 'npm');
    if (!existsSync(npm)) {
      toolFolder(npm, ['npm']);
      symlinkSync(process.execPath, join(npm, 'node'));
    }
    // npm writes logs into its home.
    const ofShell = { ...env, HOME: folder, PATH: `${npm}:${env.PATH}` };
    return endOf(spawn('sh', ['-c', command], { cwd: directory, env: ofShell, stdio: ['ignore', 'pipe', 'pipe'] }));
  };
  onTestFinished(async () => {
    await run('down');
    rmSync(folder, { recursive: true, force: true });
  });
  const record = join(directory, '.mesos-cluster/run/daemon.json');
  const processId = () => (JSON.parse(readFileSync(record, 'utf8')) as { process: { pid: number } }).process.pid;
  return { directory, state, ports, start, run, shell, processId };
}

/** What a process that was started wrote, when it has ended. */
export function endOf(child: ChildProcess): Promise<LabRun> {
  return new Promise((resolve) => {
    let stdout = '';
    let stderr = '';
    child.stdout?.on('data', (text: Buffer) => (stdout += text.toString()));
    child.stderr?.on('data', (text: Buffer) => (stderr += text.toString()));
    child.once('close', (status) => {
      resolve({ status, stdout, stderr });
    });
  });
}

/** Processes that have this folder in their command line or as their own (Linux). */
export const processesOf = (directory: string): readonly number[] =>
  processesThat(
    (command, environment) => command.includes(directory) || environment.includes(`${directory}/.mesos-cluster/run`),
  );

/** Ids of processes by their command line and environment. */
export function processesThat(isMeant: (command: string, environment: string) => boolean): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((id) => {
      try {
        return isMeant(readFileSync(`/proc/${id}/cmdline`, 'latin1'), readFileSync(`/proc/${id}/environ`, 'latin1'));
      } catch {
        return false;
      }
    })
    .map(Number);
}
