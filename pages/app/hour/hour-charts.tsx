import { useState } from 'preact/hooks';
import type { HourFigures, SubjectKind } from '../../../protocol/hour-figures.ts';
import '../views/mesos.css';
import './hour.css';
import type { Known } from '../connection.ts';
import { useAsked } from '../mesos/use-asked.ts';
import { time, When } from '../parts/when.tsx';
import { words } from '../words.ts';
import { hasAddon } from './addons.ts';
import { Chart, type Mark } from './chart.tsx';
import { charts } from './charts.ts';
import { spanOf } from './plot.ts';

/** Samples come every ten seconds or so. */
const askMs = 5000;
const minuteMs = 60_000;

interface HourChartsProps {
  readonly known: Known;
  readonly kind: SubjectKind;
  /** Of the agent, by the id that the master gave it, or the app; of the cluster it is empty. */
  readonly id: string;
  /** Of an app: when it was scaled. */
  readonly steps?: readonly Mark[];
}

/** The last hour of a cluster, an agent or an app, as the exporter of metrics has kept it. */
export function HourCharts({ known, kind, id, steps = [] }: HourChartsProps) {
  const isThere = hasAddon(known, 'metrics');
  const query = kind === 'cluster' ? '' : `?${new URLSearchParams({ [kind]: id }).toString()}`;
  const { answer: hour, trouble } = useAsked<HourFigures>(isThere ? `/page/hour${query}` : undefined, askMs);
  const [pointed, setPointed] = useState<number>();
  if (!isThere) return <HowToGetIt />;
  return (
    <>
      {trouble !== '' && (
        <p class="note" role="status">
          {words.ofHour.silent(trouble)}
        </p>
      )}
      {hour === undefined && trouble === '' && <p class="quiet">{words.ofHour.asking}</p>}
      {hour?.times.length === 0 && <p class="quiet">{words.ofHour.nothingYet}</p>}
      {hour !== undefined && hour.times.length > 0 && (
        <Drawn hour={hour} kind={kind} steps={steps} pointed={pointed} onPoint={setPointed} />
      )}
    </>
  );
}

const HowToGetIt = () => (
  <p class="quiet">
    {words.ofHour.missing} <code>{words.ofHour.setting}</code> {words.ofHour.settingIn}
  </p>
);

interface DrawnProps {
  readonly hour: HourFigures;
  readonly kind: SubjectKind;
  readonly steps: readonly Mark[];
  readonly pointed: number | undefined;
  readonly onPoint: (sample: number | undefined) => void;
}

function Drawn({ hour, kind, steps, pointed, onPoint }: DrawnProps) {
  const span = spanOf(hour);
  const changes =
    kind === 'cluster'
      ? hour.leaderChanges.map(({ at, from, to }) => ({ at, text: words.ofHour.leader(from, to) }))
      : [];
  const seen = steps.filter(({ at }) => at >= span.from);
  return (
    <>
      <p class="quiet">
        {words.ofHour.about(time.format(hour.times[0]), Math.round((span.to - span.from) / minuteMs))}
      </p>
      <Marks title={words.ofHour.leaderChanges(changes.length)} marks={changes} />
      <Marks title={words.ofHour.steps(seen.length)} marks={seen} />
      <div class="charts">
        {charts[kind].map((plan) => (
          <Chart
            key={plan.title}
            plan={plan}
            hour={hour}
            span={span}
            marks={plan.hasSteps === true ? seen : changes}
            pointed={pointed}
            onPoint={onPoint}
          />
        ))}
      </div>
    </>
  );
}

/** What upright lines in the charts are. */
const Marks = ({ title, marks }: { readonly title: string; readonly marks: readonly Mark[] }) =>
  marks.length === 0 ? null : (
    <details class="fold">
      <summary>{title}</summary>
      <ul class="plain">
        {marks.map(({ at, text }) => (
          <li key={at}>
            <When at={at} /> {text}
          </li>
        ))}
      </ul>
    </details>
  );
