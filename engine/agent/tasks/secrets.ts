import { Readable } from 'node:stream';
import type { Sandboxes } from '../../../platform/files/sandboxes.ts';
import { textAt, valueAt } from '../../../protocol/json.ts';
import type { CommandInfo, Json, TaskInfo } from '../../../protocol/mesos.ts';

/*
 * Secrets as the default resolver of Mesos's agent gives them (src/secret/resolver.cpp): those whose value is in the
 * task. A reference is for a resolver that knows a store; there is none here, and the task fails, with Mesos's words.
 */

function resolveSecret(secret: Json | undefined): Buffer {
  const isReference = valueAt(secret, 'reference') !== undefined;
  const data = textAt(secret, 'value', 'data');
  if (!isReference && data !== undefined) return Buffer.from(data, 'base64');
  const reason = isReference ? 'Default secret resolver cannot resolve references' : 'Secret has no value';
  throw new Error(`Failed to launch container: Collect failed: ${reason}`);
}

/**
 * A command with its secrets as plain variables: only for what starts it, not for what is kept or shown of it.
 * @throws Error for the framework
 */
export function withSecrets(command: CommandInfo): CommandInfo {
  const variables = command.environment?.variables ?? [];
  if (!variables.some(({ type }) => type === 'SECRET')) return command;
  const plain = variables.map(({ name, type, value = '', secret }) => ({
    name,
    value: type === 'SECRET' ? resolveSecret(secret).toString('utf8') : value,
  }));
  return { ...command, environment: { variables: plain } };
}

/** A task whose command is so. @throws Error for the framework */
export const taskWithSecrets = (task: TaskInfo): TaskInfo =>
  task.command === undefined ? task : { ...task, command: withSecrets(task.command) };

/** Writes the secrets of a task that are files of its sandbox (isolators/volume/secret.cpp). @throws Error */
export async function writeSecrets({ container }: TaskInfo, directory: string, sandboxes: Sandboxes): Promise<void> {
  for (const volume of container?.volumes ?? []) {
    if (textAt(volume, 'source', 'type') !== 'SECRET') continue;
    const secret = resolveSecret(valueAt(volume, 'source', 'secret') as Json | undefined);
    const path = textAt(volume, 'container_path') ?? '';
    await sandboxes.confined(directory).writeFile(path, 0o600, Readable.from([secret]));
  }
}
