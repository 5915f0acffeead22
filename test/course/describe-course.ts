import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { labFor } from '../../lessons/lesson-needs.ts';
import { ownCourse } from '../../lessons/source/course.ts';
import { lessonsIn } from '../../lessons/source/read-course.ts';
import type { Lesson } from '../../planning/lesson/lesson.ts';
import { startCourseLab, type CourseLab, type CourseRuntime } from './lab-of-course.ts';

/** All lessons that are as they should be; the others fail a test of their own (test/planning/lesson). */
const lessons: readonly Lesson[] = lessonsIn(ownCourse()).flatMap((found) =>
  found.kind === 'lesson' ? [found.lesson] : [],
);

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
 * @param isChosen by the place of a lesson in the course
 */
export function describeCourse(runtime: CourseRuntime, isChosen: (index: number) => boolean): void {
  const chosen = lessons.filter(
    ({ needs }, index) => isChosen(index) && needs.runtimes?.includes(runtime.name) !== false,
  );
  describe.each(byLab(chosen))('in a lab made with %s', (flags, own) => {
    let lab: CourseLab;
    beforeAll(async () => {
      lab = await startCourseLab(flags.split(' '), runtime);
    });
    afterAll(() => lab.end());

    test.each(own.map((lesson) => [lesson.name, lesson] as const))('%s', async (name, lesson) => {
      const started = await lab.learn('start', name);
      expect(started.exitCode, started.stderr).toBe(0);
      expect(started.stdout).toContain(lesson.title);
      expect(started.stdout).not.toMatch(/\{\{|\(no \w+ in this lab\)/);
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
