/** A run of a job, from when it is wanted to its end; it is one task, or will be. */
export interface Run {
  readonly taskId: string;
  readonly jobName: string;
  /** Milliseconds since 1970. */
  readonly due: number;
  /** 0: the first. */
  readonly attempt: number;
  /** What was asked for with a run by hand. */
  readonly arguments?: string;
  /** `unreported`: of an asynchronous job, whose task has ended. */
  readonly state: 'retrying' | 'queued' | 'launched' | 'running' | 'unreported';
  readonly agentId?: string;
  /** The status code that was reported of a run of an asynchronous job before its task has ended; 0: success. */
  readonly reported?: number;
}

/** Mesos has a task of it that has not ended. */
export const hasTask = ({ state }: Run): boolean => state === 'launched' || state === 'running';

/** Its job is not run again meanwhile, unless it is concurrent. */
export const isAtWork = (run: Run): boolean => hasTask(run) || run.state === 'unreported';
