import { createHash } from 'node:crypto';

/** What stands for a right answer in a copy for students: it tells whether an answer is right, and not which one is. */
export function answerFingerprint(question: string, right: string): string {
  return `sha256:${createHash('sha256').update(`${question}\n${right.trim().toLowerCase()}`).digest('hex')}`;
}
