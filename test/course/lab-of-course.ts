import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { runCommand } from '../../platform/processes/run-command.ts';
import { runFake, type RunResult } from '../cli/fake-context.ts';
import { program } from '../end-to-end/built-program.ts';
import { endOf } from '../end-to-end/lab-process.ts';

/** A lab that runs, and the verbs of `learn` in it. */
export interface CourseLab {
  readonly directory: string;
  readonly learn: (...words: readonly string[]) => Promise<RunResult>;
  /** The built program, in the folder of the lab. */
  readonly run: (
    ...words: readonly string[]
  ) => Promise<{ readonly status: number | null; readonly stdout: string; readonly stderr: string }>;
  readonly end: () => Promise<void>;
}

/** Labs of tests that run at the same time look at ports of their own. */
const worker = Number(process.env['VITEST_POOL_ID'] ?? 0) % 8;
const mostTries = 5;

/** What runs labs of lessons. */
export interface CourseRuntime {
  readonly name: 'embedded' | 'docker';
  /** PATH with the programs that it needs. */
  readonly path: string;
  /** What a spec says beyond the flags of a lesson. */
  readonly spec?: object;
}

/**
 * Makes a lab and starts it.
 * @param flags what kind of lab
 */
export async function startCourseLab(flags: readonly string[], runtime: CourseRuntime): Promise<CourseLab> {
  const folder = mkdtempSync(join(tmpdir(), 'course-test-'));
  const state = join(folder, 'state');
  const env = { ...process.env, XDG_STATE_HOME: state };
  // JSON is YAML.
  writeFileSync(join(folder, 'spec.yaml'), JSON.stringify({ name: `course-${process.pid}`, ...runtime.spec }));
  for (let tries = 0; ; tries++) {
    const directory = join(folder, `lab${tries}`);
    const at =
      (cwd: string) =>
      (...words: readonly string[]) =>
        endOf(spawn(process.execPath, [program, ...words], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] }));
    const offset = String(8000 + 3000 * worker + 500 * Math.floor(Math.random() * 6));
    // Lessons wait for agents that are lost: 9 s in place of 75 s.
    const made = await at(folder)(
      directory,
      '--yes',
      '--spec',
      'spec.yaml',
      '--timing',
      'fast',
      '--port-offset',
      offset,
      ...flags,
    );
    const run = at(directory);
    const up = made.status === 0 ? await run('up', '--runtime', runtime.name) : made;
    if (up.status === 0) {
      const world = {
        cwd: directory,
        env: { PATH: runtime.path, XDG_STATE_HOME: state },
        toolFolder: dirname(program),
        runCommand,
      };
      const learn = (...words: readonly string[]) => runFake(['learn', ...words], world);
      const end = async () => {
        await run('down');
        rmSync(folder, { recursive: true, force: true });
      };
      return { directory, learn, run, end };
    }
    await run('down');
    if (!up.stderr.includes('MACHINE_PORT_TAKEN') || tries >= mostTries)
      throw new Error(`${flags.join(' ')}: ${up.stderr}`);
  }
}
