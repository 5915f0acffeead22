import type { Room, RoomRow } from './grade.ts';
import { htmlPage, markup, type Markup } from './markup.ts';
import { markLegend, standingMark } from './standing.ts';

/** The table of a room as a page by itself. */
export function roomPage({ lessons, rows, problems }: Room): string {
  const left = problems.map(
    ({ place, message }) => markup`<li>${place?.kind === 'path' ? place.path : ''}: ${message}</li>
`,
  );
  return htmlPage(
    `A room of ${rows.length}`,
    markup`<p>${markLegend}.</p>
<div class="wide"><table>
<thead><tr><th>Learner</th>${lessons.map(
      ({ lesson, title }) => markup`<th title="${title}">${lesson.slice(0, 2)}</th>`,
    )}<th>Passed</th><th>Reached</th><th>Hints</th><th>Solved</th></tr></thead>
<tbody>
${rows.map(rowMarkup)}</tbody>
<tfoot><tr><th>passed by</th>${lessons.map(({ passedBy }) => markup`<td>${passedBy}</td>`)}<td colspan="4"></td></tr></tfoot>
</table></div>
<ul>
${lessons.map(
  ({ lesson, title }) => markup`<li>${lesson.slice(0, 2)}: ${title}</li>
`,
)}</ul>
${
  left.length === 0
    ? ''
    : markup`<h2>Not graded</h2>
<ul>
${left}</ul>
`
}`,
  );
}

const rowMarkup = ({ learner, standings, passed, reached, hints, solved }: RoomRow): Markup =>
  markup`<tr><th scope="row">${learner}</th>${standings.map(
    (standing) => markup`<td class="${standing.state}">${standingMark(standing)}</td>`,
  )}${[passed, reached, hints, solved].map((each) => markup`<td class="number">${each}</td>`)}</tr>
`;
