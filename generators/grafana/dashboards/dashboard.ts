import { variableJson, type Variable } from './variables.ts';

/** One line, or several, of a panel. */
export interface PanelQuery {
  /** In PromQL or LogQL, with variables of Grafana: `$agent`, `$app`, `$__rate_interval`. */
  readonly query: string;
  /** `{{label}}` */
  readonly legend: string;
}

export interface Panel {
  readonly title: string;
  /** A number, lines over time, or lines of text. */
  readonly kind: 'stat' | 'timeseries' | 'logs';
  /** Grafana's: `short`, `bytes`, `percentunit`, `s`, `reqps`. */
  readonly unit: string;
  readonly queries: readonly PanelQuery[];
}

export interface Dashboard {
  /** In file names and links. */
  readonly id: string;
  readonly title: string;
  /** Who is asked; also the name of the data source, as it is provisioned. */
  readonly keptBy: 'prometheus' | 'loki';
  /** What is chosen above it. */
  readonly variables: readonly Variable[];
  readonly panels: readonly Panel[];
}

export const stat = (title: string, query: string, unit = 'short'): Panel => ({
  ...{ title, unit, kind: 'stat' },
  queries: [{ query, legend: '' }],
});

export const lines = (title: string, unit: string, ...queries: readonly (readonly [string, string])[]): Panel => ({
  ...{ title, unit, kind: 'timeseries' },
  queries: queries.map(([query, legend]) => ({ query, legend })),
});

export const logLines = (title: string, query: string): Panel => ({
  ...{ title, unit: 'short', kind: 'logs' },
  queries: [{ query, legend: '' }],
});

const columns = 24;
const sizes = { stat: [4, 4], timeseries: [12, 8], logs: [columns, 14] } as const;
const options = {
  stat: { reduceOptions: { calcs: ['lastNotNull'], fields: '', values: false } },
  timeseries: { legend: { displayMode: 'list', placement: 'bottom' }, tooltip: { mode: 'multi' } },
  logs: { showTime: true, showLabels: false, wrapLogMessage: true, sortOrder: 'Descending', enableLogDetails: true },
} as const;

/** Places panels from left to right, in the grid of 24 columns that Grafana has. */
function placed({ panels, keptBy }: Dashboard) {
  const datasource = { type: keptBy, uid: keptBy };
  let [x, y, rowHeight] = [0, 0, 0];
  return panels.map(({ title, kind, unit, queries }, index) => {
    const [w, h] = sizes[kind];
    if (x + w > columns || (rowHeight !== 0 && rowHeight !== h)) [x, y, rowHeight] = [0, y + rowHeight, 0];
    const gridPos = { h, w, x, y };
    [x, rowHeight] = [x + w, h];
    return {
      ...{ id: index + 1, type: kind, title, datasource, gridPos },
      fieldConfig: { defaults: kind === 'logs' ? {} : { unit, min: 0 }, overrides: [] },
      options: options[kind],
      targets: queries.map(({ query, legend }, at) => ({
        ...{ refId: String.fromCharCode(65 + at), datasource, expr: query },
        ...(legend === '' ? {} : { legendFormat: legend }),
      })),
    };
  });
}

/** Grafana's own JSON of a dashboard (schema version 39, of Grafana 10 and 11). */
export function dashboardJson(dashboard: Dashboard): string {
  const { id, title, variables, keptBy } = dashboard;
  const json = {
    ...{ uid: `mesos-${id}`, title, tags: ['mesos'], schemaVersion: 39, version: 1, editable: false },
    ...{ refresh: '10s', time: { from: 'now-15m', to: 'now' }, timezone: 'browser' },
    links: [{ type: 'dashboards', tags: ['mesos'], title: 'Other dashboards', asDropdown: false, includeVars: false }],
    templating: { list: variables.map((variable) => variableJson(variable, { type: keptBy, uid: keptBy })) },
    panels: placed(dashboard),
  };
  return `${JSON.stringify(json, undefined, 2)}\n`;
}
