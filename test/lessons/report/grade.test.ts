import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { gradeRoom } from '../../../lessons/report/grade.ts';
import { readReport } from '../../../lessons/report/read-report.ts';
import { roomCsv } from '../../../lessons/report/room-csv.ts';
import { roomPage } from '../../../lessons/report/room-page.ts';
import { handedIn, lessonReport, report } from './reports.ts';

const mistakes = fileURLToPath(new URL('mistakes', import.meta.url));
const read = (...reports: readonly Parameters<typeof handedIn>[]) =>
  reports.map(([file, what]) => readReport(handedIn(file, what)));
const withPassed = (learner: string, ...reached: readonly (number | undefined)[]) =>
  report(learner, ...reached.map((each, index) => lessonReport(`0${index + 1}-x`, each)));

test('a room of thirty is a table: who is furthest comes first, then who needed less help, then by name', () => {
  const room = gradeRoom(
    Array.from({ length: 30 }, (_, index) => {
      const [first, second] = [index % 3, index % 2 === 0 ? undefined : 1];
      return readReport(
        handedIn(`${index}.json`, withPassed(`Learner ${String(index).padStart(2, '0')}`, first, second)),
      );
    }),
  );
  expect(room.problems).toEqual([]);
  expect(room.rows).toHaveLength(30);
  expect(room.lessons).toEqual([
    { lesson: '01-x', title: 'Lesson 01-x', passedBy: 10 },
    { lesson: '02-x', title: 'Lesson 02-x', passedBy: 0 },
  ]);
  const figures = room.rows.map(({ passed, reached }) => passed * 100 + reached);
  expect(figures).toEqual(figures.toSorted((one, other) => other - one));
  expect(room.rows[0]).toMatchObject({ learner: 'Learner 05', passed: 1, reached: 3, hints: 0, solved: 0 });
});

test('hints and solved checks come behind the same without them', () => {
  const helped = (learner: string, help: { readonly hints?: number; readonly solved?: number }) =>
    readReport(handedIn(`${learner}.json`, report(learner, lessonReport('01-x', 2, help))));
  const room = gradeRoom([
    helped('a', { solved: 1 }),
    helped('b', { hints: 2 }),
    helped('c', {}),
    helped('d', { hints: 1 }),
  ]);
  expect(room.rows.map(({ learner }) => learner)).toEqual(['c', 'd', 'b', 'a']);
});

describe('what cannot be graded is named, and the rest is graded', () => {
  test('another course, the same learner twice and what is no report, all at once', () => {
    const room = gradeRoom([
      ...read(['ada.json', withPassed('Ada', 2, 1)], ['bob.json', withPassed('Bob', 1, 1)]),
      ...read(['ada-2.json', withPassed(' ADA', 2, 2)], ['eve.json', withPassed('Eve', 2)]),
      readReport({ file: 'x.json', bytes: new TextEncoder().encode('hello') }),
      ...read(['cy.json', withPassed('Cy', undefined, undefined)]),
    ]);
    expect(room.rows.map(({ file }) => file)).toEqual(['bob.json', 'cy.json']);
    expect(room.problems.map(({ place, message, found }) => [place, message, found])).toEqual([
      [{ kind: 'path', path: 'ada.json' }, expect.stringContaining('more than one report'), 'ada.json, ada-2.json'],
      [{ kind: 'path', path: 'ada-2.json' }, expect.stringContaining('more than one report'), 'ada.json, ada-2.json'],
      [{ kind: 'path', path: 'eve.json' }, 'The report is of another course', '1 lessons, where the course has 2'],
      [{ kind: 'path', path: 'x.json' }, expect.stringContaining('not JSON'), expect.any(String)],
    ]);
    expect(room.problems.every(({ code, fix }) => code === 'LEARN_REPORT' && fix !== undefined)).toBe(true);
  });

  test('which course is meant can be said', () => {
    const reports = read(
      ['a.json', withPassed('A', 1)],
      ['b.json', withPassed('B', 1)],
      ['c.json', withPassed('C', 1, 1)],
    );
    const outline = withPassed('', 0, 0).lessons;
    expect(gradeRoom(reports, outline).rows.map(({ file }) => file)).toEqual(['c.json']);
    expect(gradeRoom(reports).rows.map(({ file }) => file)).toEqual(['a.json', 'b.json']);
  });

  test('a check with another title makes another course, and is named', () => {
    const [lesson] = withPassed('', 1).lessons;
    if (lesson === undefined) throw new Error('no lesson');
    const other = report('C', { ...lesson, checks: lesson.checks.map((each) => ({ ...each, id: `${each.id}-b` })) });
    const room = gradeRoom(read(['a.json', withPassed('A', 1)], ['c.json', other]));
    expect(room.problems).toMatchObject([{ found: 'other checks in the lesson 01-x' }]);
  });
});

