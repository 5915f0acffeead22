import type { LearnReport, LessonReport } from '../../planning/lesson/report-shape.ts';
import { htmlPage, markup, type Markup } from './markup.ts';
import { minutesTaken, standingOf, standingText } from './standing.ts';

/** A report as a page by itself. */
export function reportPage(report: LearnReport): string {
  const { learner, lab, writtenAt, version, lessons } = report;
  const passed = lessons.filter((lesson) => standingOf(lesson).state === 'passed').length;
  return htmlPage(
    `Lessons of ${learner}`,
    markup`<p>${passed} of ${lessons.length} lessons passed, in the lab ${lab}. Written ${writtenAt} by create-mesos-cluster ${version}.</p>
<div class="wide"><table>
<thead><tr><th>Lesson</th><th>Reached</th><th>Started</th><th>Passed</th><th>Minutes</th><th>Begun anew</th></tr></thead>
<tbody>
${lessons.map(lessonRow)}</tbody>
</table></div>
${lessons.filter(({ startedAt }) => startedAt !== undefined).map(checksOf)}`,
  );
}

const lessonRow = (lesson: LessonReport): Markup => {
  const standing = standingOf(lesson);
  const { lesson: name, title, startedAt = '', passedAt = '', resets, minutes } = lesson;
  const took = minutesTaken(lesson);
  return markup`<tr class="${standing.state}"><td>${name.slice(0, 2)} ${title}</td><td>${standingText(standing)}</td><td>${startedAt}</td><td>${passedAt}</td><td class="number">${took ?? ''} (${minutes})</td><td class="number">${resets}</td></tr>
`;
};

const checksOf = ({ lesson, title, checks }: LessonReport): Markup =>
  markup`<h2>${lesson.slice(0, 2)} ${title}</h2>
<table>
<thead><tr><th>Check</th><th>Reached</th><th>Attempts</th><th>Hints</th><th>By whom</th></tr></thead>
<tbody>
${checks.map(
  (check) =>
    markup`<tr class="${check.passedAt === undefined ? '' : 'passed'}"><td>${check.title}</td><td>${check.passedAt ?? ''}</td><td class="number">${check.attempts}</td><td class="number">${check.hints}</td><td>${check.solved ? 'the program' : ''}</td></tr>
`,
)}</tbody>
</table>
`;
