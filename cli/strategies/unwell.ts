import { failedTaskOf } from '../../checks/failed-tasks.ts';
import { excerpt } from '../../checks/excerpt.ts';
import { listAt, numberAt, textAt, valueAt } from '../../protocol/json.ts';

/** Where Marathon kills none (`maxConsecutiveFailures` 0), its default. */
const defaultFailures = 3;
/** Of an instance that was well: one answer may be lost, and the load balancer leaves it out meanwhile. */
const failuresOnceWell = 2;

/**
 * Judges the instances of a new version, look after look. One may fail its checks while it starts, as often as Marathon
 * allows; one that was well may not.
 */
export class Unwell {
  readonly #failing = new Set<string>();
  readonly #since: number;
  readonly #mayFail: boolean;

  /**
   * @param since version of the definition: tasks of older ones are not looked at; missing: all are new
   * @param mayFail whether tasks may fail and be tried again, as Marathon does
   */
  constructor({ since, mayFail }: { readonly since?: string; readonly mayFail: boolean }) {
    this.#since = Date.parse(since ?? '') || 0;
    this.#mayFail = mayFail;
  }

  /** @param app of `GET /v2/apps/ID`. @returns why it is not well; undefined: nothing speaks against it */
  look(app: unknown): string | undefined {
    const id = textAt(app, 'id') ?? '';
    const failed = failedTaskOf(app);
    if (!this.#mayFail && failed?.isAppsFault === true)
      return `a task of ${id} ended: ${failed.state} ${excerpt(failed.message, 200)}`;
    const tasks = listAt(app, 'tasks').filter((task) => !(Date.parse(textAt(task, 'version') ?? '') < this.#since));
    const gone = [...this.#failing].filter((name) => !tasks.some((task) => textAt(task, 'id') === name));
    if (gone.length > 0) return `an instance of ${id} was ended after its health checks had failed`;
    const most = mostFailures(app);
    for (const task of tasks) {
      const bad = listAt(task, 'healthCheckResults').filter((result) => valueAt(result, 'alive') === false);
      const name = textAt(task, 'id') ?? '';
      const failures = bad.map((result) => numberAt(result, 'consecutiveFailures') ?? 0);
      if (failures.some((count) => count > 0)) this.#failing.add(name);
      else this.#failing.delete(name);
      const wasWell = bad.some((result) => textAt(result, 'lastSuccess') !== undefined);
      const count = Math.max(0, ...failures);
      if (count >= (wasWell ? Math.min(most, failuresOnceWell) : most))
        return `an instance of ${id} ${wasWell ? 'is no longer well' : 'does not become well'}: ${count} health checks in a row failed${causeOf(bad)}`;
    }
    return undefined;
  }
}

function mostFailures(app: unknown): number {
  const counts = listAt(app, 'healthChecks')
    .map((check) => numberAt(check, 'maxConsecutiveFailures') ?? defaultFailures)
    .filter((count) => count > 0);
  return counts.length === 0 ? defaultFailures : Math.min(...counts);
}

function causeOf(results: readonly unknown[]): string {
  const [cause] = results.flatMap((result) => textAt(result, 'lastFailureCause') ?? []);
  return cause === undefined ? '' : ` (${excerpt(cause, 200)})`;
}
