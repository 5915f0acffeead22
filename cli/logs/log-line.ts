/** Who says something. */
export interface LogSource {
  /** Of the component, or of the task. */
  readonly id: string;
  /** What it is called before its lines. */
  readonly name: string;
  /** Sources that share it share a colour: all tasks of an app. */
  readonly family: string;
  readonly kind: 'component' | 'task';
  /** Of a task: the file, and where it runs. */
  readonly stream?: 'stdout' | 'stderr';
  readonly agent?: string;
}

/**
 * What the time of a line is: `line`, its own, or that of the one before it where it has none; `file`, when its file was
 * last written, which it is not younger than; `read`, when it was read.
 */
export type TimeOf = 'line' | 'file' | 'read';

/** A line of a log, with its place among all others. */
export interface LogLine {
  readonly source: LogSource;
  readonly text: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly timeOf: TimeOf;
}
