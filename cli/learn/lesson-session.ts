import { join } from 'node:path';
import { clusterAt } from '../../checks/cluster-target.ts';
import { composeFiles } from '../../generators/compose/compose-files.ts';
import { explain } from '../../planning/explain/explain.ts';
import type { Lesson } from '../../planning/lesson/lesson.ts';
import { StepFailure, type LessonWorld, type OwnLab } from '../../lessons/lesson-world.ts';
import type { Course } from '../../lessons/source/course.ts';
import { systemClock } from '../../platform/clock.ts';
import type { Context } from '../../platform/context.ts';
import { silent } from '../../platform/terminal.ts';
import { tryLockFile } from '../../platform/files/lock-file.ts';
import { UserError } from '../../errors/user-error.ts';
import type { CommandLine } from '../command-line/command-line.ts';
import { timeoutMs } from '../apps/running-marathon.ts';
import { withLabLock } from '../lab/lab-lock.ts';
import type { StepReporter } from '../printing/step-reporter.ts';
import type { LabThere } from '../running/lab-there.ts';
import { runtimesOf } from '../running/runtimes.ts';

interface WorldOptions {
  readonly context: Context;
  readonly line: CommandLine;
  readonly reporter: StepReporter;
  readonly course: Course;
  readonly lesson: Pick<Lesson, 'name'>;
}

/** What steps of a lesson look at and act on. */
export function lessonWorld({ directory, lab, runtime }: LabThere, options: WorldOptions): LessonWorld {
  const { context, line, course, lesson } = options;
  const { plan, target } = lab;
  const { times } = runtime;
  return {
    cluster: clusterAt(target),
    plan,
    ...(runtime.name === 'adopted' ? {} : { own: ownLab({ directory, lab, runtime }, options) }),
    explain: async (setting) => {
      const { writtenValues } = await import('../../planning/spec-text/written-values.ts');
      return explain(plan, setting, writtenValues(composeFiles(plan))).values.map(({ value }) => value);
    },
    files: (path) => {
      const bytes = course.read(lesson.name, path);
      return bytes === undefined ? undefined : new TextDecoder().decode(bytes);
    },
    bringIn: async (version, signal) => {
      const { bringIn } = await import('./bring-in.ts');
      return bringIn(context, line)(version, signal);
    },
    runProgram: programRunner(context, directory),
    clock: systemClock,
    times: { waitMs: timeoutMs(line, Math.max(times.appsMs, leastWaitMs)), intervalMs: times.intervalMs },
  };
}

/** An agent that does not answer is given up after 75 s. */
const leastWaitMs = 120_000;

function ownLab({ directory, runtime }: LabThere, { context, line, reporter }: WorldOptions): OwnLab {
  const lockWorld = { context, reporter, clock: systemClock, tryLock: tryLockFile };
  return {
    parts: async (signal) => {
      const there = await runtimesOf(context).find(directory, signal);
      return there !== undefined && 'lab' in there.found ? there.found.lab.parts : [];
    },
    control: async (action, names, signal) => {
      const problem = await runtime.refusal({ directory }, action, signal);
      if (problem !== undefined) throw new UserError(problem);
      await withLabLock(directory, lockWorld, () => runtime.control({ directory }, action, names, signal));
    },
    drill: async (name, signal) => {
      const [{ alone, drillNamed }, { labOfDrill }, { runInLab }] = await Promise.all([
        import('../drills/alone.ts'),
        import('../drills/lab-of-drill.ts'),
        import('../drills/run-in-lab.ts'),
      ]);
      const chosen = drillNamed(name);
      // What a lesson prints is its own.
      const quiet = { ...context, signal, stdout: silent(context.stdout) };
      const run = await alone(context, line, directory, async () =>
        runInLab(quiet, line, await labOfDrill(context, line, directory), chosen),
      );
      signal.throwIfAborted();
      if (run?.outcome !== 'recovered' || !run.healed.ok)
        throw new StepFailure(`the drill ${name} did not end well: npm run drill -- ${name} shows how`);
    },
  };
}

const programMs = 300_000;

/** Runs programs of lessons, which need not be in the lab, from a file of its own folder. */
function programRunner({ files, runCommand }: Context, directory: string): LessonWorld['runProgram'] {
  return async ({ path, text }, env, signal) => {
    const folder = join(directory, '.mesos-cluster', `lesson-${files.processId}`);
    const file = join(folder, path.slice(path.lastIndexOf('/') + 1));
    files.makeFolders(folder);
    try {
      files.writeText(file, text, false);
      const options = { cwd: directory, stdio: 'capture', signal, env, timeoutMs: programMs } as const;
      const result = await runCommand(process.execPath, [file], options);
      if (result.kind !== 'ended') return `it did not end (${result.kind})`;
      return result.exitCode === 0
        ? undefined
        : `exit code ${result.exitCode}: ${(result.stderr || result.stdout).trim().slice(-2000)}`;
    } finally {
      files.removeTree(folder);
    }
  };
}
