import type { Sandboxes } from '../../../platform/files/sandboxes.ts';
import { isTerminal, type ExecutorRecord } from '../tasks/task-record.ts';
import type { VolumeHolder } from './show-volumes.ts';
import { volumesOf, type TaskVolume } from './volume-folders.ts';

interface ProgramVolumesOptions {
  readonly record: ExecutorRecord;
  readonly workDir: string;
  readonly show: (holder: VolumeHolder) => Promise<void>;
  readonly sandboxes: Pick<Sandboxes, 'makeFolder' | 'remove'>;
}

const isSame = (one: TaskVolume, other: TaskVolume) =>
  one.containerPath === other.containerPath && one.folder === other.folder;

/**
 * What a program of a framework sees of volumes in its sandbox: its own, and those of its tasks until they end
 * (PosixFilesystemIsolatorProcess::update of Mesos).
 */
export class ProgramVolumes {
  readonly #options: ProgramVolumesOptions;
  #shown: readonly TaskVolume[] = [];
  #isUsed = false;
  #work = Promise.resolve();

  constructor(options: ProgramVolumesOptions) {
    this.#options = options;
  }

  /** Shows what its tasks need now, and nothing else; undefined where there was never anything to show. */
  update(): Promise<void> | undefined {
    this.#isUsed ||= this.#wanted().length > 0;
    if (!this.#isUsed) return undefined;
    const done = this.#work.then(() => this.#apply());
    this.#work = done.catch(() => undefined);
    return done;
  }

  #wanted(): readonly TaskVolume[] {
    const { record, workDir } = this.#options;
    const running = [...record.tasks].filter((task) => !isTerminal(task));
    return volumesOf(workDir, [...(record.info.resources ?? []), ...running.flatMap(({ task }) => task.resources)]);
  }

  /** @throws Error for what cannot be shown */
  async #apply(): Promise<void> {
    const { record, show, sandboxes } = this.#options;
    const wanted = this.#wanted();
    const shown = this.#shown;
    const links = new Map<string, string>();
    for (const { containerPath, folder } of wanted) {
      const other = links.get(containerPath) ?? folder;
      if (other !== folder) {
        const link = `${record.directory}/${containerPath}`;
        throw new Error(`The existing symlink '${link}' points to '${other}' and the new target is '${folder}'`);
      }
      links.set(containerPath, folder);
    }
    for (const { containerPath } of shown) {
      if (!links.has(containerPath)) await sandboxes.remove(`${record.directory}/${containerPath}`);
    }
    await sandboxes.makeFolder(record.directory);
    const volumes = wanted.filter((each) => !shown.some((known) => isSame(each, known)));
    await show({ directory: record.directory, volumes });
    this.#shown = wanted;
  }
}
