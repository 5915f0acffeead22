import { createHash } from 'node:crypto';

/** z-base-32, in which no two signs look alike. */
const alphabet = 'ybndrfg8ejkmcpqxot1uwisza345h769';

/** Five signs that tell tasks of the same name apart: of the SHA-1 of the task's id. */
export function taskHash(taskId: string): string {
  const bits = createHash('sha1').update(taskId).digest().readUInt32BE(0);
  return Array.from({ length: 5 }, (_, index) => alphabet[(bits >>> (27 - 5 * index)) & 31] ?? '').join('');
}
