import type { Dashboard, Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import type * as logs from '@grafana/grafana-foundation-sdk/logs';
import type * as loki from '@grafana/grafana-foundation-sdk/loki';
import type * as prometheus from '@grafana/grafana-foundation-sdk/prometheus';
import type * as stat from '@grafana/grafana-foundation-sdk/stat';
import type * as timeseries from '@grafana/grafana-foundation-sdk/timeseries';

/*
 * What Grafana says of its own JSON: types that are generated from the schemas of Grafana 11.6, the version of the image.
 */

/** What is in TypeScript alone. */
type Mark = '_implementsDataqueryVariant';

/** As it is in a file: enums by their values, and whatever has a default may be missing. */
type Plain<Value> = Value extends string
  ? string extends Value
    ? Value
    : `${Value}`
  : Value extends number | boolean | null | undefined
    ? Value
    : Value extends readonly (infer Item)[]
      ? Plain<Item>[]
      : { [Key in keyof Value as Exclude<Key, Mark>]?: Plain<Value[Key]> };

type PanelOf<Kind extends string, Options, Query> = Omit<Plain<Panel>, 'type' | 'options' | 'targets'> & {
  type: Kind;
  options: Plain<Options>;
  targets: Plain<Query>[];
};

/** One that asks a data source with such queries, with panels of these kinds. */
type DashboardOf<Query> = Omit<Plain<Dashboard>, 'panels'> & {
  panels: (
    | PanelOf<'stat', stat.Options, Query>
    | PanelOf<'timeseries', timeseries.Options, Query>
    | PanelOf<'logs', logs.Options, Query>
  )[];
};

export type DashboardOfPrometheus = DashboardOf<prometheus.dataquery>;
export type DashboardOfLoki = DashboardOf<loki.dataquery>;
