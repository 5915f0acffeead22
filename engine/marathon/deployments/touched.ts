import type { Instance } from '../scheduling/instances.ts';

/** What has changed since it was last looked at; whatever is noted wakes who looks. */
export class Touched {
  readonly #apps = new Set<string>();
  readonly #tasks = new Set<string>();
  readonly #wake: () => void;

  constructor(wake: () => void) {
    this.#wake = wake;
  }

  /** What is to become of the app must be worked out again. */
  app(appId: string): void {
    this.#apps.add(appId);
    this.#wake();
  }

  /** An instance has changed, or what it is judged by; its app, therefore, too. */
  instance({ taskId, appId }: Instance): void {
    this.#tasks.add(taskId);
    this.app(appId);
  }

  /** In the order of their ids. */
  takeApps(): readonly string[] {
    const apps = [...this.#apps].sort();
    this.#apps.clear();
    return apps;
  }

  takeTasks(): readonly string[] {
    const tasks = [...this.#tasks];
    this.#tasks.clear();
    return tasks;
  }

  /** They could not be dealt with: the next time, whenever that is. */
  giveBack(apps: Iterable<string>, tasks: Iterable<string>): void {
    for (const each of apps) this.#apps.add(each);
    for (const each of tasks) this.#tasks.add(each);
  }
}
