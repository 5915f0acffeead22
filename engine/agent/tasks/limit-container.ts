import type { CustomExecutors } from '../executors/custom/custom-executors.ts';
import type { Limitation } from './limitation.ts';
import type { TaskLife } from './task-life.ts';
import { isTerminal, type ExecutorRecord, type TaskRecord } from './task-record.ts';

/**
 * Ends a container at once that has used something up: what ran in it has failed for that
 * (MesosContainerizerProcess::limited of src/slave/containerizer/mesos/containerizer.cpp).
 */
export function limitContainer(
  owner: TaskRecord | ExecutorRecord,
  limitation: Limitation,
  { programs, life }: { readonly programs: CustomExecutors; readonly life: TaskLife },
): void {
  owner.limitation = limitation;
  const program = 'tasks' in owner ? programs.find(owner) : undefined;
  if (program !== undefined) {
    program.limit(limitation);
    return;
  }
  const live = ('tasks' in owner ? [...owner.tasks] : [owner]).filter((record) => !isTerminal(record));
  // Before the first of them is killed, whose group would have the others killed for that.
  for (const record of live) record.limitation = limitation;
  for (const record of live) life.kill(record, 0);
}
