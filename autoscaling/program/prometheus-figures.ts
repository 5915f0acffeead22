import { listAt, textAt, valueAt } from '../../protocol/json.ts';
import type { Measurement } from '../rule/recommend.ts';
import type { AskJson } from './measuring.ts';

/**
 * Asks a Prometheus (its HTTP API, "Instant queries"). Several series are added up, as Kubernetes does with those of an
 * external metric.
 * @param url undefined: there is no Prometheus
 */
export async function askPrometheus(url: string | undefined, query: string, ask: AskJson): Promise<Measurement> {
  if (url === undefined) {
    const fix =
      'the add-on metrics brings one on Docker, and autoscale.prometheus in mesos-cluster.yaml says where another is';
    return { kind: 'none', why: `its metric is a query, and no Prometheus is known: ${fix}` };
  }
  try {
    const answer = await ask(`${url}/api/v1/query?query=${encodeURIComponent(query)}`);
    const values = valuesIn(answer);
    if (values === undefined)
      return { kind: 'none', why: `the query gives neither a number nor series of them: ${query}` };
    if (values.length === 0) return { kind: 'none', why: `the query gives nothing: ${query}` };
    if (values.some((value) => !Number.isFinite(value))) {
      return { kind: 'none', why: `the query gives what is no number: ${query}` };
    }
    return {
      kind: 'total',
      value: Math.max(
        0,
        values.reduce((sum, value) => sum + value, 0),
      ),
    };
  } catch (error) {
    return { kind: 'none', why: error instanceof Error ? error.message : String(error) };
  }
}

function valuesIn(answer: unknown): readonly number[] | undefined {
  switch (textAt(answer, 'data', 'resultType')) {
    case 'scalar':
      return [Number(listAt(answer, 'data', 'result')[1])];
    case 'vector':
      return listAt(answer, 'data', 'result').map((series) => Number(listAt(valueAt(series, 'value'))[1]));
    default:
      return undefined;
  }
}
