import {
  figureNames,
  subjectKinds,
  type HourFigures,
  type LeaderChange,
  type SubjectKind,
} from '../../../protocol/hour-figures.ts';
import type { Measure } from '../../../protocol/exposition.ts';
import type { ServedApps } from '../read/served-apps.ts';
import { CounterRates } from './counter-rates.ts';
import { readFigures } from './read-figures.ts';
import { SubjectRings } from './subject-rings.ts';

const hourMs = 3_600_000;
/** Samples are at least so far apart: Prometheus asks every 10 seconds, more or less. */
const leastMs = 9000;
const samples = hourMs / leastMs;

/** What was collected at a time. */
export interface CollectedNow {
  readonly measures: readonly Measure[];
  readonly served: ServedApps;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** The last hour of a cluster, its agents and its apps, in memory of a fixed size for each of them. */
export class HourRing {
  #rates = new CounterRates();
  readonly #times = new Float64Array(samples);
  #count = 0;
  #leader: string | undefined;
  #changes: readonly LeaderChange[] = [];
  readonly #rings: Readonly<Record<SubjectKind, SubjectRings>> = {
    cluster: new SubjectRings(figureNames.cluster, samples),
    agent: new SubjectRings(figureNames.agent, samples),
    app: new SubjectRings(figureNames.app, samples),
  };

  /** When the last sample was taken; undefined: there is none. */
  get lastAt(): number | undefined {
    return this.#count === 0 ? undefined : this.#times[(this.#count - 1) % samples];
  }

  /** How many subjects of a kind it has. */
  sizeOf(kind: SubjectKind): number {
    return this.#rings[kind].size;
  }

  /** Takes a sample, unless it comes too soon after the last one. A clock that was set back begins anew. */
  record({ measures, served, at }: CollectedNow): void {
    const last = this.lastAt;
    if (last !== undefined && at < last) this.#clear();
    else if (last !== undefined && at - last < leastMs) return;
    const sample = readFigures(measures, { rates: this.#rates, served, at });
    const place = this.#count % samples;
    this.#times[place] = at;
    this.#count += 1;
    const oldest = at - hourMs;
    for (const kind of subjectKinds) this.#rings[kind].record(sample[kind], { place, at, oldest });
    this.#noteLeader(leaderIn(measures), at);
    this.#changes = this.#changes.filter((change) => change.at >= oldest);
  }

  /**
   * What is known of a subject.
   * @param name of an agent or an app; of the cluster it is empty
   * @param now milliseconds since 1970: what is older than an hour is not told
   */
  figuresOf(kind: SubjectKind, name: string, now: number): Omit<HourFigures, 'now' | 'everyMs'> {
    const places: number[] = [];
    for (let index = Math.max(0, this.#count - samples); index < this.#count; index += 1) {
      const place = index % samples;
      if ((this.#times[place] ?? 0) >= now - hourMs) places.push(place);
    }
    const figures = this.#rings[kind].valuesOf(name, places);
    const leaderChanges = this.#changes.filter(({ at }) => at >= now - hourMs);
    if (figures === undefined) return { times: [], figures: {}, leaderChanges };
    return { times: places.map((place) => this.#times[place] ?? 0), figures, leaderChanges };
  }

  #noteLeader(to: string, at: number): void {
    const from = this.#leader;
    this.#leader = to;
    if (from !== undefined && from !== to) this.#changes = [...this.#changes, { at, from, to }];
  }

  #clear(): void {
    this.#count = 0;
    this.#rates = new CounterRates();
    this.#leader = undefined;
    this.#changes = [];
    for (const rings of Object.values(this.#rings)) rings.clear();
  }
}

/** The master that leads, as it says itself; empty: none does. */
const leaderIn = (measures: readonly Measure[]): string =>
  measures.find(({ family, value }) => family.name === 'mesos_master_elected' && value === 1)?.labels['master'] ?? '';
