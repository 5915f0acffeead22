/** How a process ended. */
export type ProcessEnd =
  | { readonly kind: 'exited'; readonly status: number }
  /** `SIGKILL`, `SIGTERM`, … */
  | { readonly kind: 'signalled'; readonly signal: string };

export interface ProcessRequest {
  /** Looked up in PATH of `environment` unless it has a slash. */
  readonly program: string;
  readonly arguments: readonly string[];
  /** What the program is told to be called, if it is not `program`. */
  readonly argv0?: string;
  /** Absolute. */
  readonly cwd: string;
  /** Whom it runs as, and whose `cwd` and output files become; default: as we do. Only root may name another. */
  readonly user?: string;
  /** The whole environment: nothing is inherited. */
  readonly environment: Readonly<Record<string, string>>;
  /** Absolute; created, or appended to. */
  readonly stdoutFile: string;
  readonly stderrFile: string;
  /** Output files are cut when they take more than this, and the last part of this length is kept as `<file>.1`. */
  readonly maxOutputBytes: number;
  /** How many milliseconds processes of its group may take to end when their leader has ended; default: none. */
  readonly timeLeft?: () => number;
}

/** A process that leads a process group (and a session) of its own. */
export interface StartedProcess {
  /** Of the process and of its group. */
  readonly id: number;
  /** Resolves when the leader has ended, and what was left of its group has been killed. Never rejects. */
  readonly ended: Promise<ProcessEnd>;
}
