import type { Component } from '../../engine/component.ts';
import type { OwnAddress } from '../../platform/network/own-address.ts';
import type { Processes } from '../../platform/processes/processes.ts';
import type { RunAfterwards } from '../../platform/processes/surviving/afterwards.ts';
import type { SurvivingProcesses } from '../../platform/processes/surviving/surviving-process.ts';
import type { Sandboxes } from '../../platform/files/sandboxes.ts';
import type { LogStyle } from './program-log.ts';

/** What a program is given of the world. */
export interface ProgramWorld {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Content of a file; undefined when it cannot be read. */
  readonly readFile: (path: string) => string | undefined;
  readonly own: OwnAddress;
  readonly processes: Processes;
  /** Of tasks that outlive their agent. */
  readonly survivors: SurvivingProcesses;
  readonly afterwards: RunAfterwards;
  readonly sandboxes: Sandboxes;
  readonly log: (line: string) => void;
  /** Aborts when the program shall end. */
  readonly signal: AbortSignal;
}

/** What was asked of a program, before any of it has been done. */
export interface PreparedProgram {
  /** Folder for a log file beside standard error. */
  readonly logDirectory?: string;
  /** What standard error is told: all, or (`--quiet`, `--logging_level`) only why the program ended. */
  readonly isQuiet?: boolean;
  /** Flags that were given, are known to the real program, and mean nothing here. */
  readonly withoutEffect: readonly string[];
  /**
   * Starts the component.
   * @throws ProgramError, and the system's errors of listening
   */
  readonly start: (world: ProgramWorld) => Promise<Component>;
}

/** One of the programs that the lite image has. */
export interface Program {
  readonly logStyle: LogStyle;
  /** Its flags have one hyphen or two, as those of any program in Go; else two. */
  readonly hasGoFlags?: boolean;
  /** What `--version` prints. */
  readonly version: string;
  /** What `--help` prints. */
  readonly help: () => string;
  /** @throws ProgramError in the words of the real program */
  readonly prepare: (
    words: readonly string[],
    world: Pick<ProgramWorld, 'environment' | 'readFile'>,
  ) => PreparedProgram;
}

/** Why a program of the lite set ends, in the words of the real one. */
export class ProgramError extends Error {
  override readonly name = 'ProgramError';
  readonly exitCode: number;

  constructor(message: string, exitCode = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}
