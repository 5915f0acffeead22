import type { PlainAnswer } from '../../http/http-answer.ts';
import { isDependent } from '../jobs/job.ts';
import type { LeaderSession } from '../leadership/leader-session.ts';
import { stateOfJob } from '../runs/runs.ts';
import { lastStateOf } from './jobs-routes.ts';

const signs: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escaped = (text: string) => text.replaceAll(/[&<>"]/g, (sign) => signs[sign] ?? sign);

/** More jobs than these are left to the API. */
const mostRows = 1000;

/** The page at the root: what jobs there are, when they run next, and how they ran last. */
export function jobsPage({ shared }: LeaderSession): PlainAnswer {
  const { book, runs, settings } = shared;
  const jobs = book.list();
  const rows = jobs.slice(0, mostRows).map((job) => {
    const when = isDependent(job) ? `after ${job.parents.join(', ')}` : job.schedule;
    const state = job.disabled ? 'disabled' : stateOfJob(runs, job.name);
    const cells = [job.name, when, state, lastStateOf(job), String(job.successCount), String(job.errorCount)];
    return `<tr>${cells.map((cell) => `<td>${escaped(cell)}</td>`).join('')}</tr>`;
  });
  const rest = jobs.length - rows.length;
  const heads = ['Job', 'Schedule', 'State', 'Last run', 'Successes', 'Errors'];
  const body = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${escaped(settings.frameworkName)}</title>
<style>body{font-family:sans-serif;margin:2em}td,th{padding:.2em 1em .2em 0;text-align:left}</style></head>
<body><h1>Chronos: ${jobs.length} jobs</h1>
<table><thead><tr>${heads.map((head) => `<th>${head}</th>`).join('')}</tr></thead>
<tbody>${rows.join('\n')}</tbody></table>
${rest > 0 ? `<p>and ${rest} more</p>` : ''}
<p><a href="/v1/scheduler/jobs">/v1/scheduler/jobs</a> <a href="/metrics">/metrics</a></p></body></html>
`;
  return { status: 200, headers: { 'Content-Type': 'text/html; charset=utf-8' }, body };
}
