import { isJsonObject } from '../../../protocol/json.ts';
import { metricName, type Labels, type Measure } from '../../../protocol/exposition.ts';
import { mesosRules, type Derived } from './mesos-rules.ts';

/** What a name means, for as long as the exporter runs: 1,000 agents have the same names. */
const known = new Map<string, Derived>();
/** Names have ids of frameworks in them, of which new ones come. */
const mostKnown = 20_000;

/**
 * `/metrics/snapshot` of a master or agent (docs/monitoring.md of Mesos), of a real one as of ours. A name that is not in
 * that document is exported under its own, as a value of no known type.
 * @param owner the label that says whose they are: `{ agent: 'agent1:5051' }`
 */
export function mesosMeasures(snapshot: unknown, owner: Labels): readonly Measure[] {
  if (!isJsonObject(snapshot)) return [];
  const measures: Measure[] = [];
  for (const [name, value] of Object.entries(snapshot)) {
    if (typeof value !== 'number') continue;
    const { family, labels, factor, suffix } = derived(name);
    const measure = { family, labels: { ...owner, ...labels }, value: value * factor };
    measures.push(suffix === undefined ? measure : { ...measure, suffix });
  }
  return measures;
}

function derived(name: string): Derived {
  const before = known.get(name);
  if (before !== undefined) return before;
  if (known.size >= mostKnown) known.clear();
  const found = derive(name);
  known.set(name, found);
  return found;
}

function derive(name: string): Derived {
  for (const [pattern, rule] of mesosRules) {
    const match = pattern.exec(name);
    if (match === null) continue;
    const { name: own, kind, labels = {}, factor = 1, suffix } = rule(match.groups ?? {});
    const help = `${withoutParts(name, labels)} of Mesos's /metrics/snapshot.`;
    const family = { name: own, kind, help };
    return { family, labels, factor, ...(suffix === undefined ? {} : { suffix }) };
  }
  const own = metricName(`mesos_${name.replace(/^slave\b/, 'agent')}`).replace(/_(?:total|count|sum|bucket)$/, '');
  return {
    family: { name: own, kind: 'untyped', help: `${name} of Mesos's /metrics/snapshot.` },
    labels: {},
    factor: 1,
  };
}

/** `master/tasks_{state}`: the same for all that are one metric. */
function withoutParts(name: string, labels: Labels): string {
  let text = name;
  for (const [label, value] of Object.entries(labels)) {
    if (value !== '') text = text.replace(encodeURIComponent(value), `{${label}}`);
  }
  return text;
}
