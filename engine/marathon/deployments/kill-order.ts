import type { App } from '../../../protocol/marathon.ts';
import type { Condition, Instance } from '../scheduling/instances.ts';

/** Which goes first; what is not named, last (ScalingProposition.weight of Marathon). */
const weights: Readonly<Partial<Record<Condition, number>>> = { Unreachable: 1, Staging: 2, Starting: 3, Running: 4 };

/**
 * The instances of an app in the order in which a scaling ends them (ScalingProposition.propose of Marathon): what evens
 * GROUP_BY constraints out, then those that do not run, then as killSelection says.
 * @param count how many are to end
 */
export function scalingOrder(app: App, instances: readonly Instance[], count: number): readonly Instance[] {
  const first = evenOut(app, instances, count);
  const rest = new Set(instances);
  for (const each of first) rest.delete(each);
  return [...first, ...[...rest].sort(bySelection(app))];
}

/** By condition, then by age: of those that run by the time since when they do. */
export function bySelection({ killSelection }: App): (a: Instance, b: Instance) => number {
  const sign = killSelection === 'OLDEST_FIRST' ? 1 : -1;
  return (a, b) => weightOf(a) - weightOf(b) || sign * (since(a) - since(b)) || sign * (a.stagedAt - b.stagedAt);
}

const weightOf = ({ condition }: Instance) => weights[condition] ?? 5;
const since = ({ startedAt, stagedAt }: Instance) => startedAt ?? stagedAt;

/**
 * Instances whose end leaves GROUP_BY constraints as even as they can be (Constraints.selectInstancesToKill of
 * Marathon); other constraints choose nothing.
 */
function evenOut({ constraints = [] }: App, instances: readonly Instance[], count: number): readonly Instance[] {
  const fields = constraints.flatMap(([field = '', operator]) => (operator === 'GROUP_BY' ? [field] : []));
  if (fields.length === 0 || count >= instances.length) return [];
  const distributions = fields.map((field) => new Distribution(field, instances));
  const chosen = new Set<Instance>();
  while (chosen.size < count) {
    const next = firstThat(candidates(distributions, instances, chosen), (each) =>
      distributions.every((distribution) => distribution.mayLose(each)),
    );
    if (next === undefined) break;
    chosen.add(next);
    for (const each of distributions) each.lose(next);
  }
  return [...chosen];
}

function* candidates(
  distributions: readonly Distribution[],
  instances: readonly Instance[],
  chosen: ReadonlySet<Instance>,
): Generator<Instance> {
  for (const each of [...distributions].sort((a, b) => b.difference() - a.difference())) yield* each.fullest();
  for (const each of instances) if (!chosen.has(each)) yield each;
}

function firstThat<Item>(items: Iterable<Item>, isWanted: (item: Item) => boolean): Item | undefined {
  for (const item of items) if (isWanted(item)) return item;
  return undefined;
}

/** Instances by the value of one attribute. */
class Distribution {
  readonly #groups = new Map<string | undefined, Set<Instance>>();
  readonly #field: string;
  readonly #atFirst: number;

  constructor(field: string, instances: readonly Instance[]) {
    this.#field = field;
    for (const instance of instances) {
      const value = this.#valueOf(instance);
      this.#groups.set(value, (this.#groups.get(value) ?? new Set()).add(instance));
    }
    this.#atFirst = this.difference();
  }

  /** How many more the value that has most has than the one that has fewest. */
  difference(without?: Instance): number {
    const poorer = without === undefined ? undefined : this.#groups.get(this.#valueOf(without));
    const sizes = [...this.#groups.values()].map((group) => group.size - (group === poorer ? 1 : 0));
    return Math.max(...sizes) - Math.min(...sizes);
  }

  mayLose(instance: Instance): boolean {
    const after = this.difference(instance);
    return after <= 1 || after < this.#atFirst;
  }

  lose(instance: Instance): void {
    this.#groups.get(this.#valueOf(instance))?.delete(instance);
  }

  /** Those of the values that have most, unless all have as many. */
  *fullest(): Generator<Instance> {
    if (this.difference() === 0) return;
    const most = Math.max(...[...this.#groups.values()].map(({ size }) => size));
    for (const group of this.#groups.values()) if (group.size === most) yield* group;
  }

  #valueOf({ attributes }: Instance): string | undefined {
    return Object.hasOwn(attributes, this.#field) ? attributes[this.#field] : undefined;
  }
}
