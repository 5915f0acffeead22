/** `ct:DUE:ATTEMPT:JOB:ARGUMENTS` (TaskUtils.scala of Chronos). */
export interface TaskIdParts {
  readonly due: number;
  readonly attempt: number;
  readonly jobName: string;
}

/** Mesos takes no longer ones, and no slashes nor control characters in them. */
const longest = 255;

export const taskIdOf = ({ due, attempt, jobName }: TaskIdParts, words: string): string =>
  `ct:${due}:${attempt}:${jobName}:${words.replaceAll(/[\p{Cc}/\\]/gu, '_')}`.slice(0, longest);

/** Undefined when it is none of Chronos's. */
export function parseTaskId(taskId: string): TaskIdParts | undefined {
  const [, due, attempt, jobName] = /^ct:(\d+):(\d+):([\w.-]+):?/.exec(taskId) ?? [];
  if (jobName === undefined) return undefined;
  return { due: Number(due), attempt: Number(attempt), jobName };
}
