import type { ClusterState } from '../cluster-state.ts';
import type { FrameworkRecord } from '../records.ts';
import { scalarOf } from '../resources.ts';

interface Entry {
  readonly framework: FrameworkRecord;
  /** Among frameworks with the same share the elder is first. */
  readonly age: number;
  share: number;
}

/** Frameworks by their dominant share, least first (DRFSorter in src/master/allocator/mesos/sorter/drf). */
export class FairOrder {
  readonly #sums: ClusterState['sums'];
  readonly #entries: Entry[];

  constructor(frameworks: readonly FrameworkRecord[], { sums }: ClusterState) {
    this.#sums = sums;
    this.#entries = frameworks
      .map((framework, age) => ({ framework, age, share: this.#shareOf(framework) }))
      .sort((a, b) => a.share - b.share || a.age - b.age);
  }

  /** The first that may have something. */
  find(mayHave: (framework: FrameworkRecord) => boolean): FrameworkRecord | undefined {
    return this.#entries.find(({ framework }) => mayHave(framework))?.framework;
  }

  /** The framework was offered something: it moves back. */
  update(framework: FrameworkRecord): void {
    const from = this.#entries.findIndex((each) => each.framework === framework);
    const [entry] = this.#entries.splice(from, 1);
    if (entry === undefined) return;
    entry.share = this.#shareOf(framework);
    const to = this.#entries.findIndex(
      ({ share, age }) => share > entry.share || (share === entry.share && age > entry.age),
    );
    this.#entries.splice(to < 0 ? this.#entries.length : to, 0, entry);
  }

  #shareOf({ used, offered }: FrameworkRecord): number {
    const share = (name: 'cpus' | 'mem') => {
      const total = this.#sums.of('total', name);
      return total === 0 ? 0 : (scalarOf(used, name) + scalarOf(offered, name)) / total;
    };
    return Math.max(share('cpus'), share('mem'));
  }
}
