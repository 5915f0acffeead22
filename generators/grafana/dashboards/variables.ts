/** What is chosen above a dashboard: one value of a label, several of them, or what a person writes. */
export type Variable =
  | { readonly kind: 'one'; readonly label: string; readonly metric: string }
  | {
      readonly kind: 'several';
      readonly name: string;
      readonly label: string;
      /** A selector of LogQL: streams that have the label. */
      readonly of: string;
    }
  | { readonly kind: 'text'; readonly name: string };

interface DataSource {
  readonly type: string;
  readonly uid: string;
}

/** As values of a label are asked for, by Grafana's data source of Loki (LokiVariableQueryType). */
const lokiLabelValues = 1;

/** Grafana's own JSON of a variable. */
export function variableJson(variable: Variable, datasource: DataSource): object {
  switch (variable.kind) {
    case 'one': {
      const { label, metric } = variable;
      return {
        ...{ type: 'query', name: label, label, datasource, refresh: 2, sort: 1 },
        query: { query: `label_values(${metric}, ${label})`, refId: 'variable' },
      };
    }
    case 'several': {
      const { name, label, of } = variable;
      return {
        ...{ type: 'query', name, label: name, datasource, refresh: 2 },
        // Streams without the label, such as tasks that are none of Marathon's, belong to all.
        ...{ sort: 1, multi: true, includeAll: true, allValue: '.*', current: { text: ['All'], value: ['$__all'] } },
        query: { type: lokiLabelValues, label, stream: of, refId: 'variable' },
      };
    }
    case 'text':
      return { type: 'textbox', name: variable.name, label: variable.name, query: '' };
  }
}
