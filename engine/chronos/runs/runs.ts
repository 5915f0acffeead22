import { isAtWork, type Run } from './run.ts';

/** All runs that have not ended, and those of each job. */
export class Runs {
  readonly #runs = new Map<string, Run>();
  readonly #ofJobs = new Map<string, Map<string, Run>>();
  readonly #onChange: (taskId: string) => void;

  constructor(saved: readonly Run[], onChange: (taskId: string) => void) {
    this.#onChange = onChange;
    for (const run of saved) this.#put(run);
  }

  get(taskId: string): Run | undefined {
    return this.#runs.get(taskId);
  }

  all(): Iterable<Run> {
    return this.#runs.values();
  }

  taskIds(): Iterable<string> {
    return this.#runs.keys();
  }

  ofJob(name: string): readonly Run[] {
    return [...(this.#ofJobs.get(name)?.values() ?? [])];
  }

  isWaiting(name: string): boolean {
    return this.ofJob(name).some(({ state }) => state === 'queued');
  }

  isAtWork(name: string): boolean {
    return this.ofJob(name).some(isAtWork);
  }

  put(run: Run): void {
    this.#put(run);
    this.#onChange(run.taskId);
  }

  remove(run: Run): void {
    this.#runs.delete(run.taskId);
    const ofJob = this.#ofJobs.get(run.jobName);
    ofJob?.delete(run.taskId);
    if (ofJob?.size === 0) this.#ofJobs.delete(run.jobName);
    this.#onChange(run.taskId);
  }

  #put(run: Run): void {
    this.#runs.set(run.taskId, run);
    const ofJob = this.#ofJobs.get(run.jobName) ?? new Map<string, Run>();
    this.#ofJobs.set(run.jobName, ofJob.set(run.taskId, run));
  }
}

/** `idle`, `queued` or `2 running` (JobStats.scala of Chronos). */
export function stateOfJob(runs: Runs, name: string): string {
  const states = runs.ofJob(name).map(({ state }) => state);
  const running = states.filter((state) => state === 'running' || state === 'unreported').length;
  if (running > 0) return `${running} running`;
  return states.some((state) => state === 'queued' || state === 'launched') ? 'queued' : 'idle';
}
