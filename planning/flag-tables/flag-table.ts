/**
 * What a value must look like. Mesos (stout/flags/parse.hpp): durations carry a unit (`15secs`), bytes too (`2GB`),
 * json is text or the path of a file. Marathon (Scallop): times are whole numbers, `unit` says of what.
 */
export type FlagType = 'boolean' | 'integer' | 'number' | 'duration' | 'bytes' | 'string' | 'json' | 'path';

/** A release of Mesos or Marathon (`1.8`), or of the fork clusterd alone (`clusterd 0.8`). */
export type Release = `${number}.${number}` | `clusterd ${number}.${number}`;

/** One flag of one program, as its source adds it. */
export interface FlagDefinition {
  /** Canonical name, without dashes in front. */
  readonly name: string;
  readonly type: FlagType;
  /** Older names that still work; Mesos refuses two names of one flag together. */
  readonly aliases?: readonly string[];
  /** The program's own default, as text; absent when it has none or depends on the machine. */
  readonly default?: string;
  /** The only values that the program takes. */
  readonly values?: readonly string[];
  /** What a whole number counts (Marathon). */
  readonly unit?: 'ms' | 's' | 'bytes';
  /** Its value is a secret; of a path, what is in that file. */
  readonly secret?: true;
  /** First release that has it; absent: older than every version of an image set. */
  readonly since?: Release;
  /** Last release that has it; absent: still there. */
  readonly until?: Release;
  /** Only there when Mesos was built with this part; which parts an image has was not checked. */
  readonly build?: 'port-mapping' | 'network-ports' | 'seccomp' | 'ssl' | 'xfs';
  /** A Marathon switch without a `disable_` form: left out for false. */
  readonly presenceOnly?: true;
}

/** Sorted by name, without duplicates. */
export type FlagTable = readonly FlagDefinition[];
