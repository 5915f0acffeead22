import { useMemo } from 'preact/hooks';
import type { HourFigures } from '../../../protocol/hour-figures.ts';
import { scrollable } from '../parts/scrollable.ts';
import { time } from '../parts/when.tsx';
import { words } from '../words.ts';
import type { ChartPlan } from './charts.ts';
import { amountText, topOf } from './amounts-of-charts.ts';
import { extremesOf, pathOf, placeOf, sampleAt, size, type Extremes, type Span } from './plot.ts';
import { toneOf } from './tones.ts';

/** Something that happened, at a time. */
export interface Mark {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly text: string;
}

interface ChartProps {
  readonly plan: ChartPlan;
  readonly hour: HourFigures;
  readonly span: Span;
  readonly marks: readonly Mark[];
  /** The sample that is pointed at, in any chart beside this one. */
  readonly pointed: number | undefined;
  readonly onPoint: (sample: number | undefined) => void;
}

interface Line {
  readonly name: keyof typeof words.ofHour.lines;
  readonly values: readonly (number | null)[];
  readonly extremes: Extremes;
}

/** Lines over the last hour, and in words what they are now, were at least and at most. Nothing, if nothing was measured. */
export function Chart({ plan, hour, span, marks, pointed, onPoint }: ChartProps) {
  const lines = useMemo(() => linesOf(plan, hour), [hour]);
  const most = topOf(
    plan.unit,
    lines.map(({ extremes }) => extremes.most),
  );
  const paths = useMemo(
    () => lines.map(({ name, values }) => ({ name, path: pathOf(hour, values, { span, most }) })),
    [lines],
  );
  if (lines.length === 0) return null;
  const title = words.ofHour.charts[plan.title];
  const unit = words.ofHour.units[plan.unit];
  const at = pointed === undefined ? undefined : hour.times[pointed];
  return (
    <figure class="chart panel">
      <figcaption>
        <b>{title}</b> {unit}
      </figcaption>
      <div class="plot" aria-hidden="true">
        <span class="top">{amountText(plan.unit, most)}</span>
        <svg
          viewBox={`0 0 ${size.width} ${size.height}`}
          preserveAspectRatio="none"
          onPointerMove={({ currentTarget, clientX }) => {
            const { left, width } = currentTarget.getBoundingClientRect();
            onPoint(sampleAt(hour.times, (clientX - left) / width, span));
          }}
          onPointerLeave={() => {
            onPoint(undefined);
          }}
        >
          <path class="grid" d={grid} />
          {marks.map((mark) => (
            <Upright key={mark.at} kind="mark" at={mark.at} span={span} />
          ))}
          {paths.map(({ name, path }) => (
            <path key={name} class={`line ${toneOf[name]}`} d={path} />
          ))}
          {at !== undefined && <Upright kind="pointer" at={at} span={span} />}
        </svg>
        <div class="times">
          {[span.from, (span.from + span.to) / 2, span.to].map((each) => (
            <span key={each}>{time.format(each)}</span>
          ))}
        </div>
      </div>
      <div {...scrollable(title)}>
        <Legend plan={plan} title={title} lines={lines} pointed={pointed} at={at} />
      </div>
    </figure>
  );
}

/** Quarters of the time, and half of what there is at most. */
const grid = [
  ...[0.25, 0.5, 0.75].map((share) => `M${share * size.width} 0V${size.height}`),
  `M0 ${size.height / 2}H${size.width}`,
].join('');

function Upright({ kind, at, span }: { readonly kind: string; readonly at: number; readonly span: Span }) {
  if (at < span.from || at > span.to) return null;
  return <path class={kind} d={`M${placeOf(at, span)} 0V${size.height}`} />;
}

function linesOf({ lines }: ChartPlan, { figures }: HourFigures): readonly Line[] {
  return lines.flatMap(([figure, name]) => {
    const values = figures[figure] ?? [];
    const extremes = extremesOf(values);
    return extremes === undefined ? [] : [{ name, values, extremes }];
  });
}

interface LegendProps {
  readonly plan: ChartPlan;
  readonly title: string;
  readonly lines: readonly Line[];
  readonly pointed: number | undefined;
  /** When that was. */
  readonly at: number | undefined;
}

/** Which line is which, with its numbers: who does not see the lines has them here. */
function Legend({ plan, title, lines, pointed, at }: LegendProps) {
  const text = (value: number | null | undefined) =>
    value === null || value === undefined ? words.ofHour.notMeasured : amountText(plan.unit, value);
  return (
    <table aria-label={title}>
      <thead>
        <tr>
          <td />
          <th scope="col">{at === undefined ? words.ofHour.now : time.format(at)}</th>
          <th scope="col">{words.ofHour.least}</th>
          <th scope="col">{words.ofHour.most}</th>
        </tr>
      </thead>
      <tbody>
        {lines.map(({ name, values, extremes }) => (
          <tr key={name}>
            <th scope="row">
              <svg width={20} height={8} viewBox="0 0 20 8" aria-hidden="true">
                <path class={`line ${toneOf[name]}`} d="M0 4H20" />
              </svg>{' '}
              {words.ofHour.lines[name]}
            </th>
            <td>{text(pointed === undefined ? extremes.last : values[pointed])}</td>
            <td>{text(extremes.least)}</td>
            <td>{text(extremes.most)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
