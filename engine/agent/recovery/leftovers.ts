import type { Processes } from '../../../platform/processes/processes.ts';
import { endLeftovers } from './orphans.ts';
import { isTerminal } from '../tasks/task-record.ts';
import type { TaskTable } from '../tasks/task-table.ts';

const delayMs = 1000;

/** Ends processes that left the process group of their task and outlived it; one look for all tasks of a second. */
export class Leftovers {
  readonly #workDir: string;
  readonly #processes: Processes;
  readonly #table: TaskTable;
  readonly #others: () => Iterable<string>;
  #timer: NodeJS.Timeout | undefined;

  /** @param others sandboxes of containers that are no task's */
  constructor(workDir: string, processes: Processes, table: TaskTable, others: () => Iterable<string>) {
    this.#workDir = workDir;
    this.#processes = processes;
    this.#table = table;
    this.#others = others;
  }

  endSoon(): void {
    this.#timer ??= setTimeout(() => {
      void this.endNow();
    }, delayMs).unref();
  }

  /** Never rejects. */
  async endNow(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const running = () =>
      new Set([
        ...[...this.#table.active()].filter((record) => !isTerminal(record)).map(({ directory }) => directory),
        ...[...this.#table.executors()].map(({ directory }) => directory),
        ...this.#others(),
      ]);
    await endLeftovers(this.#workDir, this.#processes, running).catch(() => undefined);
  }
}
