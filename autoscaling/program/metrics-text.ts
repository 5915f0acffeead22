import { exposition, type Family, type Labels, type Measure } from '../../protocol/exposition.ts';
import type { AgentRow } from './agent-board.ts';
import type { BoardRow, DecisionBoard } from './decision-board.ts';

const gauge = (name: string, help: string): Family => ({ name: `autoscaler_app_${name}`, kind: 'gauge', help });

const metricOf = (decision: BoardRow['decision']): Labels => ({ metric: decision?.metric ?? '' });

type Values = readonly (readonly [value: number | undefined, labels?: Labels])[];

/** What there is of agents and of an app alike. */
type Row = Pick<AgentRow, 'steps'> & { readonly decision?: { readonly kind: string } };

const wasMeasured = ({ decision }: Row): Values => [
  [decision === undefined ? undefined : decision.kind === 'unable' ? 0 : 1],
];

const stepsOf = ({ steps }: Row): Values => [
  [steps.up, { direction: 'up' }],
  [steps.down, { direction: 'down' }],
];

type ValuesOf = (row: BoardRow) => Values;

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
  [gauge('measured', '1 if the metric of the app could be measured.'), wasMeasured],
  [gauge('label_problems', 'Mistakes in the labels of the app.'), ({ problems = [] }) => [[problems.length]]],
  [{ name: 'autoscaler_app_steps_total', kind: 'counter', help: 'How often the app was scaled.' }, stepsOf],
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

const ofAgents = (name: string, help: string): Family => ({ name: `autoscaler_agents${name}`, kind: 'gauge', help });

/** Where it may have agents wanted. */
const agentFamilies: readonly (readonly [Family, (row: AgentRow) => Values])[] = [
  [ofAgents('', 'Agents that were registered at the last look.'), ({ decision }) => [[decision?.from]]],
  [ofAgents('_desired', 'Agents that the autoscaler decided on.'), ({ decision }) => [[decision?.to]]],
  [ofAgents('_min', 'Least agents.'), ({ decision }) => [[decision?.min]]],
  [ofAgents('_max', 'Most agents.'), ({ decision }) => [[decision?.max]]],
  [
    ofAgents('_waiting_instances', 'Instances that wait in the queue, and that no agent has room for.'),
    ({ decision }) => [[decision?.waiting]],
  ],
  [ofAgents('_measured', '1 if masters and Marathon told of agents and queue.'), wasMeasured],
  [
    {
      name: 'autoscaler_agents_steps_total',
      kind: 'counter',
      help: 'How often the number of agents changed as it was wanted.',
    },
    stepsOf,
  ],
];

/** `/metrics`, in Prometheus's text format. @param agents missing: it has no say in their number */
export function metricsText(board: DecisionBoard, agents?: AgentRow): string {
  const rows = board.rows();
  return exposition([
    { family: looks, labels: {}, value: board.looks },
    { family: failures, labels: {}, value: board.failures },
    ...(agents === undefined ? [] : agentFamilies.flatMap(([family, valuesOf]) => measured(family, valuesOf(agents)))),
    ...ofApps.flatMap(([family, valuesOf]) => rows.flatMap((row) => measuresOf(family, row, valuesOf))),
  ]);
}

const measuresOf = (family: Family, row: BoardRow, valuesOf: ValuesOf): readonly Measure[] =>
  measured(
    family,
    valuesOf(row).map(([value, labels]) => [value, { app: row.app, ...labels }]),
  );

const measured = (family: Family, values: Values): readonly Measure[] =>
  values.flatMap(([value, labels = {}]) => (value === undefined ? [] : [{ family, labels, value }]));
