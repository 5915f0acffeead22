import type { BoardRow, DecisionBoard } from './decision-board.ts';

interface Series {
  readonly name: string;
  readonly kind: 'gauge' | 'counter';
  readonly help: string;
  readonly values: (row: BoardRow) => readonly (readonly [value: number | undefined, labels?: Labels])[];
}

type Labels = Readonly<Record<string, string>>;

/** Of each app. */
const series: readonly Series[] = [
  {
    ...{ name: 'autoscaler_app_instances', kind: 'gauge', help: 'Instances that the app had when it was looked at.' },
    values: ({ decision }) => [[decision?.from]],
  },
  {
    ...{ name: 'autoscaler_app_desired_instances', kind: 'gauge', help: 'Instances that the autoscaler decided on.' },
    values: ({ decision }) => [[decision?.to]],
  },
  {
    ...{ name: 'autoscaler_app_min_instances', kind: 'gauge', help: 'Least instances at this time.' },
    values: ({ decision }) => [[decision?.min]],
  },
  {
    ...{ name: 'autoscaler_app_max_instances', kind: 'gauge', help: 'Most instances at this time.' },
    values: ({ decision }) => [[decision?.max]],
  },
  {
    ...{ name: 'autoscaler_app_metric_value', kind: 'gauge', help: 'What was measured of one instance.' },
    values: ({ decision }) => [[decision?.value, metricOf(decision)]],
  },
  {
    ...{ name: 'autoscaler_app_metric_target', kind: 'gauge', help: 'What is wanted of one instance.' },
    values: ({ decision }) => [[decision?.target, metricOf(decision)]],
  },
  {
    ...{ name: 'autoscaler_app_measured', kind: 'gauge', help: '1 if the metric of the app could be measured.' },
    values: ({ decision }) => [[decision === undefined ? undefined : decision.kind === 'unable' ? 0 : 1]],
  },
  {
    ...{ name: 'autoscaler_app_label_problems', kind: 'gauge', help: 'Mistakes in the labels of the app.' },
    values: ({ problems = [] }) => [[problems.length]],
  },
  {
    ...{ name: 'autoscaler_app_steps_total', kind: 'counter', help: 'How often the app was scaled.' },
    values: ({ steps }) => [
      [steps.up, { direction: 'up' }],
      [steps.down, { direction: 'down' }],
    ],
  },
];

const metricOf = (decision: BoardRow['decision']): Labels => ({ metric: decision?.metric ?? '' });

/** As in Prometheus's text format, "Comments, help text, and type information". */
const escaped = (text: string) => text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');

const labelled = (labels: Labels) =>
  Object.entries(labels)
    .map(([name, value]) => `${name}="${escaped(value)}"`)
    .join(',');

const head = (name: string, kind: string, help: string) => [`# HELP ${name} ${help}`, `# TYPE ${name} ${kind}`];

/** `/metrics`, in Prometheus's text format. */
export function metricsText(board: DecisionBoard): string {
  const lines = [
    ...head('autoscaler_looks_total', 'counter', 'How often all apps were looked at.'),
    `autoscaler_looks_total ${board.looks}`,
    ...head('autoscaler_look_failures_total', 'counter', 'How often no Marathon told of its apps.'),
    `autoscaler_look_failures_total ${board.failures}`,
    ...series.flatMap(({ name, kind, help, values }) => {
      const found = board
        .rows()
        .flatMap((row) =>
          values(row).flatMap(([value, labels = {}]) =>
            value === undefined ? [] : [`${name}{${labelled({ app: row.app, ...labels })}} ${value}`],
          ),
        );
      return found.length === 0 ? [] : [...head(name, kind, help), ...found];
    }),
  ];
  return lines.map((line) => `${line}\n`).join('');
}
