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
  readonly state: 'retrying' | 'queued' | 'launched' | 'running';
  readonly agentId?: string;
}

export const isAtWork = ({ state }: Run): boolean => state === 'launched' || state === 'running';
