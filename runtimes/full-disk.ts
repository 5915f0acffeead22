import type { Problem } from '../errors/user-error.ts';

/** Less than this is as good as nothing: a log, a snapshot or a sandbox needs more. */
const fullBelowBytes = 2 ** 20;

/** @param bytes free; undefined where nobody knows */
export const isFull = (bytes: number | undefined): boolean => bytes !== undefined && bytes < fullBelowBytes;

/** What is wrong when a disk that a lab writes to is full. @param where `of /lab`, `in master1 (/var/lib/mesos)` */
export const diskFull = (where: string, fix: string): Problem => ({
  code: 'MACHINE_DISK_FULL',
  message: `the disk ${where} is full: the lab cannot write, and nothing new runs`,
  fix,
});