test('each mistake in a file has one message, with what was found and what to do', () => {
  const said = readdirSync(mistakes)
    .sort()
    .map((file) => {
      const found = readReport({ file, bytes: readFileSync(`${mistakes}/${file}`) });
      if (found.kind === 'report') return `${file}: a report`;
      const { message, found: seen = '', fix } = found.problem;
      expect(fix, file).toBeDefined();
      return `${file}: ${message}${seen === '' ? '' : ` (${seen})`}`;
    });
  expect(said).toMatchInlineSnapshot(`
    [
      "another-kind.json: This is no report of a learner ("create-mesos-cluster status")",
      "another-program.json: This is no report of a learner (JSON of another kind)",
      "cut-off.json: This is no report: it is not JSON (it begins as JSON does, and is cut off or damaged)",
      "empty.json: The report is empty",
      "hints-below-nothing.json: The report is damaged (lessons.0.checks.0.hints: Too small: expected number to be >=0)",
      "lesson-without-checks.json: The report is damaged (lessons.0.checks: Too small: expected array to have >=1 items)",
      "letter.json: This is no report: it is not JSON ("Dear teacher,\\nI passed everything.\\n")",
      "name-of-two-lines.json: The report is damaged (learner: one line without control characters is wanted)",
      "newer.json: A newer version of this program wrote the report (format 2)",
      "no-learner.json: The report is damaged (learner: Invalid input: expected string, received undefined)",
      "no-such-day.json: The report is damaged (writtenAt: there is no such time)",
    ]
  `);
});

test('it reads what npm without -s, and what PowerShell, make of a report', () => {
  const text = JSON.stringify(withPassed('Ada', 1));
  const banner = `\n> lab@0.0.0 learn\n> node .mesos-cluster/tool/x.cjs learn report --json\n\n${text}\n`;
  expect(readReport({ file: 'a', bytes: new TextEncoder().encode(banner) }).kind).toBe('report');
  const utf16 = Buffer.from(`\ufeff${text}\r\n`, 'utf16le');
  expect(readReport({ file: 'a', bytes: utf16 }).kind).toBe('report');
});

test('a report that is too large is not parsed', () => {
  const found = readReport({ file: 'a', bytes: new Uint8Array(2_000_001) });
  expect(found).toMatchObject({ kind: 'problem', problem: { allowed: 'at most 2 MB' } });
});

test('a spreadsheet gets a table in which no name is a formula', () => {
  const room = gradeRoom(
    read(['a.json', withPassed('=1+1', 2, 1)], ['b.json', withPassed('O"Neil, Sam', undefined, 0)]),
  );
  expect(roomCsv(room)).toBe(
    [
      'learner,01-x,02-x,passed,reached,hints,solved,file',
      "'=1+1,ok,1/2,1,3,0,0,a.json",
      '"O""Neil, Sam",-,0/2,0,0,0,0,b.json',
      '',
    ].join('\r\n'),
  );
});

test('the page of a room names its lessons, and what was not graded', () => {
  const page = roomPage(gradeRoom(read(['a.json', withPassed('<b>', 2, 1)], ['<i>.json', withPassed('B', 1)])));
  expect(page).toContain('<th scope="row">&lt;b&gt;</th><td class="passed">ok</td><td class="started">1/2</td>');
  expect(page).toContain('&lt;i&gt;.json: The report is of another course');
  expect(page).not.toMatch(/<script|<b>|<i>/);
});
