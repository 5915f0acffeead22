/** What is remembered of a run (TaskStat.scala of Chronos, which keeps it in Cassandra). */
export interface PastRun {
  readonly taskId: string;
  readonly agentId: string;
  /** Milliseconds since 1970. */
  readonly startedAt?: number;
  readonly endedAt?: number;
  readonly status: 'Running' | 'Success' | 'Fail';
  readonly elementsProcessed?: number;
}

/** Of one job. */
export interface JobHistory {
  readonly name: string;
  /** Newest last. */
  readonly runs: readonly PastRun[];
  readonly successes: number;
  readonly failures: number;
  /** Of the last successful runs, from when they were due to their end, in milliseconds. */
  readonly durations: readonly number[];
}

/** As many as a histogram needs to say something. */
const mostDurations = 100;

/** The last runs of each job. */
export class History {
  readonly #jobs = new Map<string, JobHistory>();
  readonly #most: number;
  readonly #onChange: (name: string) => void;

  constructor(saved: readonly JobHistory[], most: number, onChange: (name: string) => void) {
    this.#most = most;
    this.#onChange = onChange;
    for (const each of saved) this.#jobs.set(each.name, each);
  }

  get(name: string): JobHistory {
    return this.#jobs.get(name) ?? { name, runs: [], successes: 0, failures: 0, durations: [] };
  }

  names(): Iterable<string> {
    return this.#jobs.keys();
  }

  has(name: string): boolean {
    return this.#jobs.has(name);
  }

  started(name: string, taskId: string, agentId: string, now: number): void {
    this.#update(name, { taskId, agentId, startedAt: now, status: 'Running' });
  }

  ended(name: string, run: { readonly taskId: string; readonly agentId: string }, isGood: boolean, now: number): void {
    this.#update(name, { ...run, endedAt: now, status: isGood ? 'Success' : 'Fail' });
  }

  /** A run has come to a good end, or was declared good. */
  succeeded(name: string, durationMs?: number): void {
    const before = this.get(name);
    const durations = durationMs === undefined ? before.durations : [...before.durations, durationMs];
    this.#set({ ...before, successes: before.successes + 1, durations: durations.slice(-mostDurations) });
  }

  /** No attempt is left. */
  failed(name: string): void {
    const before = this.get(name);
    this.#set({ ...before, failures: before.failures + 1 });
  }

  /** @returns whether there is such a run */
  progressed(name: string, taskId: string, more: number): boolean {
    const run = this.get(name).runs.find((each) => each.taskId === taskId);
    if (run === undefined) return false;
    this.#update(name, { ...run, elementsProcessed: (run.elementsProcessed ?? 0) + more });
    return true;
  }

  remove(name: string): void {
    if (this.#jobs.delete(name)) this.#onChange(name);
  }

  #update(name: string, run: PastRun): void {
    const job = this.get(name);
    const before = job.runs.find(({ taskId }) => taskId === run.taskId);
    const startedAt = before?.startedAt ?? run.startedAt;
    const merged = { ...before, ...run, ...(startedAt !== undefined && { startedAt }) };
    const runs =
      before === undefined ? [...job.runs, merged] : job.runs.map((each) => (each === before ? merged : each));
    this.#set({ ...job, runs: runs.slice(-this.#most) });
  }

  #set(job: JobHistory): void {
    this.#jobs.set(job.name, job);
    this.#onChange(job.name);
  }
}
