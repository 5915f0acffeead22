import { exposition, type Family, type Labels, type Measure } from '../../protocol/exposition.ts';
import type { BoardRow, DecisionBoard } from './decision-board.ts';

const gauge = (name: string, help: string): Family => ({ name: `autoscaler_app_${name}`, kind: 'gauge', help });

const metricOf = (decision: BoardRow['decision']): Labels => ({ metric: decision?.metric ?? '' });

type ValuesOf = (row: BoardRow) => readonly (readonly [value: number | undefined, labels?: Labels])[];

/** Of each app. */
const ofApps: readonly (readonly [Family, ValuesOf])[] = [
  [gauge('instances', 'Instances that the app had when it was looked at.'), ({ decision }) => [[decision?.from]]],
  [gauge('desired_instances', 'Instances that the autoscaler decided on.'), ({ decision }) => [[decision?.to]]],
  [gauge('min_instances', 'Least instances at this time.'), ({ decision }) => [[decision?.min]]],
  [gauge('max_instances', 'Most instances at this time.'), ({ decision }) => [[decision?.max]]],
  [
    gauge('metric_value', 'What was measured of one instance.'),
    ({ decision }) => [[decision?.value, metricOf(decision)]],
  ],
  [
    gauge('metric_target', 'What is wanted of one instance.'),
    ({ decision }) => [[decision?.target, metricOf(decision)]],
  ],
  [
    gauge('measured', '1 if the metric of the app could be measured.'),
    ({ decision }) => [[decision === undefined ? undefined : decision.kind === 'unable' ? 0 : 1]],
  ],
  [gauge('label_problems', 'Mistakes in the labels of the app.'), ({ problems = [] }) => [[problems.length]]],
  [
    { name: 'autoscaler_app_steps_total', kind: 'counter', help: 'How often the app was scaled.' },
    ({ steps }) => [
      [steps.up, { direction: 'up' }],
      [steps.down, { direction: 'down' }],
    ],
  ],
];

const looks: Family = {
  name: 'autoscaler_looks_total',
  kind: 'counter',
  help: 'How often all apps were looked at.',
};
const failures: Family = {
  name: 'autoscaler_look_failures_total',
  kind: 'counter',
  help: 'How often no Marathon told of its apps.',
};

/** `/metrics`, in Prometheus's text format. */
export function metricsText(board: DecisionBoard): string {
  const rows = board.rows();
  return exposition([
    { family: looks, labels: {}, value: board.looks },
    { family: failures, labels: {}, value: board.failures },
    ...ofApps.flatMap(([family, valuesOf]) => rows.flatMap((row) => measuresOf(family, row, valuesOf))),
  ]);
}

const measuresOf = (family: Family, row: BoardRow, valuesOf: ValuesOf): readonly Measure[] =>
  valuesOf(row).flatMap(([value, labels]) =>
    value === undefined ? [] : [{ family, labels: { app: row.app, ...labels }, value }],
  );
