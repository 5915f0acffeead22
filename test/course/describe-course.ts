import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { labFor } from '../../lessons/lesson-needs.ts';
import { courseIn, ownCourse, type Course } from '../../lessons/source/course.ts';
import { lessonsIn } from '../../lessons/source/read-course.ts';
import type { Lesson } from '../../planning/lesson/lesson.ts';
import { nodeFileSystem } from '../../platform/files/node-file-system.ts';
import { startCourseLab, type CourseLab } from './lab-of-course.ts';

/** All lessons that are as they should be; others fail a test of their own (test/planning/lesson). */
const lessonsOf = (course: Course): readonly Lesson[] =>
  lessonsIn(course).flatMap((found) => (found.kind === 'lesson' ? [found.lesson] : []));

const flagsFor = (lesson: Lesson) => labFor(lesson).split(' ').slice(2);

/** Lessons that take the same lab, by its flags. */
function byLab(chosen: readonly Lesson[]): readonly (readonly [flags: string, lessons: readonly Lesson[]])[] {
  const groups = new Map<string, Lesson[]>();
  for (const lesson of chosen) {
    const flags = flagsFor(lesson).join(' ');
    groups.set(flags, [...(groups.get(flags) ?? []), lesson]);
  }
  return [...groups];
}

interface Reported {
  readonly reached: string;
  readonly checks: readonly {
    readonly id: string;
    readonly passed: boolean;
    readonly question?: string;
    readonly hintCount: number;
    readonly seen?: string;
  }[];
}

const reported = (stdout: string) => JSON.parse(stdout) as Reported;

/**
 * Takes lessons from their start to their end, as a learner does who needs every hint and every solution.
 * @param runtime what runs the labs, and the PATH with the programs that they need
 * @param isChosen by the place of a lesson in the course
 * @param folder of another course than that of the program
 */
export function describeCourse(
  runtime: { readonly name: 'embedded' | 'docker'; readonly path: string },
  isChosen: (index: number) => boolean,
  folder?: string,
): void {
  const lessons = lessonsOf(folder === undefined ? ownCourse() : courseIn(nodeFileSystem, folder, folder));
  const named = folder === undefined ? [] : ['--lessons', folder];
  const chosen = lessons.filter(
    ({ needs }, index) => isChosen(index) && needs.runtimes?.includes(runtime.name) !== false,
  );
  describe.each(byLab(chosen))('in a lab made with %s', (flags, own) => {
    let started: Promise<CourseLab> | undefined;
    let lab: CourseLab;
    beforeAll(async () => {
      started = startCourseLab(flags.split(' '), runtime);
      lab = await started;
    });
    // Also one that has started too late for the tests.
    afterAll(async () => (await started)?.end());

    test.each(own.map((lesson) => [lesson.name, lesson] as const))('%s', async (name, lesson) => {
      const begun = await lab.learn('start', name, ...named);
      expect(begun.exitCode, begun.stderr).toBe(0);
      expect(begun.stdout).toContain(lesson.title);
      expect(begun.stdout).not.toMatch(/\{\{|\(no \w+ in this lab\)/);
      for (const { id } of lesson.checks) await takeCheck(lab, id);
      expect(reported((await lab.learn('check', '--json')).stdout).reached).toBe('done');
      await comesBack(lab, lesson);
    });
  });
}

/** One check: not so, hinted at, solved, so. */
async function takeCheck(lab: CourseLab, id: string): Promise<void> {
  const before = await lab.learn('check', '--json');
  const found = reported(before.stdout).checks.find((check) => check.id === id);
  expect(found?.passed, `${id} is so before it is solved: ${found?.seen ?? ''}`).toBe(false);
  expect(before.exitCode).toBe(6);
  if (found?.question !== undefined) {
    expect((await lab.learn('answer', 'nothing like it')).exitCode).toBe(6);
  }
  for (let shown = 0; shown < (found?.hintCount ?? 0); shown++) {
    const hint = await lab.learn('hint');
    expect(hint.exitCode, hint.stderr).toBe(0);
    expect(hint.stdout).not.toContain('{{');
  }
  const solved = await lab.learn('solve', '--json');
  const after = solved.exitCode === 0 ? reported(solved.stdout).checks.find((check) => check.id === id) : undefined;
  expect(after?.passed, `${id} is not so when it is solved: ${solved.stderr}${solved.stdout}`).toBe(true);
}

/** A reset leads to where the lesson began, and nothing is left of it when the next one begins. */
async function comesBack(lab: CourseLab, lesson: Lesson): Promise<void> {
  const reset = await lab.learn('reset', '--json');
  expect(reset.exitCode, reset.stderr).toBe(0);
  expect(reported(reset.stdout).checks.every(({ passed }) => !passed)).toBe(true);
  const again = await lab.learn('check', '--json');
  expect(again.exitCode, `${lesson.name} begins with what is so already`).toBe(6);
  const state = JSON.parse(readFileSync(join(lab.directory, '.mesos-cluster/learn.json'), 'utf8')) as {
    readonly started: Readonly<Record<string, { readonly passedAt?: string; readonly resets: number }>>;
  };
  expect(state.started[lesson.name]).toMatchObject({ passedAt: expect.any(String), resets: 1 });
  const status = await lab.run('status', '--json');
  expect(status.status, status.stderr).toBe(0);
  const isEmpty = lesson.setup.every(({ kind }) => kind !== 'deploy' && kind !== 'run');
  if (isEmpty) expect(status.stdout, 'a reset has left something').not.toContain('"/learn/');
  expect(status.stdout).not.toMatch(/"state": "(?:stopped|killed|paused|partitioned)"/);
}
