import { expect, test } from 'vitest';
import { begun, noProgress, withCheck } from '../../../lessons/progress/progress.ts';
import { reportOf } from '../../../lessons/report/make-report.ts';
import { reportJunit } from '../../../lessons/report/report-junit.ts';
import { reportPage } from '../../../lessons/report/report-page.ts';
import { minutesTaken, standingMark, standingOf, standingText } from '../../../lessons/report/standing.ts';
import type { Lesson } from '../../../planning/lesson/lesson.ts';
import { reportProblem } from '../../../planning/lesson/report-shape.ts';
import { lessonReport, report } from './reports.ts';

const lesson = (name: string): Lesson => ({
  ...{ name, title: `Lesson ${name}`, minutes: 5, summary: '', needs: {}, setup: [], cleanup: [], text: '' },
  checks: ['one', 'two'].map((id) => ({ id, title: `Check ${id}`, looks: [], hints: ['h'], solution: [] })),
});
const course = [lesson('01-a'), lesson('02-b')];
const who = { learner: 'Ada', lab: 'lab', writtenAt: '2026-11-30T10:00:00.000Z', version: '1.2.3' };
const [first] = course;
if (first === undefined) throw new Error('no lesson');
const at = (minute: number) => `2026-11-30T09:0${minute}:00.000Z`;
const begin = (progress: typeof noProgress, minute: number) =>
  begun(progress, first, { at: at(minute), baseline: { at: 0, leaders: {}, metrics: {} } });
const half = withCheck(begin(noProgress, 0), { lesson: first, check: 'one' }, () => ({
  ...{ attempts: 3, hints: 2, checkedAt: at(1), passedAt: at(1), solved: true, answer: 'a secret', seen: 'x' },
}));
const done = withCheck(half, { lesson: first, check: 'two' }, () => ({
  ...{ attempts: 1, hints: 0, checkedAt: at(4), passedAt: at(4) },
}));

test('a report has every lesson of the course, what was reached and how, and no answers', () => {
  const written = reportOf(course, half, who);
  expect(reportProblem(JSON.parse(JSON.stringify(written)))).toBeUndefined();
  expect(written.lessons).toEqual([
    {
      ...{ lesson: '01-a', title: 'Lesson 01-a', minutes: 5, startedAt: at(0), checkedAt: at(1), resets: 0 },
      checks: [
        { id: 'one', title: 'Check one', passedAt: at(1), attempts: 3, hints: 2, solved: true },
        { id: 'two', title: 'Check two', attempts: 0, hints: 0, solved: false },
      ],
    },
    expect.objectContaining({ lesson: '02-b', resets: 0 }),
  ]);
  expect(written.lessons[1]).not.toHaveProperty('startedAt');
  expect(JSON.stringify(written)).not.toContain('a secret');
});

test('a lesson that was passed stays so when it is begun anew', () => {
  const again = reportOf(course, begin(done, 5), who).lessons[0];
  expect(again && standingOf(again)).toMatchObject({ state: 'passed', reached: 2, of: 2, hints: 2, solved: 1 });
  expect(again && minutesTaken(again)).toBe(4);
});

test.each([
  [undefined, {}, '', '-'],
  [0, {}, '0 of 2', '0/2'],
  [1, { hints: 1 }, '1 of 2 (1 hint)', '1/2 h1'],
  [2, {}, 'passed', 'ok'],
  [2, { hints: 3, solved: 1 }, 'passed (3 hints, 1 solved)', 'ok h3 s1'],
])('with %s checks reached and help of %o it is "%s", in a table "%s"', (reached, help, text, mark) => {
  const standing = standingOf(lessonReport('01-a', reached, help));
  expect([standingText(standing), standingMark(standing)]).toEqual([text, mark]);
});

test('JUnit has a test for each check: reached, not reached, or of a lesson that was not started', () => {
  const xml = reportJunit(report('Ada <x>', lessonReport('01-a', 1, { hints: 1 }), lessonReport('02-b', undefined)));
  expect(xml).toContain('<testsuites tests="4" failures="1" errors="0" skipped="2" time="60.000">');
  expect(xml).toContain('classname="create-mesos-cluster learn: Ada &lt;x&gt;"');
  expect(xml).toContain('<testcase name="01-a: Check one"');
  expect(xml).toContain('not reached; attempts 0, hints 0');
});

test('the page is one file: no script, nothing fetched, and every text is a text', () => {
  const evil = '<script>alert("1")</script>';
  const lessons = [lessonReport('01-a', 2), { ...lessonReport('02-b', 1), title: `${evil}&'` }];
  const page = reportPage(report(evil, ...lessons));
  expect(page).toMatch(/^<!doctype html>\n/i);
  expect(page).not.toMatch(/<script|<link|<img|@import|url\(|https?:/i);
  expect(page.split('&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;').length).toBeGreaterThan(4);
  expect(page).toContain('prefers-color-scheme: dark');
  expect(page).toContain('@media print');
  expect(page).toContain('1 of 2 lessons passed');
});
