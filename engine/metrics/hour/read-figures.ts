import { subjectKinds, type figureNames, type SubjectKind } from '../../../protocol/hour-figures.ts';
import type { Measure } from '../../../protocol/exposition.ts';
import { appsBehind, type ServedApps } from '../read/served-apps.ts';
import type { CounterRates } from './counter-rates.ts';
import { answersByStatus, figureRules } from './figure-rules.ts';

/** By name; NaN: it was there, and its rate is not known yet. */
export type SubjectFigures = Map<string, number>;

/** The figures of a sample, by the names of the subjects; the cluster has none. */
export type Sample = Readonly<Record<SubjectKind, ReadonlyMap<string, SubjectFigures>>>;

/**
 * What measures say of cluster, agents and apps.
 * @param at when they were taken, milliseconds
 */
export function readFigures(
  measures: readonly Measure[],
  { rates, served, at }: { readonly rates: CounterRates; readonly served: ServedApps; readonly at: number },
): Sample {
  const sample = {
    ...{ cluster: new Map<string, SubjectFigures>(), agent: new Map<string, SubjectFigures>() },
    app: new Map<string, SubjectFigures>(),
  };
  rates.begin();
  const http = new Set(measures.filter(({ family }) => family.name === answersByStatus).map(serviceOf));
  for (const measure of measures) {
    const rules = figureRules.get(measure.family.name);
    if (rules === undefined) continue;
    const isRate = measure.family.kind === 'counter';
    const value = isRate ? rates.rateOf(measure, at) : measure.value;
    for (const { of, figure, where, per = 1, isWithoutHttp = false } of rules) {
      if (where !== undefined && !where(measure.labels)) continue;
      if (isWithoutHttp && http.has(serviceOf(measure))) continue;
      for (const name of subjectsOf(of, measure, served)) add(sample[of], name, figure, value * per);
    }
  }
  for (const kind of subjectKinds) {
    for (const figures of sample[kind].values()) complete(kind, figures);
  }
  return sample;
}

/** A backend of a load balancer. */
const serviceOf = ({ labels }: Measure) => `${labels['load_balancer'] ?? ''} ${labels['proxy'] ?? ''}`;

const theCluster = [''];

function subjectsOf(kind: SubjectKind, { labels }: Measure, served: ServedApps): readonly string[] {
  const { proxy, agent, app = '' } = labels;
  const apps = proxy === undefined ? [app] : appsBehind(served, proxy);
  switch (kind) {
    case 'cluster':
      // What a load balancer has beside apps is its own.
      return apps.length === 0 ? [] : theCluster;
    case 'agent':
      return agent === undefined ? [] : [agent];
    case 'app':
      return apps.filter((each) => each !== '');
  }
}

function add(subjects: Map<string, SubjectFigures>, subject: string, figure: string, value: number): void {
  let figures = subjects.get(subject);
  if (figures === undefined) {
    figures = new Map();
    subjects.set(subject, figures);
  }
  const before = figures.get(figure);
  if (before === undefined || Number.isNaN(before)) figures.set(figure, value);
  else if (!Number.isNaN(value)) figures.set(figure, before + value);
}

type Name = (typeof figureNames)[SubjectKind][number];

/** Of each kind what is none where something else is so: nothing is said of agents that are not there, of what does not wait or run. */
const noneWhere: Readonly<Record<SubjectKind, readonly (readonly [Name, (figures: SubjectFigures) => boolean])[]>> = {
  cluster: [
    ['agentsUp', (figures) => figures.has('mastersUp')],
    ['instancesWaiting', (figures) => figures.has('appsWaiting')],
    ['cpusInUse', (figures) => figures.get('tasksRunning') === 0],
    ['memoryInUse', (figures) => figures.get('tasksRunning') === 0],
  ],
  agent: [
    ['cpusInUse', (figures) => figures.get('tasksRunning') === 0],
    ['memoryInUse', (figures) => figures.get('tasksRunning') === 0],
  ],
  app: [
    ['waiting', (figures) => figures.has('instances')],
    ['cpusInUse', (figures) => figures.get('running') === 0],
    ['memoryInUse', (figures) => figures.get('running') === 0],
  ],
};

function complete(kind: SubjectKind, figures: SubjectFigures): void {
  for (const [name, isNone] of noneWhere[kind]) if (!figures.has(name) && isNone(figures)) figures.set(name, 0);
}
