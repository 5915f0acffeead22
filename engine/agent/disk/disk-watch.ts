import type { Sandboxes } from '../../../platform/files/sandboxes.ts';
import { byteText } from '../../../protocol/byte-text.ts';
import { timerMs } from '../../timer-limit.ts';
import type { Limitation } from '../tasks/limitation.ts';
import { isTerminal, type ExecutorRecord, type TaskRecord } from '../tasks/task-record.ts';
import type { TaskTable } from '../tasks/task-table.ts';
import { diskQuotas, type DiskQuota } from './disk-quotas.ts';
import { measuredContainers } from './measured-containers.ts';

export interface DiskWatchOptions {
  readonly workDir: string;
  readonly table: TaskTable;
  readonly sandboxes: Pick<Sandboxes, 'usedBytes'>;
  /** Pause between two looks, of which each is at one folder. */
  readonly watchMs: number;
  readonly isEnforced: boolean;
  readonly log: (line: string) => void;
  /** A container has more than it may; told once. */
  readonly onExceeded: (owner: TaskRecord | ExecutorRecord, limitation: Limitation) => void;
}

/** DiskStatistics of mesos.proto, and where they are for. */
interface DiskUse extends Pick<DiskQuota, 'volume'> {
  readonly limitBytes: number;
  /** Missing until it was looked at. */
  readonly usedBytes?: number;
}

/** What is looked at next comes first. */
interface Look {
  readonly owner: TaskRecord | ExecutorRecord;
  readonly quota: DiskQuota;
}

const keyOf = ({ owner, quota }: Look) => `${owner.containerId} ${quota.folder}`;

/**
 * The isolator `disk/du`: what containers of the Mesos containerizer have on the disk, and the end of those that have too
 * much. One folder after another is looked at, and never two at once: with many, each has its turn the more rarely
 * (DiskUsageCollectorProcess of src/slave/containerizer/mesos/isolators/posix/disk.cpp).
 */
export class DiskWatch {
  readonly #options: DiskWatchOptions;
  readonly #used = new Map<string, number>();
  /** Whose turn it is, by their keys. */
  #queue: readonly string[] = [];
  readonly #over = new AbortController();
  #timer: NodeJS.Timeout | undefined;

  constructor(options: DiskWatchOptions) {
    this.#options = options;
    this.#lookSoon();
  }

  /** Of a container, its sandbox last, as /containers has it. */
  useOf(owner: TaskRecord | ExecutorRecord): readonly DiskUse[] {
    const uses = diskQuotas(this.#options.workDir, owner).map((quota): DiskUse => {
      const usedBytes = this.#used.get(keyOf({ owner, quota }));
      return {
        ...(quota.volume === undefined ? {} : { volume: quota.volume }),
        limitBytes: quota.bytes,
        ...(usedBytes === undefined ? {} : { usedBytes }),
      };
    });
    return uses.toSorted((one, other) => Number(one.volume === undefined) - Number(other.volume === undefined));
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#over.abort();
  }

  #lookSoon(): void {
    if (this.#over.signal.aborted) return;
    this.#timer = setTimeout(() => void this.#look(), timerMs(this.#options.watchMs)).unref();
  }

  async #look(): Promise<void> {
    const { log, sandboxes, workDir, table } = this.#options;
    const looks = new Map(
      [...measuredContainers(table)].flatMap((owner) =>
        diskQuotas(workDir, owner).map((quota) => {
          const look: Look = { owner, quota };
          return [keyOf(look), look] as const;
        }),
      ),
    );
    for (const key of this.#used.keys()) if (!looks.has(key)) this.#used.delete(key);
    const waiting = this.#queue.filter((key) => looks.has(key));
    const [next, ...others] = [...waiting, ...[...looks.keys()].filter((key) => !waiting.includes(key))];
    const look = looks.get(next ?? '');
    if (next !== undefined && look !== undefined) {
      this.#queue = [...others, next];
      const { folder } = look.quota;
      try {
        const used = await sandboxes.usedBytes(folder, this.#over.signal);
        this.#used.set(next, used);
        this.#enforce(look, used);
      } catch (error) {
        if (this.#over.signal.aborted) return;
        const why = error instanceof Error ? error.message : String(error);
        log(`Checking disk usage at '${folder}' for container ${look.owner.containerId} has failed: ${why}`);
      }
    }
    this.#lookSoon();
  }

  #enforce({ owner, quota }: Look, used: number): void {
    const { isEnforced, onExceeded, log } = this.#options;
    const hasEnded = 'task' in owner && isTerminal(owner);
    if (!isEnforced || quota.isMount || used <= quota.bytes || hasEnded) return;
    const message = `Disk usage (${byteText(used)}) exceeds quota (${byteText(quota.bytes)})`;
    log(`Container ${owner.containerId} has reached its limit for resource disk and will be terminated: ${message}`);
    onExceeded(owner, { resources: quota.resources, message, reason: 'REASON_CONTAINER_LIMITATION_DISK' });
  }
}
