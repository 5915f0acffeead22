import type { DrillRun, Measured } from './drill-report.ts';
import { niceStep, timelineEndMs } from './timeline.ts';
import { shortTime, timeRange } from './times.ts';

const size = { width: 1280, left: 420, right: 40, top: 110, row: 44, bottom: 80 } as const;
const colours = {
  ...{
    text: '#1b1f24',
    dim: '#57606a',
    grid: '#d0d7de',
    predicted: '#b6d4fe',
    asPredicted: '#1a7f37',
    other: '#bc4c00',
  },
  ...{ good: '#aceebb', failed: '#cf222e', ground: '#ffffff' },
} as const;

const escape = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

/**
 * A run as a picture for slides: complete in itself, 1280 wide, for light ground.
 * @param title of the drill, and of the lab
 */
export function drillSvg(title: string, run: DrillRun): string {
  const endMs = timelineEndMs(run);
  const plotWidth = size.width - size.left - size.right;
  const x = (ms: number) => Number((size.left + (Math.min(Math.max(ms, 0), endMs) / endMs) * plotWidth).toFixed(1));
  const rows = run.milestones.length + 1;
  const plotEnd = size.top + rows * size.row;
  const height = plotEnd + size.bottom;
  const y = (row: number) => size.top + row * size.row;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${size.width}" height="${height}" viewBox="0 0 ${size.width} ${height}" font-family="system-ui, sans-serif" font-size="16" role="img">`,
    `<title>${escape(title)}</title>`,
    `<rect width="100%" height="100%" fill="${colours.ground}"/>`,
    text(40, 48, title, { size: 26, weight: 600 }),
    text(40, 80, headline(run), { colour: colours.dim }),
    ...grid(endMs, x, plotEnd),
    ...run.milestones.flatMap((milestone, row) => milestoneRow(milestone, y(row), x)),
    ...clientsRow(run, y(rows - 1), x, endMs),
    text(
      40,
      height - 24,
      'bars: predicted from the settings; dots: measured; bottom row: requests of clients, red where they failed',
      {
        size: 14,
        colour: colours.dim,
      },
    ),
    '</svg>\n',
  ].join('\n');
}

function headline({ target, verdict, recoveredMs, clients }: DrillRun): string {
  const words = [target, verdict ?? 'interrupted', `recovered after ${shortTime(recoveredMs)}`];
  return [...words, `${clients.failed} of ${clients.requests} requests failed`].join(' · ');
}

interface Look {
  readonly size?: number;
  readonly weight?: number;
  readonly colour?: string;
  readonly anchor?: 'start' | 'middle' | 'end';
}

const text = (
  x: number,
  y: number,
  words: string,
  { size: height = 16, weight = 400, colour = colours.text, anchor = 'start' }: Look = {},
) =>
  `<text x="${x}" y="${y}" font-size="${height}" font-weight="${weight}" fill="${colour}" text-anchor="${anchor}">${escape(words)}</text>`;

const box = (x: number, y: number, width: number, height: number, colour: string) =>
  `<rect x="${x}" y="${y}" width="${Number(Math.max(width, 2).toFixed(1))}" height="${height}" rx="3" fill="${colour}"/>`;

function grid(endMs: number, x: (ms: number) => number, bottom: number): readonly string[] {
  const stepMs = niceStep(endMs / 8);
  const lines: string[] = [];
  for (let ms = 0; ms <= endMs; ms += stepMs) {
    lines.push(`<line x1="${x(ms)}" y1="${size.top - 12}" x2="${x(ms)}" y2="${bottom}" stroke="${colours.grid}"/>`);
    lines.push(
      text(x(ms), bottom + 22, ms === 0 ? '0' : shortTime(ms), { size: 14, colour: colours.dim, anchor: 'middle' }),
    );
  }
  return lines;
}

function milestoneRow(
  { title, predicted, measuredMs, verdict }: Measured,
  top: number,
  x: (ms: number) => number,
): readonly string[] {
  const middle = top + 12;
  const colour = verdict === 'as predicted' ? colours.asPredicted : colours.other;
  const measured = measuredMs === undefined ? verdict : shortTime(measuredMs);
  return [
    text(40, middle + 2, title),
    text(40, middle + 19, predicted === undefined ? verdict : `${timeRange(predicted)} predicted, ${measured}`, {
      size: 12,
      colour: colours.dim,
    }),
    ...(predicted === undefined
      ? []
      : [box(x(predicted.fromMs), top + 4, x(predicted.toMs) - x(predicted.fromMs), 18, colours.predicted)]),
    ...(measuredMs === undefined ? [] : [`<circle cx="${x(measuredMs)}" cy="${top + 13}" r="7" fill="${colour}"/>`]),
  ];
}

function clientsRow({ clients }: DrillRun, top: number, x: (ms: number) => number, endMs: number): readonly string[] {
  const words =
    clients.failed === 0
      ? 'no request failed'
      : `${clients.failed} failed, for ${shortTime(clients.longestMs)} at the longest, after up to ${shortTime(clients.slowestFailedMs)} each`;
  return [
    text(40, top + 14, 'clients'),
    text(40, top + 31, words, { size: 12, colour: colours.dim }),
    box(x(0), top + 4, x(endMs) - x(0), 18, colours.good),
    ...clients.outages.map(({ fromMs, toMs = endMs }) =>
      box(x(fromMs), top + 4, x(toMs) - x(fromMs), 18, colours.failed),
    ),
  ];
}
