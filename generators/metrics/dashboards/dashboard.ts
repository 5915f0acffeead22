/** One line, or several, of a panel. */
export interface PanelQuery {
  /** In PromQL, with variables of Grafana: `$agent`, `$app`, `$__rate_interval`. */
  readonly query: string;
  /** `{{label}}` */
  readonly legend: string;
}

export interface Panel {
  readonly title: string;
  /** A number, or lines over time. */
  readonly kind: 'stat' | 'timeseries';
  /** Grafana's: `short`, `bytes`, `percentunit`, `s`, `reqps`. */
  readonly unit: string;
  readonly queries: readonly PanelQuery[];
}

export interface Dashboard {
  /** In file names and links. */
  readonly id: string;
  readonly title: string;
  /** What is chosen above it: a label, and a metric that has it. */
  readonly variable?: { readonly label: string; readonly metric: string };
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

/** As the data source is provisioned. */
export const prometheusUid = 'prometheus';

const datasource = { type: 'prometheus', uid: prometheusUid };
const [columns, statWidth, statHeight, lineWidth, lineHeight] = [24, 4, 4, 12, 8];

/** Places panels from left to right, in the grid of 24 columns that Grafana has. */
function placed(panels: readonly Panel[]) {
  let [x, y, rowHeight] = [0, 0, 0];
  return panels.map(({ title, kind, unit, queries }, index) => {
    const [w, h] = kind === 'stat' ? [statWidth, statHeight] : [lineWidth, lineHeight];
    if (x + w > columns || (rowHeight !== 0 && rowHeight !== h)) [x, y, rowHeight] = [0, y + rowHeight, 0];
    const gridPos = { h, w, x, y };
    [x, rowHeight] = [x + w, h];
    return {
      ...{ id: index + 1, type: kind, title, datasource, gridPos },
      fieldConfig: { defaults: { unit, min: 0 }, overrides: [] },
      options:
        kind === 'stat'
          ? { reduceOptions: { calcs: ['lastNotNull'], fields: '', values: false } }
          : { legend: { displayMode: 'list', placement: 'bottom' }, tooltip: { mode: 'multi' } },
      targets: queries.map(({ query, legend }, at) => ({
        ...{ refId: String.fromCharCode(65 + at), datasource, expr: query },
        ...(legend === '' ? {} : { legendFormat: legend }),
      })),
    };
  });
}

function variableOf({ label, metric }: NonNullable<Dashboard['variable']>) {
  const definition = `label_values(${metric}, ${label})`;
  return {
    ...{ type: 'query', name: label, label, datasource, definition, refresh: 2, sort: 1 },
    query: { query: definition, refId: 'variable' },
  };
}

/** Grafana's own JSON of a dashboard (schema version 39, of Grafana 10 and 11). */
export function dashboardJson({ id, title, variable, panels }: Dashboard): string {
  const json = {
    ...{ uid: `mesos-${id}`, title, tags: ['mesos'], schemaVersion: 39, version: 1, editable: false },
    ...{ refresh: '10s', time: { from: 'now-15m', to: 'now' }, timezone: 'browser' },
    links: [{ type: 'dashboards', tags: ['mesos'], title: 'Other dashboards', asDropdown: false, includeVars: false }],
    templating: { list: variable === undefined ? [] : [variableOf(variable)] },
    panels: placed(panels),
  };
  return `${JSON.stringify(json, undefined, 2)}\n`;
}
