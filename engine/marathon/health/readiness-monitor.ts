import type { App, ReadinessCheck, ReadinessResult } from '../../../protocol/marathon.ts';
import { definitionOf, type SharedParts } from '../leadership/shared-parts.ts';
import type { Instance } from '../scheduling/instances.ts';
import { probeTarget } from './check-loop.ts';
import type { ask as Ask } from './probe.ts';

/** The first question comes this soon, the next ones later and later, up to `intervalSeconds`: as with health checks. */
const firstDelayMs = 50;

interface AskedTask {
  isReady: boolean;
  last?: ReadinessResult;
  readonly asking: AbortController;
}

/**
 * Asks tasks whether they are ready, while a deployment waits for them (ReadinessBehavior.scala of Marathon). Who was
 * ready once is ready.
 */
export class ReadinessMonitor {
  readonly #shared: SharedParts;
  readonly #ask: typeof Ask;
  /** By app, by task. */
  readonly #asked = new Map<string, Map<string, AskedTask>>();

  constructor(shared: SharedParts, ask: typeof Ask) {
    this.#shared = shared;
    this.#ask = ask;
  }

  /** Whether the instance is ready, as far as is known; from now on it is asked, until it is. */
  isReady(instance: Instance): boolean {
    const { appId, taskId } = instance;
    const app = definitionOf(this.#shared, appId, instance.version);
    const [check] = app?.readinessChecks ?? [];
    if (app === undefined || check === undefined) return true;
    const tasks = this.#asked.get(appId) ?? new Map<string, AskedTask>();
    this.#asked.set(appId, tasks);
    const known = tasks.get(taskId);
    if (known !== undefined && (known.isReady || !known.asking.signal.aborted)) return known.isReady;
    const asked: AskedTask = { isReady: false, asking: new AbortController() };
    tasks.set(taskId, asked);
    void this.#askUntilReady(instance, app, check, asked);
    return false;
  }

  /** No deployment waits for the app any more. */
  rest(appId: string): void {
    for (const asked of this.#asked.get(appId)?.values() ?? []) {
      asked.asking.abort();
      delete asked.last;
    }
  }

  /** What the tasks of an app said last. */
  results(appId: string): readonly ReadinessResult[] {
    return [...(this.#asked.get(appId)?.values() ?? [])].flatMap(({ last }) => last ?? []);
  }

  /** Forgets those that have gone, of the instances that have changed. */
  sync(taskIds: Iterable<string>): void {
    if (this.#asked.size === 0) return;
    for (const taskId of taskIds) {
      const instance = this.#shared.instances.get(taskId);
      if (instance?.goal === 'Running' && instance.condition === 'Running') continue;
      for (const [appId, tasks] of this.#asked) {
        tasks.get(taskId)?.asking.abort();
        tasks.delete(taskId);
        if (tasks.size === 0) this.#asked.delete(appId);
      }
    }
  }

  stop(): void {
    for (const appId of this.#asked.keys()) this.rest(appId);
    this.#asked.clear();
  }

  async #askUntilReady(instance: Instance, app: App, check: ReadinessCheck, asked: AskedTask): Promise<void> {
    const ports = app.container?.portMappings ?? app.portDefinitions ?? [];
    const portIndex = ports.findIndex(({ name }) => name === check.portName);
    const target = probeTarget(instance, app, { ...check, portIndex }, true);
    const { signal } = asked.asking;
    const isOver = () => signal.aborted;
    let delayMs = firstDelayMs;
    while (target !== undefined && !isOver()) {
      const response = await this.#ask(target, signal);
      if (isOver()) return;
      const ready = check.httpStatusCodesForReady.includes(response.status);
      asked.last = {
        ...{ name: check.name, taskId: instance.taskId, ready },
        ...(check.preserveLastResponse ? { lastResponse: response } : {}),
      };
      if (ready) {
        asked.isReady = true;
        this.#shared.touched.app(instance.appId);
        return;
      }
      await pause(delayMs, signal);
      delayMs = Math.min(delayMs * 2, Math.max(check.intervalSeconds * 1000, firstDelayMs));
    }
  }
}

/** Ends early with the signal. */
function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, milliseconds).unref();
    signal.addEventListener('abort', end);
  });
}
