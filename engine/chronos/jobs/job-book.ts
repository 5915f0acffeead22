import { ApiError } from '../chronos-error.ts';
import { isDependent, type Job } from './job.ts';

/** What is kept of a job. */
export interface SavedJob {
  readonly job: Job;
  /** Of a job with several parents: how often each has succeeded since its last run. */
  readonly successes?: Readonly<Record<string, number>>;
}

/** All jobs by their names, and who depends on whom (JobGraph.scala of Chronos). */
export class JobBook {
  readonly #jobs = new Map<string, SavedJob>();
  readonly #children = new Map<string, Set<string>>();
  readonly #onChange: (name: string) => void;

  constructor(saved: readonly SavedJob[], onChange: (name: string) => void) {
    this.#onChange = onChange;
    for (const each of saved) this.#put(each);
  }

  /** A job of the graph; one with a parent that there is not is kept, but not in it. */
  get(name: string): Job | undefined {
    const job = this.#jobs.get(name)?.job;
    return job !== undefined && this.#isInGraph(job) ? job : undefined;
  }

  saved(name: string): SavedJob | undefined {
    return this.#jobs.get(name);
  }

  /** Those that are kept. */
  names(): Iterable<string> {
    return this.#jobs.keys();
  }

  /** The graph. */
  list(): readonly Job[] {
    return [...this.#jobs.values()].map(({ job }) => job).filter((job) => this.#isInGraph(job));
  }

  /** Names of the jobs of the graph that depend on one. */
  childrenOf(name: string): readonly string[] {
    return [...(this.#children.get(name) ?? [])].filter((child) => this.get(child) !== undefined);
  }

  /** Adds a job, or puts it in the place of the one of its name. @throws ApiError 500 when it would depend on itself */
  put(job: Job): void {
    const cycle = this.#cycleWith(job);
    if (cycle !== undefined) {
      // What jgrapht throws; when the parents came later, a real Chronos exits over it, and again at each start.
      throw new ApiError(500, `org.jgrapht.experimental.dag.DirectedAcyclicGraph$CycleFoundException: ${cycle}`);
    }
    this.replace(job);
  }

  /** A job whose parents, if it has any, cannot make a cycle. */
  replace(job: Job): void {
    const before = this.#jobs.get(job.name);
    const successes = isDependent(job) ? before?.successes : undefined;
    if (before !== undefined) this.#unlink(before.job);
    this.#put({ job, ...(successes !== undefined && { successes }) });
    this.#onChange(job.name);
  }

  remove(name: string): void {
    const before = this.#jobs.get(name);
    if (before === undefined) return;
    this.#unlink(before.job);
    this.#jobs.delete(name);
    this.#onChange(name);
  }

  /**
   * Notes that a job has succeeded.
   * @returns the jobs that are to run now: of several parents, each must have succeeded as often as any other has at least
   */
  succeeded(parent: string): readonly string[] {
    return this.childrenOf(parent).filter((name) => {
      const saved = this.#jobs.get(name);
      if (saved === undefined || !isDependent(saved.job)) return false;
      if (saved.job.parents.length === 1) return true;
      const successes = { ...saved.successes, [parent]: (saved.successes?.[parent] ?? 0) + 1 };
      this.#jobs.set(name, { ...saved, successes });
      this.#onChange(name);
      return successes[parent] === Math.min(...saved.job.parents.map((each) => successes[each] ?? 0));
    });
  }

  /** It runs: its parents begin anew. */
  resetSuccesses(name: string): void {
    const saved = this.#jobs.get(name);
    if (saved?.successes === undefined) return;
    this.#jobs.set(name, { job: saved.job });
    this.#onChange(name);
  }

  #put(saved: SavedJob): void {
    this.#jobs.set(saved.job.name, saved);
    for (const parent of parentsOf(saved.job)) {
      this.#children.set(parent, (this.#children.get(parent) ?? new Set()).add(saved.job.name));
    }
  }

  #unlink(job: Job): void {
    for (const parent of parentsOf(job)) {
      const children = this.#children.get(parent);
      children?.delete(job.name);
      if (children?.size === 0) this.#children.delete(parent);
    }
  }

  #isInGraph(job: Job): boolean {
    const seen = new Set([job.name]);
    const open = [...parentsOf(job)];
    for (let name = open.pop(); name !== undefined; name = open.pop()) {
      if (seen.has(name)) continue;
      seen.add(name);
      const parent = this.#jobs.get(name);
      if (parent === undefined) return false;
      open.push(...parentsOf(parent.job));
    }
    return true;
  }

  /** `a -> b -> a` */
  #cycleWith(job: Job): string | undefined {
    const cameBy = new Map<string, string>();
    const open = parentsOf(job).map((parent) => ({ parent, child: job.name }));
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      const { parent, child } = next;
      if (parent === job.name) return pathTo(child, job.name, cameBy);
      if (cameBy.has(parent)) continue;
      cameBy.set(parent, child);
      const further = this.#jobs.get(parent)?.job;
      if (further !== undefined) open.push(...parentsOf(further).map((each) => ({ parent: each, child: parent })));
    }
    return undefined;
  }
}

const parentsOf = (job: Job): readonly string[] => (isDependent(job) ? job.parents : []);

function pathTo(last: string, name: string, cameBy: ReadonlyMap<string, string>): string {
  const path = [name];
  for (let at: string | undefined = last; at !== undefined && at !== name; at = cameBy.get(at)) path.push(at);
  return [...path, name].join(' -> ');
}
