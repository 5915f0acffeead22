import type { FileSystem } from './files/file-system.ts';
import type { RunCommand } from './processes/run-command.ts';
import type { TryPort } from './network/try-port.ts';
import type { Input, Output, PromptStreams } from './terminal.ts';

/** The slice of the world that the command line uses; bin/ builds the real one, tests one with fake streams. */
export interface Context {
  /** What the user typed, without Node and the script. */
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Absolute: the script, or the link to it that is on the user's PATH. */
  readonly script: string;
  /** Absolute. */
  readonly cwd: string;
  readonly stdin: Input;
  readonly stdout: Output;
  readonly stderr: Output;
  /** The streams of the terminal that questions are asked on; opened only when one is. */
  readonly openPrompts: () => PromptStreams;
  readonly files: FileSystem;
  readonly runCommand: RunCommand;
  /** Whether a port of this machine is free. */
  readonly tryPort: TryPort;
  /** Aborts at Ctrl-C and at SIGTERM. Made when it is first looked at, which costs a millisecond. */
  readonly signal: AbortSignal;
  /** Absolute: where the bundle's files are, for the copy that a lab keeps. */
  readonly toolFolder: string;
  /** Version of this package. */
  readonly version: string;
  /** Version of Node.js, without a `v`. */
  readonly nodeVersion: string;
}
