import type { Drill, DrillNeeds, Strike } from '../../checks/drills/drill.ts';
import type { DrillRun, Verdict } from '../../checks/drills/report/drill-report.ts';
import { statisticsOf } from '../../checks/drills/report/statistics.ts';
import { timelineRows } from '../../checks/drills/report/timeline.ts';
import { shortTime, timeRange } from '../../checks/drills/report/times.ts';
import type { Colours } from '../../platform/terminal.ts';
import { table } from '../printing/table.ts';

const indented = (text: string) => text.replaceAll(/^(?=.)/gm, '  ');

/** What a drill will do, and when what will happen: said before it starts. */
export function strikeText({ words, predictions }: Strike, colours: Colours): string {
  const width = Math.max(...predictions.map(({ title }) => title.length));
  const lines = predictions.flatMap(({ title, formula, after, source, ...range }) => [
    `  ${title.padEnd(width)}  ${timeRange(range)}${after === undefined ? '' : ` after it is ${after}`}\n`,
    `      ${colours.dim(`${formula} (${source})`)}\n`,
  ]);
  return [
    ...words.map((each) => `${each}\n`),
    `\n${colours.bold('By the settings of this lab:')}\n`,
    ...lines,
    '\n',
  ].join('');
}

const inColour = (colours: Colours, verdict: Verdict) =>
  verdict === 'as predicted' ? colours.green(verdict) : colours.yellow(verdict);

/** Predictions and measurements side by side, a timeline, and what clients saw. @param width of the terminal */
export function runText(run: DrillRun, colours: Colours, width: number): string {
  const rows = run.milestones.map(({ title, predicted, measuredMs, verdict }) => [
    title,
    predicted === undefined ? '-' : timeRange(predicted),
    measuredMs === undefined ? '-' : shortTime(measuredMs),
    verdict,
  ]);
  // Colours have no width: they are put in when the columns are made.
  const results = table(['WHAT', 'PREDICTED', 'MEASURED', 'VERDICT'], rows).replaceAll(
    / (as predicted|sooner|later|not reached)$/gm,
    (_, verdict: Verdict) => ` ${inColour(colours, verdict)}`,
  );
  return [
    `${indented(results)}\n`,
    `${timelineText(run, width)}\n`,
    clientsText(run, colours),
    endText(run, colours),
  ].join('');
}

function timelineText(run: DrillRun, width: number): string {
  const labelWidth = Math.max(...run.milestones.map(({ title }) => title.length), 'clients'.length);
  const columns = Math.max(20, width - labelWidth - 5);
  return timelineRows(run, columns)
    .map(({ label, line }) => `  ${label.padEnd(labelWidth)} │${line}`.trimEnd())
    .map((line) => `${line}\n`)
    .join('');
}

function clientsText({ clients }: DrillRun, colours: Colours): string {
  const { requests, failed, outages, longestMs, slowestMs, slowestFailedMs } = clients;
  if (failed === 0) return `Clients: none of ${requests} requests failed; the slowest took ${shortTime(slowestMs)}.\n`;
  const lines = outages.map(({ fromMs, toMs, failed: count, answers }) => {
    const words = Object.entries(answers).map(([answer, times]) => `${times} x ${answer}`);
    return `  ${colours.red('×')} ${count} from ${shortTime(fromMs)} to ${toMs === undefined ? 'the end' : shortTime(toMs)}: ${words.join(', ')}\n`;
  });
  return `Clients: ${failed} of ${requests} requests failed, for ${shortTime(longestMs)} at the longest; each had waited up to ${shortTime(slowestFailedMs)}.\n${lines.join('')}`;
}

function endText({ outcome, verdict, fault, recoveredMs, totalMs, healed }: DrillRun, colours: Colours): string {
  const words = {
    recovered: `${verdict === 'as predicted' ? colours.green('As predicted') : colours.yellow('Other than predicted')}: recovered after ${shortTime(recoveredMs)}`,
    'not recovered': `${colours.red('NOT RECOVERED')}: ${fault ?? ''}`,
    interrupted: 'Interrupted',
  }[outcome];
  const mended = healed.ok
    ? `Healed, and proved: ${healed.evidence}`
    : `${colours.red('NOT HEALED')}: ${healed.evidence}`;
  return `${words}. ${mended}. All of it took ${shortTime(totalMs)}.\n`;
}

/** Of several runs. */
export function statisticsText(runs: readonly DrillRun[]): string {
  const rows = statisticsOf(runs).map(({ title, reached, minMs, medianMs, maxMs }) => [
    title,
    ...[minMs, medianMs, maxMs].map(shortTime),
    `${reached} of ${runs.length}`,
  ]);
  return `\n${table(['WHAT', 'MINIMUM', 'MEDIAN', 'MAXIMUM', 'RUNS'], rows)}`;
}

/** The drills, what they change, and what a lab must have for them. */
export function listText(all: readonly Drill[], colours: Colours): string {
  const rows = all.map(({ name, title, harm, needs }) => [name, title, harm, needsText(needs)]);
  const text = table(['DRILL', 'WHAT HAPPENS', 'CHANGES', 'NEEDS'], rows);
  return `${text}\n${colours.dim('drill NAME runs one, and heals it; drill heal ends what one left that was ended by force.')}\n`;
}

function needsText({ masters = 0, agents = 0, zookeepers = 0, loadBalancer, diskQuota }: DrillNeeds): string {
  const counts = [
    ...(masters > 0 ? [`${masters} masters`] : []),
    ...(agents > 0 ? [`${agents} agents`] : []),
    ...(zookeepers > 0 ? [`${zookeepers} ZooKeepers`] : []),
    ...(loadBalancer === true ? ['a load balancer'] : []),
    ...(diskQuota === true ? ['disk quotas'] : []),
  ];
  return counts.length === 0 ? '-' : counts.join(', ');
}
