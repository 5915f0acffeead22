import type { Sandboxes } from '../../../platform/files/sandboxes.ts';
import { textAt } from '../../../protocol/json.ts';
import type { TaskRecord, ExecutorRecord } from './task-record.ts';

/** Makes the folder of an executor or of a task by itself, and the link to the latest one (src/slave/paths.cpp). */
export async function makeRunFolder(directory: string, sandboxes: Sandboxes): Promise<void> {
  await sandboxes.makeFolder(directory);
  await sandboxes.link(directory, `${directory.slice(0, directory.lastIndexOf('/'))}/latest`);
}

export async function makeExecutorSandbox({ directory }: ExecutorRecord, sandboxes: Sandboxes): Promise<void> {
  await makeRunFolder(directory, sandboxes);
  await sandboxes.makeFolder(`${directory}/tasks`);
  for (const name of ['stdout', 'stderr']) await sandboxes.append(`${directory}/${name}`, '');
}

/** Makes the sandbox of a task; that of one in a group is found below that of its executor by the task's id, too. */
export async function makeTaskSandbox(record: TaskRecord, sandboxes: Sandboxes): Promise<void> {
  const { directory, executor, task } = record;
  if (executor === undefined) {
    await makeRunFolder(directory, sandboxes);
    return;
  }
  await sandboxes.makeFolder(directory);
  await sandboxes.link(directory, `${executor.directory}/tasks/${task.task_id.value}`);
  for (const volume of task.container?.volumes ?? []) {
    const path = textAt(volume, 'source', 'sandbox_path', 'path');
    if (path !== undefined) {
      await share(`${executor.directory}/${path}`, directory, textAt(volume, 'container_path') ?? '', sandboxes);
    }
  }
}

/** A folder of the executor's sandbox in that of a task: a link, as volume/sandbox_path makes without an image. */
export async function share(folder: string, directory: string, inside: string, sandboxes: Sandboxes): Promise<void> {
  await sandboxes.makeFolder(folder);
  // In an image, it is none of the agent's files.
  if (inside.startsWith('/')) return;
  const link = `${directory}/${inside.replace(/\/+$/, '')}`;
  await sandboxes.makeFolder(link.slice(0, link.lastIndexOf('/')));
  await sandboxes.link(folder, link);
}
